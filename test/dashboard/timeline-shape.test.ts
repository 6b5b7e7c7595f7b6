import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linesOf, placeOf, stripsOf, ticksOf } from '../../src/dashboard/timeline-shape.ts'

const range = { from: 1000, to: 2000 }
/** Points in the order of their times, with holes between some, some of them outside the range. */
const points = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 200 }),
      length: fc.integer({ min: 1, max: 300 }),
      status: fc.constantFrom('HEALTHY', 'WARNING', 'CRITICAL', 'UNKNOWN'),
      value: fc.option(fc.double({ min: 0, max: 50, noNaN: true })),
    }),
    { maxLength: 20 },
  )
  .map((parts) => {
    let at = 800
    return parts.map(({ gap, length, status, value }) => {
      const from = at + gap
      at = from + length
      return { from, to: at, status, value }
    })
  })

describe('a band', () => {
  test('has no holes, no overlaps, and no neighbours of one status', () => {
    fc.assert(
      fc.property(points, (given) => {
        const strips = stripsOf(given, range)
        expect(strips[0]!.from).toBe(range.from)
        expect(strips.at(-1)!.to).toBe(range.to)
        for (const [index, strip] of strips.entries()) {
          expect(strip.to).toBeGreaterThan(strip.from)
          const next = strips[index + 1]
          if (!next) continue
          expect(next.from).toBe(strip.to)
          expect(next.status).not.toBe(strip.status)
        }
      }),
    )
  })

  test('shows what was sampled at any moment, and a gap where nothing was', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: range.from, max: range.to - 1 }), (given, moment) => {
        const point = given.find(({ from, to }) => from <= moment && moment < to)
        const strip = stripsOf(given, range).find(({ from, to }) => from <= moment && moment < to)
        expect(strip!.status).toBe(point?.status ?? 'GAP')
      }),
    )
  })
})

describe('a line', () => {
  test('breaks where nothing was measured', () => {
    const given = [
      { from: 1000, to: 1100, value: 10 },
      { from: 1100, to: 1200, value: 5 },
      { from: 1200, to: 1300, value: null },
      { from: 1300, to: 1400, value: 0 },
      { from: 1600, to: 1700, value: 10 },
    ]
    expect(linesOf(given, range, 10)).toEqual(['M0 0L0.1 0L0.1 0.5L0.2 0.5', 'M0.3 1L0.4 1', 'M0.6 0L0.7 0'])
  })
  test('stays within its frame', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 0, max: 60 }), (given, max) => {
        for (const line of linesOf(given, range, max)) {
          for (const number of line.slice(1).split(/[ L]/).map(Number)) {
            expect(number).toBeGreaterThanOrEqual(0)
            expect(number).toBeLessThanOrEqual(1)
          }
        }
      }),
    )
  })
})

test('a time is placed within the range', () => {
  expect([500, 1000, 1250, 2000, 9000].map((time) => placeOf(time, range))).toEqual([0, 0, 0.25, 1, 1])
})

test('ticks are few, in the range and at round local times', () => {
  const hour = 3_600_000
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2e12 }),
      fc.integer({ min: hour, max: 400 * 24 * hour }),
      fc.integer({ min: -14, max: 14 }),
      (from, length, zone) => {
        const ticks = ticksOf({ from, to: from + length }, 7, zone * hour)
        expect(ticks.length).toBeGreaterThan(0)
        expect(ticks.length).toBeLessThanOrEqual(7)
        // They reach to the end: none is missing that would fit.
        const step = (ticks[1] ?? Number.POSITIVE_INFINITY) - ticks[0]!
        expect(ticks.at(-1)! + step).toBeGreaterThan(from + length)
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(from)
          expect(tick).toBeLessThanOrEqual(from + length)
          expect(Math.abs((tick + zone * hour) % 60_000)).toBe(0)
        }
      },
    ),
    { examples: [[Date.UTC(2026, 0, 1), 6 * hour, 1]] },
  )
})
