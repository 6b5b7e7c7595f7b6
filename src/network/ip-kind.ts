import { type Ip, type IpRange, isWithin, parseIpRange } from './ip.ts'

/**
 * What an address is good for. LOOPBACK is this machine; LINK_LOCAL the cable, where clouds keep their metadata; METADATA such services elsewhere;
 * PRIVATE an inner network; SPECIAL what no host has or what is not to be connected to (unspecified, multicast, broadcast, reserved, documentation).
 */
export type IpKind = 'LOOPBACK' | 'LINK_LOCAL' | 'METADATA' | 'PRIVATE' | 'SPECIAL' | 'PUBLIC'

const ranges = (...texts: string[]) => texts.map((text) => parseIpRange(text)!)

/** By the special-purpose registries of the IANA. The first that fits counts. */
const kinds: [IpKind, IpRange[]][] = [
  ['LOOPBACK', ranges('127.0.0.0/8', '::1/128')],
  // Of Alibaba, Oracle and AWS (IPv6); the usual one, 169.254.169.254, is link-local.
  ['METADATA', ranges('100.100.100.200/32', '192.0.0.192/32', 'fd00:ec2::254/128')],
  ['LINK_LOCAL', ranges('169.254.0.0/16', 'fe80::/10')],
  ['PRIVATE', ranges('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7', 'fec0::/10')],
  [
    'SPECIAL',
    ranges(
      ...['0.0.0.0/8', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24'],
      ...['203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
      ...['::/128', '100::/64', '2001::/23', '2001:db8::/32', '3fff::/20', '5f00::/16', 'ff00::/8'],
    ),
  ],
]

/** IPv6 addresses that stand for an IPv4 one: how many bits come after it. Mapped, compatible, NAT64 (both), 6to4. */
const carriers: [IpRange, bigint][] = [
  [parseIpRange('::ffff:0:0/96')!, 0n],
  [parseIpRange('64:ff9b::/96')!, 0n],
  [parseIpRange('64:ff9b:1::/48')!, 0n],
  [parseIpRange('2002::/16')!, 80n],
  [parseIpRange('::/96')!, 0n],
]

/** The IPv4 address that it stands for, where it does; else itself. */
export function withoutCarrier(ip: Ip): Ip {
  if (ip.family === 4 || ip.bits <= 1n) return ip
  const carrier = carriers.find(([range]) => isWithin(ip, range))
  return carrier ? { family: 4, bits: (ip.bits >> carrier[1]) & 0xffff_ffffn } : ip
}

export function ipKind(ip: Ip): IpKind {
  const real = withoutCarrier(ip)
  return kinds.find(([, list]) => list.some((range) => isWithin(real, range)))?.[0] ?? 'PUBLIC'
}
