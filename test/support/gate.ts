import { parseIpRange } from '../../src/network/ip.ts'
import { createGatedSource } from '../../src/sources/gate/gated-source.ts'
import type { GateFailure } from '../../src/sources/gate/messages.ts'
import { type Lookup, systemLookup } from '../../src/sources/gate/resolve.ts'
import { openSource } from '../../src/sources/gate/sources.ts'
import type { GatedSource } from '../../src/sources/gate.ts'
import type { SourceRules } from '../../src/sources/policy.ts'
import type { UrlSource } from '../../src/streams/model.ts'

/** Rules that allow these ranges and public addresses. */
export function rulesAllowing(...ranges: string[]): SourceRules {
  return {
    always: ranges.map((range) => parseIpRange(range)!),
    allowPrivate: false,
    schemes: null,
    only: null,
    never: [],
  }
}

/** Opens a source at a gate in the test's own thread. */
export async function gate(
  source: UrlSource,
  rules: SourceRules = rulesAllowing('127.0.0.0/8', '::1/128'),
  lookup: Lookup = systemLookup,
): Promise<GatedSource & Disposable> {
  let told: (failure: GateFailure | null) => void = () => {}
  const opened = await openSource(source, rules, (failure) => told(failure), { lookup, now: Date.now })
  const made = createGatedSource(source, opened.url, () => opened.close())
  told = made.told
  return { ...made.gated, [Symbol.dispose]: () => opened.close() }
}
