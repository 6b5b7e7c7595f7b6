import { parseIpRange } from '../../src/network/ip.ts'
import type { GateFailure } from '../../src/sources/gate/messages.ts'
import { type Lookup, systemLookup } from '../../src/sources/gate/resolve.ts'
import { type OpenedSource, openSource } from '../../src/sources/gate/sources.ts'
import type { SourceRules } from '../../src/sources/policy.ts'
import type { UrlSource } from '../../src/streams/model.ts'

/** Rules of a server whose sources may be on these addresses of loopback, and on no other. */
export function rulesFor(...always: string[]): SourceRules {
  const ranges = always.map((text) => parseIpRange(text)!)
  return { always: ranges, allowPrivate: false, schemes: null, only: null, never: [] }
}

/** A source that is opened by the gate, in this thread. */
export interface Gated extends Disposable {
  source: UrlSource
  /** What the gate has seen, the last one last; null where media flowed again. */
  told: (GateFailure | null)[]
}

export async function gated(
  source: UrlSource,
  { rules = rulesFor('127.0.0.0/8', '::1'), lookup = systemLookup }: { rules?: SourceRules; lookup?: Lookup } = {},
): Promise<Gated> {
  const told: (GateFailure | null)[] = []
  const opened: OpenedSource = await openSource(source, rules, (failure) => told.push(failure), {
    lookup,
    now: Date.now,
  })
  return { source: { ...source, url: opened.url }, told, [Symbol.dispose]: () => opened.close() }
}
