import { parseIpRange } from '../../src/network/ip.ts'
import type { GateFailure } from '../../src/sources/gate/messages.ts'
import { plainText } from '../../src/sources/gate/plain-text.ts'
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
  let failure: GateFailure | null = null
  const told = (next: GateFailure | null) => {
    failure = next
  }
  const opened = await openSource(source, rules, told, { lookup, now: Date.now })
  return {
    source: { ...source, url: opened.url },
    failure: () => failure,
    plain: plainText(opened.url, source.url),
    close: () => opened.close(),
    [Symbol.dispose]: () => opened.close(),
  }
}
