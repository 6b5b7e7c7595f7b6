import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { charge } from '../../src/limits/gcra.ts'

const minuteUs = 60_000_000
const anyLimit = fc.oneof(
  fc.integer({ min: 1, max: 20 }),
  fc.integer({ min: 1, max: 600_000 }),
  fc.integer({ min: 1, max: 1e7 }),
)

/** Charges at growing times, each with so many points, `pauses` in µs. */
const schedule = fc.array(
  fc.record({
    pause: fc.oneof(fc.constant(0), fc.nat(1000), fc.nat(minuteUs), fc.nat(3 * minuteUs)),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 30 },
)

describe('the generic cell rate algorithm', () => {
  test('in no window of any length more is taken than the limit and what came back in it', () => {
    fc.assert(
      fc.property(anyLimit, schedule, (limit, steps) => {
        let tat: number | null = null
        let now = 1_790_000_000_000_000
        const accepted: { at: number; points: number }[] = []
        for (const { pause, share } of steps) {
          now += pause
          const points = Math.max(1, Math.round(share * Math.min(limit, 1000)))
          const before = tat
          const done = charge(tat, now, points, limit)
          tat = done.tatUs
          if (done.accepted) accepted.push({ at: now, points })
          // Refused: nothing is taken but time.
          else if (before !== null && tat !== Math.max(before, now)) throw new Error('a refusal has cost something')
        }
        for (let first = 0; first < accepted.length; first++) {
          let taken = 0
          for (let last = first; last < accepted.length; last++) {
            taken += accepted[last]!.points
            const windowUs = accepted[last]!.at - accepted[first]!.at
            if (taken > limit + (limit * windowUs) / minuteUs) throw new Error(`${taken} in ${windowUs} µs of ${limit}`)
          }
        }
      }),
      { numRuns: 100_000 },
    )
  })

  test('who waits as long as it was told is let in, and one µs sooner is not', () => {
    fc.assert(
      fc.property(anyLimit, schedule, fc.double({ min: 0, max: 1, noNaN: true }), (limit, steps, share) => {
        let tat: number | null = null
        let now = 0
        for (const step of steps) {
          now += step.pause
          tat = charge(tat, now, Math.round(step.share * limit), limit).tatUs
        }
        const points = Math.max(1, Math.round(share * limit))
        const refused = charge(tat, now, points, limit)
        if (refused.accepted) return
        expect(charge(refused.tatUs, now + refused.retryUs, points, limit).accepted).toBe(true)
        expect(charge(refused.tatUs, now + refused.retryUs - 1, points, limit).accepted).toBe(false)
      }),
      { numRuns: 20_000 },
    )
  })

  test('a whole minute is there at once, and not a point more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (limit) => {
        let tat: number | null = null
        for (let i = 0; i < limit; i++) {
          const done = charge(tat, 5, 1, limit)
          expect(done).toMatchObject({ accepted: true, remaining: limit - i - 1, retryUs: 0 })
          tat = done.tatUs
        }
        expect(charge(tat, 5, 1, limit)).toMatchObject({ accepted: false, remaining: 0 })
      }),
      { numRuns: 50 },
    )
  })

  test('what is said to remain can be taken, and one more can not', () => {
    fc.assert(
      fc.property(anyLimit, fc.nat(), fc.nat(minuteUs), (limit, taken, now) => {
        const { tatUs, remaining } = charge(null, 0, taken % (limit + 1), limit)
        const later = charge(tatUs, now, 0, limit)
        expect(later.remaining).toBeGreaterThanOrEqual(remaining)
        expect(charge(tatUs, now, later.remaining, limit).accepted).toBe(true)
        if (later.remaining < limit) expect(charge(tatUs, now, later.remaining + 1, limit).accepted).toBe(false)
      }),
      { numRuns: 5000 },
    )
  })
})
