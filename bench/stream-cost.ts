import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { memoryOf, readProcess } from '../test/support/processes.ts'
import { Weir } from '../test/support/weir.ts'
import { type Benchmark, percentile } from './support/figure.ts'

const run = promisify(execFile)
const streams = 50
const warmUpStreams = 5
const windowMs = 45_000
const settleMs = 10_000
const goalPercent = 0.05
const goalBytes = 2 * 1024 * 1024

/**
 * What the server's own process takes more with 50 live streams than with none: FFmpeg and mediasoup are processes of their
 * own and not counted. Every stream is a real FFmpeg that copies a file to a real producer and to segments.
 */
export const streamCost: Benchmark = {
  name: 'stream-cost',
  title: 'One live stream above FFmpeg and mediasoup',
  async run() {
    await using weir = await Weir.start({ env: { LOG_LEVEL: 'info' } })
    await mkdir(weir.mediaDir, { recursive: true })
    await run('ffmpeg', [
      ...['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25', '-t', '20'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline', '-b:v', '200k'],
      ...['-pix_fmt', 'yuv420p', '-g', '50', join(weir.mediaDir, 'small.mp4')],
    ])
    // Code that the first stream of all loads, and heap that it opens, is the server's cost and not each stream's.
    for (let n = 1; n <= warmUpStreams; n += 1) {
      await weir.liveStream({ name: `Warm-up ${n}`, source: { file: { path: 'small.mp4' } } })
    }
    await weir.clear()
    await pause(settleMs)
    const idle = await sample(weir.pid)
    for (let n = 1; n <= streams; n += 1) {
      await weir.liveStream({ name: `Stream ${n}`, source: { file: { path: 'small.mp4' } } })
    }
    await pause(settleMs)
    const loaded = await sample(weir.pid)
    const running = weir.ffmpegs()
    if (running.length !== streams) throw new Error(`${running.length} FFmpegs, not ${streams}`)
    const cpuPercent = (loaded.cpuPercent - idle.cpuPercent) / streams
    const bytes = (loaded.residentBytes - idle.residentBytes) / streams
    return [
      {
        what: `processor, of one core, each of ${streams}`,
        value: cpuPercent,
        unit: '%',
        beside: { what: 'the server itself with no stream', value: idle.cpuPercent },
        goal: `at most ${goalPercent} %`,
        reached: cpuPercent <= goalPercent,
      },
      {
        what: `memory, each of ${streams}`,
        value: bytes / 1024 / 1024,
        unit: 'MB',
        beside: { what: 'the server itself with no stream', value: idle.residentBytes / 1024 / 1024 },
        goal: 'at most 2 MB',
        reached: bytes <= goalBytes,
      },
    ]
  },
}

/** Processor time over the window, and the median of the resident memory in it. */
async function sample(pid: number): Promise<{ cpuPercent: number; residentBytes: number }> {
  const from = readProcess(pid)!.cpuMs
  const startedAt = performance.now()
  const resident: number[] = []
  while (performance.now() - startedAt < windowMs) {
    resident.push(memoryOf(pid)!.residentBytes)
    await pause(1000)
  }
  const cpuMs = readProcess(pid)!.cpuMs - from
  return {
    cpuPercent: (cpuMs / (performance.now() - startedAt)) * 100,
    residentBytes: percentile(resident, 0.5),
  }
}
