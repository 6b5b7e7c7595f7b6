import type { IpRange } from '../network/ip.ts'
import { parseIp, parseIpRange } from '../network/ip.ts'
import type { UrlSource } from '../streams/model.ts'
import { refusalOf, type SourcePolicy, type SourceRules } from './policy.ts'

/** The server's settings and a project's policy as the rules for one source. A range that can't be read allows nothing. */
export function sourceRules(
  server: { always: readonly IpRange[]; allowPrivate: boolean },
  policy: SourcePolicy,
): SourceRules {
  const ranges = (texts: string[]) => texts.flatMap((text) => parseIpRange(text) ?? [])
  return {
    ...server,
    schemes: policy.schemes ?? null,
    only: policy.allowCidrs ? ranges(policy.allowCidrs) : null,
    never: ranges(policy.denyCidrs ?? []),
  }
}

/**
 * Why a source can be refused as it is written, as a sentence; null where it can not. Names are looked up when it is connected to, and not
 * here: what they answer may change.
 */
export function refusalAsWritten({ url }: Pick<UrlSource, 'url'>, rules: SourceRules): string | null {
  const { protocol, hostname } = new URL(url)
  const scheme = protocol.slice(0, -1)
  if (rules.schemes && !rules.schemes.includes(scheme)) return `The project does not allow the scheme ${scheme}.`
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (parseIp(host)) return refusalOf(host, rules)
  if (/(^|\.)localhost$/i.test(host)) return refusalOf('127.0.0.1', rules) && refusalOf('::1', rules)
  return null
}
