import { readFileSync } from 'node:fs'

/** CPU time used and memory held by a process, as Linux tells. Null where it can't be read. */
export interface ProcReading {
  /** Of user and kernel together, since the process began. */
  cpuSeconds: number | null
  /** What is held in RAM. */
  memoryBytes: number | null
}

/** Linux counts CPU time in units of 1/100 s for every program, whatever the kernel's own tick is. */
const ticksPerSecond = 100

export function readProc(pid: number): ProcReading {
  return {
    cpuSeconds: cpuSecondsIn(read(`/proc/${pid}/stat`)),
    memoryBytes: residentBytesIn(read(`/proc/${pid}/status`)),
  }
}

/** CPU time at one moment, and what was used up to then: 100 is one core, null while there was nothing to compare with. */
export interface CpuReading {
  at: number
  seconds: number
  percent: number | null
}

/** Linux counts in steps of 10 ms: a shorter span than this says little. */
const shortestSpanMs = 500

/** The reading after `last`, at `at` (ms). Too soon after the last it is the last one. */
export function nextCpu(last: CpuReading | null, at: number, seconds: number | null): CpuReading | null {
  if (seconds === null) return null
  if (!last) return { at, seconds, percent: null }
  if (at - last.at < shortestSpanMs) return last
  return { at, seconds, percent: ((seconds - last.seconds) * 100_000) / (at - last.at) }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** From /proc/<pid>/stat. The program's name, in brackets, may itself hold blanks and brackets. */
export function cpuSecondsIn(stat: string): number | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return Number.isFinite(ticks) ? ticks / ticksPerSecond : null
}

/** From /proc/<pid>/status; a process that has ended has no memory there. */
export function residentBytesIn(status: string): number | null {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(status)
  return match ? Number(match[1]) * 1024 : null
}
