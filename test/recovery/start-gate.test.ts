import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startsPerSecond } from '../../src/recovery/start-bucket.ts'
import { createStartGate, nextPassage } from '../../src/recovery/start-gate.ts'

test('however they come, no second sees more than ten, and nobody waits for nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 100 }), (gaps) => {
      let now = 0
      const passed: number[] = []
      for (const gap of gaps) {
        now += gap
        const at = nextPassage(passed, now)
        expect(at).toBeGreaterThanOrEqual(now)
        if (at > now) expect(passed.filter((it) => it > at - 1100 - 1).length).toBe(startsPerSecond)
        now = at
        passed.push(at)
        expect(passed.filter((it) => it > at - 1000).length).toBeLessThanOrEqual(startsPerSecond)
      }
    }),
  )
})

test('a crowd passes in its order, ten at a time', async () => {
  let now = 0
  const gate = createStartGate({
    monotonicMs: () => now,
    sleep: async (ms) => {
      now += ms
    },
  })
  const passed: { who: number; at: number }[] = []
  await Promise.all(Array.from({ length: 25 }, (_, who) => gate().then(() => passed.push({ who, at: now }))))
  expect(passed.map(({ who }) => who)).toEqual(Array.from({ length: 25 }, (_, who) => who))
  expect([...new Set(passed.map(({ at }) => at))]).toEqual([0, 1100, 2200])
})
