import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Scope, scopes } from '../../src/platform/database/tables.ts'
import {
  isLastAdmin,
  isUsable,
  type KeyTimes,
  parseExpiry,
  parseScopes,
  scopesBeyond,
} from '../../src/projects/key-rules.ts'

const now = Date.UTC(2026, 0, 1)
const time = fc.option(fc.integer({ min: -5, max: 5 }).map((seconds) => new Date(now + seconds * 1000)))
const someScopes = fc.subarray<Scope>([...scopes])
const key: fc.Arbitrary<KeyTimes> = fc.record({ scopes: someScopes, expiresAt: time, revokedAt: time })

test('without the last ADMIN key there would be a moment with none; without any other there is not one more', () => {
  fc.assert(
    fc.property(key, fc.array(key, { maxLength: 4 }), (one, others) => {
      const isAdminAt = (each: KeyTimes, at: number) => each.scopes.includes('ADMIN') && isUsable(each, at)
      const moments = [0, 1, 2, 3, 4, 5, 6].map((seconds) => now + seconds * 1000)
      const isMissed = moments.some((at) => isAdminAt(one, at) && !others.some((other) => isAdminAt(other, at)))
      expect(isLastAdmin(one, others, now)).toBe(isMissed)
    }),
  )
})

test('a key gives what it has, ADMIN everything', () => {
  fc.assert(
    fc.property(someScopes, someScopes, (own, wanted) => {
      const beyond = scopesBeyond(own, wanted)
      for (const scope of wanted) expect(beyond.includes(scope)).toBe(!own.includes('ADMIN') && !own.includes(scope))
    }),
  )
})

test('scopes are there once each, one at least; an expiry is to come', () => {
  expect(parseScopes(['READ', 'READ', 'PLAY'], 'x')).toEqual(['READ', 'PLAY'])
  expect(() => parseScopes([], 'input.scopes')).toThrow('input.scopes')
  expect(parseExpiry(new Date(now + 1), now, 'x')).toEqual(new Date(now + 1))
  expect(() => parseExpiry(new Date(now), now, 'input.expiresAt')).toThrow('input.expiresAt')
})
