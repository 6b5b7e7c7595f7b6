import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createStartBucket, nextSlot, startsPerSecond } from '../../src/recovery/start-bucket.ts'

const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 })), { minLength: 1, maxLength: 200 })
/** How much later than its slot a start takes place. */
const lateness = fc.array(fc.integer({ min: 0, max: 250 }), { minLength: 200, maxLength: 200 })

function slotsOf(passed: readonly number[]): { asked: number; at: number }[] {
  let now = 1_000_000
  let due = Number.NEGATIVE_INFINITY
  return passed.map((ms) => {
    now += ms
    const slot = nextSlot(due, now)
    due = slot.due
    return { asked: now, at: slot.at }
  })
}

test('no second holds more than ten starts, even where each is up to a quarter of a second late', () => {
  fc.assert(
    fc.property(gaps, lateness, (passed, late) => {
      const starts = slotsOf(passed)
        .map(({ at }, index) => at + late[index]!)
        .sort((a, b) => a - b)
      for (const [index, at] of starts.entries()) {
        const tenthAfter = starts[index + startsPerSecond]
        if (tenthAfter !== undefined) expect(tenthAfter - at).toBeGreaterThanOrEqual(1000)
      }
    }),
  )
})

test('each comes in its turn, and nobody waits for nothing', () => {
  fc.assert(
    fc.property(gaps, (passed) => {
      const slots = slotsOf(passed)
      for (const [index, { asked, at }] of slots.entries()) {
        expect(at).toBeGreaterThanOrEqual(asked)
        const before = slots[index - 1]
        if (before) expect(at).toBeGreaterThanOrEqual(before.at)
        // At once, or as soon as the one before allows.
        if (at > asked) expect(at - before!.at).toBeLessThanOrEqual(150)
      }
      expect(slots[0]!.at).toBe(slots[0]!.asked)
    }),
  )
})

test('a hundred sources lost at once come back over fifteen seconds', () => {
  const bucket = createStartBucket(() => 5_000)
  const slots = Array.from({ length: 100 }, () => bucket.reserve())
  expect(slots.slice(0, 3)).toEqual([5_000, 5_000, 5_150])
  expect(slots.at(-1)).toBe(5_000 + 98 * 150)
})

test('a clock that was set back holds nobody up', () => {
  let now = 10_000_000
  const bucket = createStartBucket(() => now)
  for (let i = 0; i < 50; i++) bucket.reserve()
  now = 5_000
  expect(bucket.reserve()).toBe(5_000)
})
