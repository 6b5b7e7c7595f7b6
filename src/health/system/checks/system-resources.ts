import type { HealthStatus } from '../../model.ts'
import type { Check } from '../check.ts'
import type { CheckOutcome } from '../model.ts'
import { statusOfPercent, worst } from '../rules.ts'

/** What this machine and this process bear. Null is "not measured". */
export interface Resources {
  /** Of all cores, over the last minute. */
  cpuPercent: number | null
  /** Of the memory that this process may use, by all that use it. */
  memoryPercent: number | null
  /** How late timers came, 99 of 100, since it was last asked. */
  eventLoopLagMs: number | null
  /** How late the latest of them came. */
  eventLoopLongestMs: number | null
}

const lagWarningMs = 250
const lagCriticalMs = 1000

function statusOfLag(lagMs: number | null) {
  if (lagMs === null) return 'UNKNOWN'
  return lagMs >= lagCriticalMs ? 'CRITICAL' : lagMs >= lagWarningMs ? 'WARNING' : 'HEALTHY'
}

/** CPU and memory: a warning from 80 % on, critical from 95 % on; the event loop: from 250 ms and 1 s on. By what is measured. */
export function judgeResources(resources: Resources): CheckOutcome {
  const { cpuPercent, memoryPercent, eventLoopLagMs } = resources
  const judged = [
    ['CPU', statusOfPercent(cpuPercent)],
    ['memory', statusOfPercent(memoryPercent)],
    ['event loop', statusOfLag(eventLoopLagMs)],
  ] as const
  const measured = judged.filter(([, status]) => status !== 'UNKNOWN')
  const status = worst(measured.map(([, each]) => each))
  const named = measured.filter(([, each]) => each === status).map(([what]) => what)
  return { status, message: messageOf(status, named), details: { ...resources } }
}

function messageOf(status: HealthStatus, named: readonly string[]): string {
  if (status === 'UNKNOWN') return 'Nothing is measured yet.'
  return status === 'HEALTHY' ? 'There is room.' : `Under load: ${named.join(', ')}.`
}

export function systemResourcesCheck(read: () => Resources): Check {
  return {
    component: 'SYSTEM_RESOURCES',
    name: 'system_resources',
    check: async () => judgeResources(read()),
  }
}
