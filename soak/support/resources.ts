import { readdirSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { memoryOf, type ProcessEntry, readProcess } from '../../test/support/processes.ts'
import type { Weir } from '../../test/support/weir.ts'

/** What the server takes at one moment. CPU since the sample before it; 100 is one core. Null where there is none before it. */
export interface ResourceSample {
  at: number
  serverCpuPercent: number | null
  serverMb: number | null
  ffmpegs: number
  ffmpegCpuPercent: number | null
  ffmpegMb: number
  workerCpuPercent: number | null
  workerMb: number
  databaseMb: number
  zombies: number
}

const mb = 1024 * 1024

/** Reads /proc; made for a sample every half minute. */
export class ResourceWatch {
  readonly samples: ResourceSample[] = []
  #before = new Map<number, number>()
  #at = 0

  async sample(weir: Weir): Promise<ResourceSample> {
    const now = performance.now()
    const processes = weir.processes()
    const server = readProcess(weir.pid)
    // Those of streams: a check of the node's own FFmpeg runs one for a moment.
    const ffmpegs = weir.ffmpegs()
    const workers = processes.filter(({ name }) => name.startsWith('mediasoup-work'))
    const cpu = (entries: (ProcessEntry | null)[]) => {
      if (this.#at === 0) return null
      const used = entries.reduce((sum, one) => sum + (one ? one.cpuMs - (this.#before.get(one.pid) ?? 0) : 0), 0)
      return Math.round((used / (now - this.#at)) * 1000) / 10
    }
    const memory = (entries: ProcessEntry[]) =>
      Math.round(entries.reduce((sum, { pid }) => sum + (memoryOf(pid)?.residentBytes ?? 0), 0) / mb)
    const sample: ResourceSample = {
      at: Date.now(),
      serverCpuPercent: cpu([server]),
      serverMb: server ? memory([server]) : null,
      ffmpegs: ffmpegs.length,
      ffmpegCpuPercent: cpu(ffmpegs),
      ffmpegMb: memory(ffmpegs),
      workerCpuPercent: cpu(workers),
      workerMb: memory(workers),
      databaseMb: Math.round((await databaseBytes(weir.dataDir)) / mb),
      zombies: zombies(weir.pid).length,
    }
    this.#before = new Map([...processes, ...(server ? [server] : [])].map(({ pid, cpuMs }) => [pid, cpuMs]))
    this.#at = now
    this.samples.push(sample)
    return sample
  }
}

/** Children of a process that have ended and were not reaped. */
export function zombies(parentPid: number): ProcessEntry[] {
  return processIds()
    .map(readProcess)
    .filter((entry) => entry !== null)
    .filter((entry) => entry.state === 'Z' && entry.parentPid === parentPid)
}

function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

/** All below DATA_DIR but the live segments. */
async function databaseBytes(dataDir: string): Promise<number> {
  const names = await readdir(dataDir, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    names
      .filter((entry) => entry.isFile() && !/\.(m4s|mp4|m3u8)/.test(entry.name))
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          (found) => found.size,
          () => 0,
        ),
      ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Resident memory of the server: median of the second tenth of the time and of the last one, and what that makes an hour. */
export function memoryTrend(
  samples: readonly ResourceSample[],
): { fromMb: number; toMb: number; mbPerHour: number } | null {
  const known = samples.filter((sample) => sample.serverMb !== null)
  const tenth = Math.floor(known.length / 10)
  if (tenth < 1) return null
  const middle = (part: ResourceSample[]) => part.toSorted((a, b) => a.serverMb! - b.serverMb!)[part.length >> 1]!
  const from = middle(known.slice(tenth, 2 * tenth))
  const to = middle(known.slice(-tenth))
  const hours = (known.at(-1)!.at - known[tenth]!.at) / 3_600_000
  return { fromMb: from.serverMb!, toMb: to.serverMb!, mbPerHour: Math.round((to.serverMb! - from.serverMb!) / hours) }
}
