import { BlockList, isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWithin, parseIp, parseIpRange } from '../../src/network/ip.ts'
import { ipKind } from '../../src/network/ip-kind.ts'

const address = fc.oneof(fc.ipV4(), fc.ipV6())

describe('addresses', () => {
  test('what Node.js takes for an address is one, and nothing else', () => {
    const text = fc.oneof(address, fc.string(), fc.stringMatching(/^[0-9a-f:.]{0,24}$/))
    fc.assert(
      fc.property(text, (given) => {
        expect(parseIp(given)?.family ?? 0).toBe(isIP(given))
      }),
      { numRuns: 5000 },
    )
  })

  test('ranges hold what the BlockList of Node.js says that they hold', () => {
    fc.assert(
      fc.property(address, address, fc.nat(128), (base, other, length) => {
        const family = isIP(base) === 4 ? 'ipv4' : 'ipv6'
        const ip = parseIp(base)!
        const prefixLength = Math.min(length, ip.family === 4 ? 32 : 128)
        const rest = BigInt((ip.family === 4 ? 32 : 128) - prefixLength)
        const range = { family: ip.family, bits: (ip.bits >> rest) << rest, prefixLength }
        const list = new BlockList()
        list.addSubnet(base, prefixLength, family)
        expect(isWithin(ip, range)).toBe(true)
        if (isIP(other) === ip.family) expect(isWithin(parseIp(other)!, range)).toBe(list.check(other, family))
      }),
      { numRuns: 2000 },
    )
  })

  test.each(['10.0.0.1/8', '10.0.0.0/33', '10.0.0.0/', '::1/129', '10.0.0.0/8/8', 'host', ''])(
    '%s is no range',
    (text) => expect(parseIpRange(text)).toBeNull(),
  )

  test.each([
    ['127.0.0.1', 'LOOPBACK'],
    ['127.255.255.254', 'LOOPBACK'],
    ['::1', 'LOOPBACK'],
    ['::ffff:127.0.0.1', 'LOOPBACK'],
    ['::ffff:7f00:1', 'LOOPBACK'],
    ['::127.0.0.1', 'LOOPBACK'],
    ['64:ff9b::7f00:1', 'LOOPBACK'],
    ['2002:7f00:1::', 'LOOPBACK'],
    ['169.254.169.254', 'LINK_LOCAL'],
    ['fe80::1%eth0', 'LINK_LOCAL'],
    ['100.100.100.200', 'METADATA'],
    ['fd00:ec2::254', 'METADATA'],
    ['192.168.1.20', 'PRIVATE'],
    ['172.31.0.1', 'PRIVATE'],
    ['172.32.0.1', 'PUBLIC'],
    ['fd12::1', 'PRIVATE'],
    ['0.0.0.0', 'SPECIAL'],
    ['::', 'SPECIAL'],
    ['224.0.0.1', 'SPECIAL'],
    ['255.255.255.255', 'SPECIAL'],
    ['ff02::1', 'SPECIAL'],
    ['8.8.8.8', 'PUBLIC'],
    ['2a00:1450:4001:80b::200e', 'PUBLIC'],
  ])('%s is %s', (text, kind) => expect(ipKind(parseIp(text)!)).toBe(kind))
})
