import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clientAddress, createAddressOf } from '../../src/http/client-address.ts'
import { isWithin, parseIp, parseIpRange } from '../../src/network/ip.ts'
import { formatIp } from '../../src/network/ip-text.ts'

const proxies = ['10.0.0.0/8', 'fd00::/8'].map((range) => parseIpRange(range)!)
const proxy = fc.constantFrom('10.0.0.1', '10.255.3.4', 'fd00::1', '::ffff:10.1.2.3')
const stranger = fc
  .oneof(fc.ipV4(), fc.ipV6())
  .filter((text) => !proxies.some((range) => isWithin(parseIp(text)!, range)))
  .filter((text) => !text.toLowerCase().startsWith('::'))
/** What somebody may have written into the header before the first proxy saw it. */
const anything = fc.oneof(fc.string(), fc.ipV4(), fc.stringMatching(/^[0-9a-f:.,[\]" ]{0,60}$/), proxy)
const written = (text: string) => formatIp(parseIp(text)!)

describe("a client's address", () => {
  test('is that of who connects, whatever it says, where that is no trusted proxy', () => {
    fc.assert(
      fc.property(stranger, anything, fc.constantFrom([], proxies), (peer, header, trusted) => {
        expect(clientAddress(peer, header, trusted)).toBe(written(peer))
      }),
      { numRuns: 3000 },
    )
  })

  test('is the last hop that is no trusted proxy, and what stands before it changes nothing', () => {
    fc.assert(
      fc.property(proxy, anything, stranger, fc.array(proxy, { maxLength: 5 }), (peer, before, client, hops) => {
        const header = [before, client, ...hops].join(', ')
        expect(clientAddress(peer, header, proxies)).toBe(written(client))
        expect(clientAddress(peer, header.split(', '), proxies)).toBe(written(client))
      }),
      { numRuns: 3000 },
    )
  })

  test('is always an address, and of no hostile header', () => {
    fc.assert(
      fc.property(proxy, anything, fc.string(), (peer, a, b) => {
        const found = clientAddress(peer, `${a},${b}`, proxies)
        expect(isIP(found!)).toBeGreaterThan(0)
        expect(written(found!)).toBe(found)
      }),
      { numRuns: 3000 },
    )
  })

  test.each([
    ['1.2.3.4:5678', '1.2.3.4'],
    ['[2001:DB8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['1.2.3.4, unknown', '10.0.0.1'],
    ['1.2.3.4,, 10.0.0.2', '10.0.0.2'],
    ['', '10.0.0.1'],
    [',', '10.0.0.1'],
    ['01.2.3.4', '10.0.0.1'],
    ['0x7f000001', '10.0.0.1'],
    ['10.0.0.9, 10.0.0.8', '10.0.0.9'],
    ['"1.2.3.4"', '10.0.0.1'],
  ])('behind a proxy that says %j', (header, expected) => {
    expect(clientAddress('10.0.0.1', header, proxies)).toBe(expected)
  })

  test('a header of many hops is not followed to its end', () => {
    const header = `1.2.3.4, ${'10.0.0.7, '.repeat(5000)}10.0.0.8`
    expect(clientAddress('10.0.0.1', header, proxies)).toBe('10.0.0.7')
  })

  test('is not known of a connection without one', () => {
    expect(clientAddress(undefined, '1.2.3.4', proxies)).toBeNull()
    expect(createAddressOf([])({ socket: {}, headers: {} })).toBeNull()
  })

  test('an address is written in one way: that of the URLs of WHATWG', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        expect(`[${written(text)}]`).toBe(new URL(`http://[${text}]`).hostname)
      }),
      { numRuns: 3000 },
    )
    expect(written('192.168.0.1')).toBe('192.168.0.1')
  })
})
