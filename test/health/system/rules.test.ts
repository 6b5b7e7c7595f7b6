import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type HealthStatus, healthStatuses } from '../../../src/health/model.ts'
import { judgeDisk } from '../../../src/health/system/checks/disk.ts'
import { judgeResources } from '../../../src/health/system/checks/system-resources.ts'
import type { ComponentHealth, NodeHealth } from '../../../src/health/system/model.ts'
import { cpuPercentBetween } from '../../../src/health/system/resources.ts'
import {
  componentsOf,
  forgottenMs,
  messageOf,
  staleMs,
  statusOfPercent,
  summarize,
  worst,
} from '../../../src/health/system/rules.ts'

const statuses = fc.array(fc.constantFrom(...healthStatuses), { maxLength: 20 })

function component(status: HealthStatus, name = 'database'): ComponentHealth {
  return {
    nodeId: 'node_a',
    component: 'DATABASE',
    name,
    status,
    message: '',
    details: {},
    responseTimeMs: 1,
    checkedAt: 0,
  }
}

describe('the whole', () => {
  it('is as its worst part, in any order; nothing is unknown', () => {
    fc.assert(
      fc.property(statuses, (all) => {
        const expected = (['CRITICAL', 'WARNING', 'UNKNOWN', 'HEALTHY'] as const).find((each) => all.includes(each))
        expect(worst(all)).toBe(expected ?? 'UNKNOWN')
        expect(worst(all.toReversed())).toBe(worst(all))
      }),
    )
  })

  it('counts each part once', () => {
    fc.assert(
      fc.property(statuses, (all) => {
        const { total, healthy, warning, critical, unknown } = summarize(all.map((status) => component(status)))
        expect(healthy + warning + critical + unknown).toBe(total)
        expect(total).toBe(all.length)
        expect(critical > 0).toBe(worst(all) === 'CRITICAL')
      }),
    )
  })

  it('says what is wrong, worst first, each name once', () => {
    expect(messageOf([])).toBe('Nothing has been checked yet.')
    expect(messageOf([component('HEALTHY')])).toBe('All components are healthy.')
    expect(
      messageOf([
        component('UNKNOWN', 'ffmpeg'),
        component('CRITICAL'),
        component('CRITICAL'),
        component('CRITICAL', 'disk'),
      ]),
    ).toBe('Critical: database, disk; unknown: ffmpeg.')
  })
})

it.each([
  [0, 'HEALTHY'],
  [79.9, 'HEALTHY'],
  [80, 'WARNING'],
  [94.9, 'WARNING'],
  [95, 'CRITICAL'],
  [100, 'CRITICAL'],
  [null, 'UNKNOWN'],
])('%s %% is %s', (percent, status) => {
  expect(statusOfPercent(percent)).toBe(status)
})

describe('another node', () => {
  const node: NodeHealth = {
    nodeId: 'node_b',
    components: [component('HEALTHY')],
    activeProcesses: 1,
    reportedAt: 1000,
  }

  it.each([
    [staleMs - 1, ['HEALTHY']],
    [staleMs, ['UNKNOWN']],
    [forgottenMs - 1, ['UNKNOWN']],
    [forgottenMs, []],
  ])('silent for %s ms', (silentMs, expected) => {
    expect(componentsOf(node, 1000 + silentMs).map(({ status }) => status)).toEqual(expected)
  })
})

describe('the disk', () => {
  const gigabyte = 2 ** 30
  it.each([
    [100 * gigabyte, 50 * gigabyte, 'HEALTHY', '50 % is used.'],
    [100 * gigabyte, 20 * gigabyte, 'WARNING', '80 % is used.'],
    [100 * gigabyte, 4 * gigabyte, 'CRITICAL', '96 % is used.'],
    // Little is used of a small disk, and yet nothing can be stored.
    [0.07 * gigabyte, 0.06 * gigabyte, 'CRITICAL', 'It is nearly full: nothing is stored until there is space again.'],
    [0, 0, 'UNKNOWN', 'How full it is is not known.'],
  ])('of %s bytes with %s free', (totalBytes, freeBytes, status, message) => {
    expect(judgeDisk({ totalBytes, freeBytes })).toMatchObject({ status, message })
  })
})

describe('the machine', () => {
  it.each([
    [{ cpuPercent: 10, memoryPercent: 20, eventLoopLagMs: 3, eventLoopLongestMs: 3 }, 'HEALTHY', 'There is room.'],
    [
      { cpuPercent: 81, memoryPercent: 20, eventLoopLagMs: 300, eventLoopLongestMs: 300 },
      'WARNING',
      'Under load: CPU, event loop.',
    ],
    [
      { cpuPercent: 81, memoryPercent: 96, eventLoopLagMs: 3, eventLoopLongestMs: 3 },
      'CRITICAL',
      'Under load: memory.',
    ],
    [
      { cpuPercent: null, memoryPercent: 20, eventLoopLagMs: null, eventLoopLongestMs: null },
      'HEALTHY',
      'There is room.',
    ],
    [
      { cpuPercent: null, memoryPercent: null, eventLoopLagMs: null, eventLoopLongestMs: null },
      'UNKNOWN',
      'Nothing is measured yet.',
    ],
  ])('with %j', (resources, status, message) => {
    expect(judgeResources(resources)).toEqual({ status, message, details: resources })
  })

  it('takes CPU time for a share between two readings, within 0 and 100', () => {
    expect(cpuPercentBetween({ busyMs: 100, totalMs: 1000 }, { busyMs: 350, totalMs: 2000 })).toBe(25)
    expect(cpuPercentBetween({ busyMs: 0, totalMs: 5 }, { busyMs: 0, totalMs: 5 })).toBeNull()
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), fc.integer({ min: 1 }), (busyMs, more, totalMs, passed) => {
        const percent = cpuPercentBetween({ busyMs, totalMs }, { busyMs: busyMs + more, totalMs: totalMs + passed })
        expect(percent).toBeGreaterThanOrEqual(0)
        expect(percent).toBeLessThanOrEqual(100)
      }),
    )
  })
})
