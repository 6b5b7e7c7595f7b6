import { readdirSync, readFileSync } from 'node:fs'

/** A process of this machine, read from /proc. */
export interface ProcessEntry {
  pid: number
  parentPid: number
  /** The program's name, at most 15 characters: `ffmpeg`, `mediasoup-worke`, `node`. */
  name: string
  /** R, S, D, T (stopped) or Z (ended and not yet reaped). */
  state: string
  commandLine: string
  /** Processor time used so far, user and system. */
  cpuMs: number
  /** When it was started, in ms since the machine's own start: tells two processes of one pid apart. */
  startedMs: number
}

/** Linux gives times in ticks, 100 a second on every platform that we run on. */
const tickMs = 10

/** One process, or null where it is gone. */
export function readProcess(pid: number): ProcessEntry | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim()
    const nameEnd = stat.lastIndexOf(')')
    const fields = stat.slice(nameEnd + 2).split(' ')
    return {
      pid,
      parentPid: Number(fields[1]),
      name: stat.slice(stat.indexOf('(') + 1, nameEnd),
      state: fields[0]!,
      commandLine,
      cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs,
      startedMs: Number(fields[19]) * tickMs,
    }
  } catch {
    return null
  }
}

/** Every process that runs now; those that have ended and only wait to be reaped are left out. */
export function allProcesses(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((entry) => entry !== null)
    .filter((entry) => entry.state !== 'Z')
}

/** All that descend from `pid`, without itself. */
export function descendants(pid: number, among = allProcesses()): ProcessEntry[] {
  const children = among.filter((entry) => entry.parentPid === pid)
  return children.flatMap((child) => [child, ...descendants(child.pid, among)])
}

/** Processes that carry this text in their environment or their command line: also those whose parent is gone. */
export function processesMarked(mark: string): ProcessEntry[] {
  return allProcesses().filter(({ pid, commandLine }) => {
    if (commandLine.includes(mark)) return true
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark)
    } catch {
      return false
    }
  })
}

/** Resident and private memory of a process; null where it is gone. */
export function memoryOf(pid: number): { residentBytes: number; privateBytes: number } | null {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0) * 1024
    return { residentBytes: bytes('Rss'), privateBytes: bytes('Private_Clean') + bytes('Private_Dirty') }
  } catch {
    return null
  }
}
