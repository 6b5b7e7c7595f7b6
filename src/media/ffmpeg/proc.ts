import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

/** CPU time used and memory held by a process, as Linux tells. Null where it can't be read. */
export interface ProcReading {
  /** Of user and kernel together, since the process began. */
  cpuSeconds: number | null
  /** What is held in RAM. */
  memoryBytes: number | null
}

const unread: ProcReading = { cpuSeconds: null, memoryBytes: null }

/** Linux counts CPU time in units of 1/100 s for every program, whatever the kernel's own tick is. */
const ticksPerSecond = 100

/** A line of /proc/<pid>/stat is a few hundred bytes. */
const buffer = Buffer.allocUnsafe(4096)

/** One small read a call: /proc/<pid>/status says the same in plainer words and costs three times as much. */
export function readProc(pid: number): ProcReading {
  let fd: number
  try {
    fd = openSync(`/proc/${pid}/stat`, 'r')
  } catch {
    return unread
  }
  try {
    return readingIn(buffer.toString('latin1', 0, readSync(fd, buffer)), pageBytes())
  } catch {
    return unread
  } finally {
    closeSync(fd)
  }
}

/**
 * From /proc/<pid>/stat. The program's name, in brackets, may itself hold blanks and brackets. A process that has ended
 * and waits to be reaped holds no memory, and none is not a measurement.
 */
export function readingIn(stat: string, bytesPerPage: number | null): ProcReading {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 22)
  const ticks = Number(fields[11]) + Number(fields[12])
  const pages = Number(fields[21])
  return {
    cpuSeconds: Number.isFinite(ticks) ? ticks / ticksPerSecond : null,
    memoryBytes: pages > 0 && bytesPerPage !== null ? pages * bytesPerPage : null,
  }
}

let page: number | null | undefined

/** The machine's page size, as the kernel has told this process; null where that can't be read. */
function pageBytes(): number | null {
  if (page === undefined) page = readPageBytes()
  return page
}

const auxiliaryPageSize = 6n

function readPageBytes(): number | null {
  try {
    const pairs = readFileSync('/proc/self/auxv')
    for (let at = 0; at + 16 <= pairs.length; at += 16) {
      if (pairs.readBigUInt64LE(at) === auxiliaryPageSize) return Number(pairs.readBigUInt64LE(at + 8))
    }
  } catch {
    // Not Linux, or /proc is closed.
  }
  return null
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
