import { availableParallelism, cpus, totalmem } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Resources } from './checks/system-resources.ts'

/** Time that all cores together were busy and were there, in ms since the machine started. */
export interface CpuTimes {
  busyMs: number
  totalMs: number
}

/** Between two readings, in percent of all cores; null where no time has passed. */
export function cpuPercentBetween(before: CpuTimes, after: CpuTimes): number | null {
  const totalMs = after.totalMs - before.totalMs
  if (totalMs <= 0) return null
  const percent = ((after.busyMs - before.busyMs) / totalMs) * 100
  return Math.round(Math.min(100, Math.max(0, percent)) * 10) / 10
}

function readCpuTimes(): CpuTimes {
  let busyMs = 0
  let totalMs = 0
  for (const { times } of cpus()) {
    const { user, nice, sys, idle, irq } = times
    busyMs += user + nice + sys + irq
    totalMs += user + nice + sys + irq + idle
  }
  return { busyMs, totalMs }
}

/** How far back the CPU is averaged, and how much of that has to have passed: a start of many streams is no load of its own. */
const averageMs = 60_000
const minimumMs = 10_000
const maxReadings = 120
/** Timers are looked at so often; what comes later than that is the lag. */
const lagResolutionMs = 20

/** Measures from its making on until `stop`. */
export function startResources(now: () => number = Date.now): { read(): Resources; stop(): void } {
  const delay = monitorEventLoopDelay({ resolution: lagResolutionMs })
  delay.enable()
  let readings: { at: number; times: CpuTimes }[] = [{ at: now(), times: readCpuTimes() }]
  return {
    read() {
      const at = now()
      const times = readCpuTimes()
      readings = [...readings.filter((reading) => at - reading.at <= averageMs), { at, times }].slice(-maxReadings)
      const first = readings[0]!
      const cpuPercent = at - first.at >= minimumMs ? cpuPercentBetween(first.times, times) : null
      const isMeasured = delay.count > 0
      const eventLoopLagMs = isMeasured ? lagMs(delay.percentile(99)) : null
      const eventLoopLongestMs = isMeasured ? lagMs(delay.max) : null
      delay.reset()
      return { cpuPercent, memoryPercent: memoryPercent(), eventLoopLagMs, eventLoopLongestMs }
    },
    stop: () => delay.disable(),
  }
}

function lagMs(delayNs: number): number {
  return Math.round(Math.max(0, delayNs / 1e6 - lagResolutionMs) * 10) / 10
}

/** Of what this process may use: a container's limit where there is one. */
function memoryPercent(): number | null {
  const limit = process.constrainedMemory()
  const total = limit > 0 && limit < totalmem() ? limit : totalmem()
  const available = Math.min(process.availableMemory(), total)
  return total > 0 ? Math.round((1 - available / total) * 1000) / 10 : null
}

/** Workers that the pool keeps where nothing else is set: one a core. */
export function workersExpected(setting: number | null): number {
  return setting ?? availableParallelism()
}
