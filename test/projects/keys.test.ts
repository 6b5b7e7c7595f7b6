import { expect, test } from 'vitest'
import { givenKey, isOwnShape, isPossibleKey, makeKey } from '../../src/projects/keys.ts'

test('a new key has the published shape, its prefix is its beginning, and its hash is SHA-256', async () => {
  const { key, prefix, hash } = await makeKey()
  expect(key).toMatch(/^weir_[0-9a-hjkmnp-tv-z]{8}_[0-9a-hjkmnp-tv-z]{32}$/)
  expect(key.startsWith(`${prefix}_`)).toBe(true)
  expect(isOwnShape(key)).toBe(true)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)))
  expect(hash).toBe(Buffer.from(digest).toString('hex'))
})

test('every letter of the alphabet is used about equally often', async () => {
  const counts = new Map<string, number>()
  for (let i = 0; i < 500; i++) {
    for (const letter of (await makeKey()).key.slice(14)) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  }
  expect(counts.size).toBe(32)
  // 16,000 letters, 500 each; ten standard deviations are 220.
  for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(220)
})

test('a given key shows four characters at most', async () => {
  expect((await givenKey('correct-horse-battery')).prefix).toBe('corr')
})

test.each(['too-short-key-1', 'x'.repeat(201), 'has spaces in it, sir', 'umlaut-ä-is-not-ascii'])(
  '%s is no key',
  async (key) => {
    expect(isPossibleKey(key)).toBe(false)
    await expect(givenKey(key)).rejects.toThrow(RangeError)
  },
)
