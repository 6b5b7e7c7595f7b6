/** An IP address as a number with its family; IPv4 has 32 bits, IPv6 128. */
export interface Ip {
  family: 4 | 6
  bits: bigint
}

/** Addresses that share their first `prefixLength` bits. */
export interface IpRange {
  family: 4 | 6
  /** Its first address. */
  bits: bigint
  prefixLength: number
}

/** Reads an address in its usual forms, IPv6 with or without brackets and zone. Null for anything else, also for 127.1 or 0x7f000001. */
export function parseIp(text: string): Ip | null {
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text
  const v4 = parseIpv4(bare)
  if (v4 !== null) return { family: 4, bits: v4 }
  const v6 = parseIpv6(bare.split('%')[0]!)
  return v6 === null ? null : { family: 6, bits: v6 }
}

function parseIpv4(text: string): bigint | null {
  const parts = text.split('.')
  if (parts.length !== 4) return null
  let bits = 0n
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null
    bits = (bits << 8n) | BigInt(part)
  }
  return bits
}

function parseIpv6(text: string): bigint | null {
  if (text.length > 45 || !text.includes(':')) return null
  const halves = text.split('::')
  if (halves.length > 2) return null
  const groups = (half: string): string[] | null => {
    if (half === '') return []
    const parts = half.split(':')
    const last = parts.at(-1)!
    if (!last.includes('.')) return parts
    const v4 = parseIpv4(last)
    if (v4 === null) return null
    return [...parts.slice(0, -1), (v4 >> 16n).toString(16), (v4 & 0xffffn).toString(16)]
  }
  const head = groups(halves[0]!)
  const tail = halves.length === 2 ? groups(halves[1]!) : []
  if (!head || !tail) return null
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null
  let bits = 0n
  for (const group of [...head, ...Array(missing).fill('0'), ...tail]) {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) return null
    bits = (bits << 16n) | BigInt(`0x${group}`)
  }
  return bits
}

/** Reads `10.0.0.0/8`, `fd00::/8` or one address. Null where it is none, or has bits set behind its prefix. */
export function parseIpRange(text: string): IpRange | null {
  const [address = '', length, ...rest] = text.trim().split('/')
  const ip = parseIp(address)
  if (!ip || rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return null
  const width = widthOf(ip.family)
  const prefixLength = length === undefined ? width : Number(length)
  if (prefixLength > width) return null
  const range = { family: ip.family, bits: ip.bits, prefixLength }
  return first(range) === ip.bits ? range : null
}

export function isWithin({ family, bits }: Ip, range: IpRange): boolean {
  return family === range.family && first({ family, bits, prefixLength: range.prefixLength }) === range.bits
}

function widthOf(family: 4 | 6): number {
  return family === 4 ? 32 : 128
}

function first({ family, bits, prefixLength }: IpRange): bigint {
  const rest = BigInt(widthOf(family) - prefixLength)
  return (bits >> rest) << rest
}
