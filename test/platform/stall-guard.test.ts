import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createStallGuard, look, lookEveryMs, type StallClock, toleranceMs } from '../../src/platform/stall-guard.ts'

const start: StallClock = { monotonicMs: 0, wallMs: 1_000_000, stalledUntil: 0 }

test('looks that come in time are no stall, whatever their jitter', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: lookEveryMs + toleranceMs })), (gaps) => {
      let clock = start
      for (const ms of gaps) {
        const next = look(clock, clock.monotonicMs + ms, clock.wallMs + ms)
        expect(next.stalledMs).toBe(0)
        clock = next.clock
      }
      expect(clock.stalledUntil).toBe(0)
    }),
  )
})

test('a late look is a stall that ends now: of the process, of the machine asleep, of a clock set forward', () => {
  const late = fc.integer({ min: lookEveryMs + toleranceMs + 1, max: 10_000_000 })
  fc.assert(
    fc.property(late, fc.constantFrom('STOPPED', 'ASLEEP'), (ms, what) => {
      const { clock, stalledMs } = look(start, what === 'STOPPED' ? ms : 250, start.wallMs + ms)
      expect(stalledMs).toBe(ms - lookEveryMs)
      expect(clock.stalledUntil).toBe(start.wallMs + ms)
    }),
  )
})

test('a clock set back is no stall', () => {
  expect(look(start, 250, start.wallMs - 3_600_000).stalledMs).toBe(0)
})

test('whoever asks first after a stall learns of it; listeners are told once', () => {
  let at = 0
  let tick = () => {}
  const guard = createStallGuard({
    monotonicMs: () => at,
    now: () => 1_000_000 + at,
    every: (_, work) => {
      tick = work
      return () => {
        tick = () => {}
      }
    },
  })
  const told: number[] = []
  const stop = guard.onStall((ms) => told.push(ms))
  at = 250
  tick()
  expect(guard.stalledUntil()).toBe(0)
  at = 30_250
  expect(guard.stalledUntil()).toBe(1_030_250)
  tick()
  expect(told).toEqual([30_000 - lookEveryMs])
  at = 30_500
  tick()
  stop()
  at = 99_000
  tick()
  expect(told).toHaveLength(1)
  expect(guard.stalledUntil()).toBe(1_099_000)
})
