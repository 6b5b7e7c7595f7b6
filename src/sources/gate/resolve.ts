import { lookup as dnsLookup } from 'node:dns/promises'
import { parseIp } from '../../network/ip.ts'
import { SourceFailure } from '../../streams/causes.ts'
import { refusalOf, type SourceRules } from '../policy.ts'

/** An IP address as it is connected to: no brackets. */
export interface Address {
  address: string
  family: 4 | 6
}

/** All addresses of a name, as the machine's own resolver tells them. */
export type Lookup = (name: string) => Promise<Address[]>

export const systemLookup: Lookup = async (name) =>
  (await dnsLookup(name, { all: true, verbatim: true })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }))

const lookupDeadlineMs = 4_000
/** For so long an answer is used again; after it the name may have moved, and is looked at anew. */
const keptMs = 30_000
const hostsKept = 64
const addressesUsed = 8

/** A resolver for one source. Answers with what `rules` allow, and rejects with SourceFailure where that is nothing. */
export function createResolve(rules: SourceRules, lookup: Lookup, now: () => number) {
  const known = new Map<string, { at: number; addresses: Address[] }>()

  return async function resolve(host: string): Promise<readonly Address[]> {
    const name = host.replace(/^\[|\]$/g, '').toLowerCase()
    const kept = known.get(name)
    if (kept && now() - kept.at < keptMs) return kept.addresses
    const ip = parseIp(name)
    const found: Address[] = ip ? [{ address: name, family: ip.family }] : await answer(name, lookup)
    const good = found.filter(({ address }) => refusalOf(address, rules) === null).slice(0, addressesUsed)
    if (good.length === 0) throw new SourceFailure('BLOCKED', undefined, [refusalOf(found[0]!.address, rules)!])
    known.delete(name)
    known.set(name, { at: now(), addresses: good })
    if (known.size > hostsKept) known.delete(known.keys().next().value!)
    return good
  }
}

async function answer(name: string, lookup: Lookup): Promise<Address[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new SourceFailure('TIMEOUT', undefined, ['The name server does not answer.'])),
      lookupDeadlineMs,
    )
  })
  try {
    const found = await Promise.race([lookup(name), late])
    if (found.length > 0) return found
  } catch (error) {
    if (error instanceof SourceFailure) throw error
  } finally {
    clearTimeout(timer)
  }
  throw new SourceFailure('DNS')
}
