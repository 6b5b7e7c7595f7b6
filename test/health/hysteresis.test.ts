import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { History, policy } from '../support/health-history.ts'

describe('a figure on the edge does not flap', () => {
  test('a square wave around the threshold is one issue', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0.1, max: 8, noNaN: true }),
        (highSeconds, lowSeconds, amplitude) => {
          const history = new History({}, { usableCores: 1 }).run(30)
          for (let round = 0; round < 12; round += 1) {
            history.change({ cpuPercent: policy.cpuPercent + amplitude }).run(highSeconds)
            history.change({ cpuPercent: policy.cpuPercent - amplitude }).run(lowSeconds)
          }
          // Ten seconds without a break raise it; what stays near the threshold never clears it.
          expect(history.openings('CPU_HIGH')).toBe(highSeconds > 10 ? 1 : 0)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('a wide one, faster than the rule looks, is one at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (high, low) => {
        const history = new History({}, { usableCores: 1 }).run(30)
        history.change({ cpuPercent: 100 }).run(15)
        for (let round = 0; round < 20; round += 1) {
          history.change({ cpuPercent: 10 }).run(low)
          history.change({ cpuPercent: 100 }).run(high)
        }
        expect(history.openings('CPU_HIGH')).toBe(1)
      }),
      { numRuns: 30 },
    )
  })

  test('one packet now and then does not end a freeze', () => {
    const history = new History().run(60).change({ fps: 0 }).run(10)
    for (let round = 0; round < 10; round += 1) history.change({ fps: 1 }).run(1).change({ fps: 0 }).run(6)
    expect(history.openings('VIDEO_FROZEN')).toBe(1)
    expect(history.issues()).toContain('VIDEO_FROZEN VIDEO')
    history.change({ fps: 25 }).run(5)
    expect(history.issues()).not.toContain('VIDEO_FROZEN VIDEO')
  })

  test('it gets worse while it is open, and never better', () => {
    const history = new History().run(60).change({ fps: 12 }).run(20)
    const severity = () => history.view.issues.find(({ type }) => type === 'FRAME_RATE_LOW')?.severity
    expect(severity()).toBe('WARNING')
    expect(history.change({ fps: 1 }).run(20) && severity()).toBe('ERROR')
    expect(history.change({ fps: 12 }).run(20) && severity()).toBe('ERROR')
    expect(history.change({ fps: 25 }).run(20).view.status).toBe('HEALTHY')
  })
})

describe('since', () => {
  test('a silence is told from its beginning, and stays that', () => {
    const history = new History().run(60)
    const stopped = history.at
    history.change({ fps: 0 }).run(5)
    const [first] = history.view.issues
    expect(Math.abs(first!.since - stopped)).toBeLessThanOrEqual(100)
    history.run(20)
    expect(history.view.issues[0]).toMatchObject({ since: first!.since, evidence: { silentSeconds: 25 } })
    expect(history.view.issues[0]!.reason).toBe('No video packet for 25 s while audio goes on.')
  })
})
