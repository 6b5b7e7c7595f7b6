import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createStartBucket, type GivenSlots, nextSlot, startsPerSecond } from '../../src/recovery/start-bucket.ts'

const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 })), { minLength: 1, maxLength: 200 })

test('no second holds more than ten starts, each comes in its turn and as soon as it may', () => {
  fc.assert(
    fc.property(gaps, (passed) => {
      let now = 1_000_000
      let given: GivenSlots = []
      const slots: { asked: number; at: number }[] = []
      for (const ms of passed) {
        now += ms
        const slot = nextSlot(given, now)
        given = slot.given
        slots.push({ asked: now, at: slot.at })
        expect(given.length).toBeLessThanOrEqual(startsPerSecond)
      }
      slots.forEach(({ asked, at }, index) => {
        expect(at).toBeGreaterThanOrEqual(asked)
        if (index > 0) expect(at).toBeGreaterThanOrEqual(slots[index - 1]!.at)
        const tenthBefore = slots[index - startsPerSecond]
        if (tenthBefore) expect(at - tenthBefore.at).toBeGreaterThan(1000)
        // Nobody waits for nothing: it is now, or ten others are in the second before.
        if (at > asked) expect(at).toBe(Math.max(tenthBefore ? tenthBefore.at + 1250 : 0, slots[index - 1]!.at))
      })
    }),
  )
})

test('a hundred sources lost at once come back over eleven seconds', () => {
  const bucket = createStartBucket(() => 5_000)
  const slots = Array.from({ length: 100 }, () => bucket.reserve())
  expect(slots.slice(0, 10)).toEqual(Array(10).fill(5_000))
  expect(slots.at(-1)).toBe(5_000 + 9 * 1250)
})

test('a clock that was set back holds nobody up', () => {
  let now = 10_000_000
  const bucket = createStartBucket(() => now)
  for (let i = 0; i < 50; i++) bucket.reserve()
  now = 5_000
  expect(bucket.reserve()).toBe(5_000)
})
