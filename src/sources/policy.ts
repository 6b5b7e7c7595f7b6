import { type IpRange, isWithin, parseIp } from '../network/ip.ts'
import { ipKind, withoutCarrier } from '../network/ip-kind.ts'

/** What a project says of the sources that its streams may have; what is absent is as the server has it. */
export interface SourcePolicy {
  /** Of URLs, such as `rtsp`, in lower case. */
  schemes?: string[]
  /** Only these ranges, in CIDR notation. They narrow: what the server refuses stays refused. */
  allowCidrs?: string[]
  /** Never these. */
  denyCidrs?: string[]
}

/** The rules for one source, the server's and its project's together. */
export interface SourceRules {
  /** SOURCE_ALLOW_CIDRS: good whatever they are, loopback too. */
  always: readonly IpRange[]
  allowPrivate: boolean
  schemes: readonly string[] | null
  only: readonly IpRange[] | null
  never: readonly IpRange[]
}

/** Why an address is refused, as a sentence for its owner; null where it may be connected to. Takes an IP address as text. */
export function refusalOf(address: string, rules: SourceRules): string | null {
  const given = parseIp(address)
  if (!given) return 'It is no IP address.'
  const ip = withoutCarrier(given)
  const isIn = (ranges: readonly IpRange[]) => ranges.some((range) => isWithin(ip, range) || isWithin(given, range))
  if (isIn(rules.never)) return 'The project refuses this range of addresses.'
  if (rules.only && !isIn(rules.only)) return 'The project allows other ranges of addresses only.'
  if (isIn(rules.always)) return null
  const kind = ipKind(given)
  if (kind === 'PUBLIC') return null
  if (kind === 'PRIVATE')
    return rules.allowPrivate ? null : 'Private addresses are refused; SOURCE_ALLOW_PRIVATE allows them.'
  return 'This machine itself, link-local, metadata and special addresses are refused; SOURCE_ALLOW_CIDRS allows what it names.'
}
