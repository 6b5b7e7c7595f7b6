import { badInput } from '../errors.ts'
import { parseIpRange } from '../network/ip.ts'
import type { SourcePolicy } from '../sources/policy.ts'
import { urlSchemes } from '../streams/source.ts'
import type { SourcePolicyInput } from './types.ts'

const maxRanges = 100

/** The rules after a change: absent keeps, null is as the server has it, and null in place of the input all of them. Throws BAD_USER_INPUT. */
export function changeSourcePolicy(
  before: SourcePolicy,
  input: SourcePolicyInput | null | undefined,
  path: string,
): SourcePolicy {
  if (input === undefined) return before
  if (input === null) return {}
  const after: SourcePolicy = { ...before }
  const set = (name: keyof SourcePolicy, parse: (text: string, path: string) => string) => {
    const list = input[name]
    if (list === undefined) return
    if (list === null) delete after[name]
    else after[name] = parseList(list, `${path}.${name}`, parse)
  }
  set('schemes', parseScheme)
  set('allowCidrs', parseRange)
  set('denyCidrs', parseRange)
  return after
}

function parseList(list: readonly string[], path: string, parse: (text: string, path: string) => string): string[] {
  if (list.length > maxRanges) throw badInput(path, `more than ${maxRanges}`)
  return [...new Set(list.map((text, index) => parse(text, `${path}.${index}`)))]
}

function parseScheme(text: string, path: string): string {
  const scheme = text.trim().toLowerCase()
  if (!urlSchemes.includes(scheme)) throw badInput(path, `not one of ${urlSchemes.join(', ')}`)
  return scheme
}

function parseRange(text: string, path: string): string {
  const range = text.trim()
  if (range.length > 100 || !parseIpRange(range)) throw badInput(path, 'not a range of addresses like 10.0.0.0/8')
  return range
}
