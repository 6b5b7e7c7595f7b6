import { beforeEach, describe, expect, it } from 'vitest'
import { type Check, healthy, warning } from '../../../src/health/system/check.ts'
import { Checker, errorText } from '../../../src/health/system/checker.ts'
import type { CheckOutcome } from '../../../src/health/system/model.ts'
import { silentLogger } from '../../../src/platform/logs/logger.ts'

let now: number
let changes: number
let said: [level: string, context: object][]
beforeEach(() => {
  now = 1_000_000
  changes = 0
  said = []
})

function checker(checks: Check[], deadlineMs = 20) {
  return new Checker({
    checks,
    nodeId: 'node_a',
    deadlineMs,
    cacheMs: 60_000,
    logger: {
      ...silentLogger,
      warn: (context) => said.push(['warn', context]),
      info: (context) => said.push(['info', context]),
    },
    now: () => now,
    clock: () => now,
    changed: () => {
      changes += 1
    },
  })
}

/** A check that answers when it is told to. */
function manual(name: string, rest: Partial<Check> = {}) {
  let starts = 0
  let answer: (outcome: CheckOutcome) => void = () => {}
  let aborted = 0
  const check: Check = {
    component: 'DATABASE',
    name,
    check(signal) {
      starts += 1
      signal.addEventListener('abort', () => {
        aborted += 1
      })
      return new Promise((resolve) => {
        answer = resolve
      })
    },
    ...rest,
  }
  return { check, starts: () => starts, aborted: () => aborted, answer: (outcome: CheckOutcome) => answer(outcome) }
}

const good: Check = { component: 'MEDIASOUP', name: 'mediasoup', check: async () => healthy('fine', { workers: 2 }) }

describe('a round of checks', () => {
  it('keeps what each found, with its time', async () => {
    const slow: Check = {
      component: 'DISK',
      name: 'disk',
      async check() {
        now += 7
        return warning('80 % is used.')
      },
    }
    const checks = checker([slow, good])
    expect(checks.current()).toEqual([])
    await checks.run()
    expect(checks.current()).toEqual([
      {
        nodeId: 'node_a',
        component: 'DISK',
        name: 'disk',
        status: 'WARNING',
        message: '80 % is used.',
        details: {},
        responseTimeMs: 7,
        checkedAt: 1_000_007,
      },
      expect.objectContaining({ name: 'mediasoup', status: 'HEALTHY', details: { workers: 2 } }),
    ])
  })

  it('is not held up by one that hangs, and does not start it again until it has answered', async () => {
    const hanging = manual('database')
    let rounds = 0
    const counted: Check = { ...good, check: async () => healthy(`round ${++rounds}`) }
    const checks = checker([hanging.check, counted])
    await checks.run()
    expect(checks.current()).toMatchObject([
      { name: 'database', status: 'CRITICAL', message: 'It did not answer in time.', responseTimeMs: null },
      { name: 'mediasoup', status: 'HEALTHY', message: 'round 1' },
    ])
    expect(hanging.aborted()).toBe(1)
    await checks.run()
    await checks.run()
    expect(hanging.starts()).toBe(1)
    expect(checks.current()[1]).toMatchObject({ message: 'round 3' })

    // What it says at last is of long ago: it is asked anew.
    hanging.answer(healthy('late'))
    await Promise.resolve()
    await new Promise((resolve) => setImmediate(resolve))
    const next = checks.run()
    expect(hanging.starts()).toBe(2)
    hanging.answer(healthy('fine'))
    await next
    expect(checks.current()[0]).toMatchObject({ status: 'HEALTHY', message: 'fine' })
  })

  it('gives one with a deadline of its own no longer than that', async () => {
    const hanging = manual('database', { deadlineMs: 10 })
    const checks = checker([hanging.check], 3_600_000)
    await checks.run()
    expect(checks.current()).toMatchObject([{ status: 'CRITICAL', details: { deadlineMs: 10 } }])
  })

  it('tells no credentials of an error, and its text in the details alone', async () => {
    const failing: Check = {
      ...good,
      check: () => Promise.reject(new Error('connect to postgres://weir:hunter2@10.1.2.3/x failed')),
    }
    const checks = checker([failing])
    await checks.run()
    expect(checks.current()).toMatchObject([{ status: 'CRITICAL', message: 'It does not work.' }])
    expect(JSON.stringify([checks.current(), said])).not.toContain('hunter2')
    expect(checks.current()[0]!.details.error).toContain('10.1.2.3')
  })

  it('asks a costly one again when its good answer is old, and a bad one every time', async () => {
    let starts = 0
    let outcome = healthy('fine')
    const checks = checker([
      {
        ...good,
        costly: true,
        check: async () => {
          starts += 1
          return outcome
        },
      },
    ])
    await checks.run()
    now += 59_999
    await checks.run()
    expect(starts).toBe(1)
    outcome = warning('old files')
    now += 1
    await checks.run()
    await checks.run()
    expect(starts).toBe(3)
  })

  it('tells and logs what has changed, once', async () => {
    let outcome = healthy('fine')
    const checks = checker([{ ...good, check: async () => outcome }])
    await checks.run()
    expect([changes, said]).toEqual([0, []])
    outcome = warning('Some workers are being started anew.')
    await checks.run()
    await checks.run()
    expect(changes).toBe(1)
    outcome = healthy('fine')
    await checks.run()
    expect(changes).toBe(2)
    expect(said).toMatchObject([
      ['warn', { component: 'MEDIASOUP', status: 'WARNING' }],
      ['info', { component: 'MEDIASOUP', status: 'HEALTHY' }],
    ])
  })

  it('lets go of what is still out when it is stopped', async () => {
    const hanging = manual('database')
    const checks = checker([hanging.check], 3_600_000)
    void checks.run()
    checks.stop()
    expect(hanging.aborted()).toBe(1)
  })
})

it('an error is told in a few words with its causes', () => {
  const error = new Error('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:1') })
  expect(errorText(error)).toBe('fetch failed: connect ECONNREFUSED 127.0.0.1:1')
  expect(errorText(new Error('x'.repeat(10_000))).length).toBe(300)
  expect(errorText('no')).toBe('no')
})
