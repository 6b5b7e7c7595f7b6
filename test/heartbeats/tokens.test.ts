import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSessionTokens, isRenewalDue, isSessionToken } from '../../src/heartbeats/tokens.ts'
import { newId } from '../../src/ids.ts'
import { derivedSecret, hmacSha256 } from '../../src/platform/hmac.ts'

const tokens = createSessionTokens(hmacSha256('one secret'))
const now = 1_800_000_000_000

function claims(expiresAt = now + 600_000) {
  return { consumerId: newId('Consumer'), streamId: newId('Stream'), projectId: newId('Project'), expiresAt }
}

describe('session tokens', () => {
  it('say what was put into them until they expire', () => {
    fc.assert(
      fc.property(fc.integer({ min: now, max: now * 10 }), fc.integer({ min: 0, max: 1000 }), (expiresAt, before) => {
        const said = claims(expiresAt)
        const token = tokens.make(said)
        expect(isSessionToken(token)).toBe(true)
        expect(tokens.read(token, expiresAt - 1 - before)).toEqual(said)
        expect(tokens.read(token, expiresAt + before)).toBeNull()
      }),
    )
  })

  it('are refused with any bit of them altered', () => {
    const token = tokens.make(claims())
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.nat(7), (place, bit) => {
        const letter = String.fromCharCode(token.charCodeAt(place) ^ (1 << bit))
        expect(tokens.read(token.slice(0, place) + letter + token.slice(place + 1), now)).toBeNull()
      }),
      { numRuns: 2000 },
    )
  })

  it('are refused cut short, made longer, or as any other text', () => {
    const token = tokens.make(claims())
    for (let length = 0; length < token.length; length++) expect(tokens.read(token.slice(0, length), now)).toBeNull()
    expect(tokens.read(`${token}A`, now)).toBeNull()
    expect(tokens.read(` ${token}`, now)).toBeNull()
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => tokens.read(`weir_s_${text}`, now) === null))
  })

  it("are refused when they are another cluster's, or put together of two", () => {
    const others = createSessionTokens(hmacSha256('another secret'))
    expect(tokens.read(others.make(claims()), now)).toBeNull()
    const [one, two] = [tokens.make(claims()), tokens.make(claims())]
    expect(tokens.read(one.slice(0, -43) + two.slice(-43), now)).toBeNull()
    expect(tokens.read(one.slice(0, 33) + two.slice(33), now)).toBeNull()
  })

  it('are not made of ids of another kind or times that do not fit', () => {
    expect(() => tokens.make({ ...claims(), consumerId: newId('Stream') })).toThrow(RangeError)
    for (const expiresAt of [-1, Number.NaN, 1e15]) expect(() => tokens.make(claims(expiresAt))).toThrow(RangeError)
  })

  it('are due for a new one when less than half of their life is left', () => {
    expect(isRenewalDue({ expiresAt: now + 300_000 }, 600_000, now)).toBe(false)
    expect(isRenewalDue({ expiresAt: now + 299_999 }, 600_000, now)).toBe(true)
  })
})

describe('HMAC-SHA256', () => {
  it('is what Node.js makes of the same key and text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 200 }), fc.string({ maxLength: 300 }), (key, text) => {
        expect(hmacSha256(key)(text)).toBe(createHmac('sha256', key).update(text).digest('base64url'))
      }),
    )
  })

  it('derives another secret for each purpose', () => {
    expect(derivedSecret('a', 'one')).not.toBe(derivedSecret('a', 'two'))
    expect(derivedSecret('a', 'one')).not.toBe(derivedSecret('b', 'one'))
  })
})
