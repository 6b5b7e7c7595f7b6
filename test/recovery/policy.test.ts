import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Decision,
  decide,
  firstRefusalMs,
  laneOf,
  longestJitterMs,
  longestRefusalMs,
  noHistory,
  type RecoverySettings,
} from '../../src/recovery/policy.ts'
import { type FailureCause, failureCauses } from '../../src/streams/model.ts'

const defaults: RecoverySettings = {
  enabled: true,
  maxAttempts: 3,
  cooldownSeconds: 60,
  sourceRetrySeconds: 30,
  sourceMaxRetries: 20,
}
const settingsArbitrary = fc.record({
  enabled: fc.constant(true),
  maxAttempts: fc.integer({ min: 1, max: 10 }),
  cooldownSeconds: fc.integer({ min: 1, max: 600 }),
  sourceRetrySeconds: fc.integer({ min: 1, max: 600 }),
  sourceMaxRetries: fc.integer({ min: 0, max: 30 }),
})
const causeArbitrary = fc.constantFrom(...failureCauses)
const randomArbitrary = fc.double({ min: 0, max: 0.999, noNaN: true })
const row = fc.array(fc.tuple(causeArbitrary, randomArbitrary), { minLength: 1, maxLength: 80 })

/** The answers to a row of failures, one after the other. */
function answers(failures: readonly (readonly [FailureCause, number])[], settings = defaults): Decision[] {
  let history = noHistory
  return failures.map(([cause, random]) => {
    const decision = decide(cause, history, settings, random)
    history = decision.history
    return decision
  })
}
const same = (cause: FailureCause, count: number, random = 0.5) =>
  Array.from({ length: count }, () => [cause, random] as const)

describe('over generated rows of failures', () => {
  it('counts each, never gives up, and never waits longer than its longest wait', () => {
    fc.assert(
      fc.property(row, settingsArbitrary, (failures, settings) => {
        const longest = Math.max(
          longestJitterMs,
          settings.sourceRetrySeconds * 1000,
          1.1 * longestRefusalMs,
          1.1 * settings.cooldownSeconds * 1000,
        )
        answers(failures, settings).forEach(({ number, delayMs }, index) => {
          expect(number).toBe(index + 1)
          expect(delayMs).toBeGreaterThanOrEqual(0)
          expect(delayMs).toBeLessThanOrEqual(Math.ceil(longest))
        })
      }),
    )
  })

  it('escalates once, when a lane has had its attempts, and not before', () => {
    fc.assert(
      fc.property(row, settingsArbitrary, (failures, settings) => {
        const given = answers(failures, settings)
        const counts = { PROCESS: 0, SOURCE: 0, CREDENTIALS: 0 }
        const most = {
          PROCESS: settings.maxAttempts,
          SOURCE: settings.sourceMaxRetries,
          CREDENTIALS: settings.maxAttempts,
        }
        const due = failures.findIndex(([cause]) => {
          const lane = laneOf[cause]
          counts[lane] += 1
          return counts[lane] > most[lane]
        })
        expect(given.findIndex(({ action }) => action === 'ESCALATE')).toBe(due)
        expect(given.filter(({ action }) => action === 'ESCALATE')).toHaveLength(due < 0 ? 0 : 1)
        given.forEach(({ slow }, index) => {
          expect(slow).toBe(due >= 0 && index >= due)
        })
      }),
    )
  })

  it('goes on no faster than once a cool-down after that', () => {
    fc.assert(
      fc.property(row, settingsArbitrary, (failures, settings) => {
        for (const { slow, delayMs } of answers(failures, settings)) {
          if (slow) expect(delayMs).toBeGreaterThanOrEqual(settings.cooldownSeconds * 1000)
        }
      }),
    )
  })

  it('never asks with a refused password again within a minute, whatever else fails', () => {
    fc.assert(
      fc.property(row, settingsArbitrary, (failures, settings) => {
        answers(failures, settings).forEach(({ delayMs }, index) => {
          if (failures[index]![0] === 'AUTH') expect(delayMs).toBeGreaterThanOrEqual(firstRefusalMs)
        })
      }),
    )
  })

  it('waits no shorter after more failures of the same cause by the same chance', () => {
    fc.assert(
      fc.property(causeArbitrary, randomArbitrary, settingsArbitrary, (cause, random, settings) => {
        // Only the step to the cool-down may be one down, where it was set shorter than what came before.
        const waits = answers(same(cause, 60, random), settings)
          .filter(({ slow }) => !slow)
          .map(({ delayMs }) => delayMs!)
        for (const [index, wait] of waits.entries())
          if (index > 0) expect(wait).toBeGreaterThanOrEqual(waits[index - 1]!)
      }),
    )
  })

  it('does nothing and calls nobody where recovery is off', () => {
    fc.assert(
      fc.property(row, settingsArbitrary, (failures, settings) => {
        for (const { action, delayMs } of answers(failures, { ...settings, enabled: false })) {
          expect({ action, delayMs }).toEqual({ action: 'NONE', delayMs: null })
        }
      }),
    )
  })
})

describe('by the settings that are there at first', () => {
  const shown = (cause: FailureCause, count: number, random = 0) =>
    answers(same(cause, count, random)).map(({ action, delayMs }) => [action, delayMs! / 1000])

  it('restarts what was killed at once, after 1 s, by chance, and then once a minute', () => {
    expect(shown('KILLED', 6)).toEqual([
      ['RESTART', 0],
      ['RESTART', 1],
      ['RESTART', 1],
      ['ESCALATE', 60],
      ['RESTART', 60],
      ['RESTART', 60],
    ])
    expect(shown('KILLED', 3, 0.999)[2]![1]).toBeCloseTo(2, 1)
  })

  it('asks a source that is away at once, soon, every 30 s twenty times in all, and then once a minute', () => {
    const asked = shown('REFUSED', 23)
    expect(asked.slice(0, 9).map(([, seconds]) => seconds)).toEqual([0, 1, 2, 4, 8, 16, 30, 30, 30])
    expect(asked[19]).toEqual(['RETRY_SOURCE', 30])
    expect(asked.slice(20)).toEqual([
      ['ESCALATE', 60],
      ['RETRY_SOURCE', 60],
      ['RETRY_SOURCE', 60],
    ])
  })

  it('asks with a refused password a minute later, and ever more seldom', () => {
    expect(shown('AUTH', 7)).toEqual([
      ['RETRY_SOURCE', 60],
      ['RETRY_SOURCE', 120],
      ['RETRY_SOURCE', 240],
      ['ESCALATE', 480],
      ['RETRY_SOURCE', 600],
      ['RETRY_SOURCE', 600],
      ['RETRY_SOURCE', 600],
    ])
  })

  it('heals a blip at once, of whichever side', () => {
    for (const cause of failureCauses) {
      const { delayMs } = decide(cause, noHistory, defaults, 0.9)
      if (cause !== 'AUTH') expect(delayMs).toBeLessThan(1000)
    }
  })

  it('asks a dead source less than 260 times in an hour', () => {
    let seconds = 0
    const asked = answers(same('TIMEOUT', 1000, 0.999)).filter(({ delayMs }) => {
      seconds += delayMs! / 1000
      return seconds < 3600
    })
    expect(asked.length).toBeLessThan(260)
    expect(asked.length).toBeGreaterThan(50)
  })
})
