import type { ChildProcess, StdioOptions } from 'node:child_process'
import type { Logger } from '../../platform/logs/logger.ts'
import { betterCause, gateNote } from '../../sources/gate/better-cause.ts'
import { cleanerOf } from '../../sources/source-redactor.ts'
import type { ProcessExit } from '../../streams/model.ts'
import { ingestArguments, silenceSeconds, standardInput } from './arguments.ts'
import { failureCause, loopNote } from './cause.ts'
import { openChannels } from './channels.ts'
import { causeAfterLook } from './closed-port.ts'
import { gateEnvironment } from './gate-environment.ts'
import { createProcessLog } from './log.ts'
import { createLoopGuard } from './loop-guard.ts'
import { createPacketLog } from './packet-log.ts'
import { type CpuReading, nextCpu, readProc } from './proc.ts'
import { lastProgress, type Progress } from './progress.ts'
import { createReportedTracks } from './reported-tracks.ts'
import { giveInput, inputKind, spawnBound } from './spawn.ts'
import type { IngestProcess, IngestSpec, ProcessFigures } from './types.ts'

export interface IngestDeps {
  logger: Logger
  /** ms since the epoch. */
  now(): number
  /** FFmpeg's executable: a name that is found on PATH, or a path. */
  ffmpeg: string
  /** Waited for before the process is started. */
  gate?: () => Promise<void>
}

/** Figures of -progress that are older are no longer figures. */
const progressStaleMs = 10_000
const graceMsDefault = 2_000

/**
 * Starts FFmpeg for one stream and answers when it runs. Rejects with Error where it could not be started at all
 * (no such program, no more processes); what goes wrong later is told by `exited`.
 */
export async function startIngest(spec: IngestSpec, { logger, now, ffmpeg, gate }: IngestDeps): Promise<IngestProcess> {
  const ffmpegArguments = ingestArguments(spec)
  const input = standardInput(spec.source, silenceSeconds)
  const channels = await openChannels(logger)
  let child: ChildProcess
  let startedAt: number
  try {
    await gate?.()
    startedAt = now()
    const stdio: StdioOptions = [inputKind(input), 'ignore', 'pipe', ...channels.childFds]
    child = await spawnBound(ffmpeg, ffmpegArguments, stdio, logger, gateEnvironment(spec.gated))
    giveInput(child, input)
  } catch (error) {
    channels.close()
    throw error
  }
  channels.handedOver()
  const pid = child.pid!

  const packets = createPacketLog()
  let progress: Progress | null = null
  let progressAt = 0
  let cpu: CpuReading | null = null
  let ended: ProcessExit | null = null
  let stopping = false
  let looping = false

  const reported = createReportedTracks()
  const loopGuard = createLoopGuard(spec.source, spec.gated)
  const log = createProcessLog(
    (line) => {
      reported.push(line)
      if (!ended && !looping && loopGuard.push(line, now())) {
        looping = true
        child.kill('SIGKILL')
      }
    },
    cleanerOf(spec.source, spec.gated),
  )
  let hopeless = false
  spec.gated?.onHopeless(() => {
    hopeless = true
    if (!ended) child.kill('SIGKILL')
  })
  child.stderr!.setEncoding('utf8').on('data', log.push)

  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('close', (code, signal) => {
      log.end()
      if (looping) log.note(loopNote)
      const seen = spec.gated?.failure() ?? null
      if (seen && !looping) log.note(gateNote(seen))
      spec.gated?.close()
      const at = now()
      packets.push(channels.readPackets(), at)
      channels.close()
      const lines = log.lines()
      const flowed = packets.total()
      const end = {
        code,
        signal,
        kind: spec.source.kind,
        elapsedMs: at - startedAt,
        packets: flowed,
        stopped: stopping,
      }
      const told = failureCause(lines, end)
      const exit = {
        code,
        signal,
        cause: stopping && flowed > 0 ? told : betterCause(told, seen, hopeless),
        at,
        log: lines,
      }
      ended = exit
      if (stopping) resolve(exit)
      else void causeAfterLook(exit.cause, spec.source).then((cause) => resolve({ ...exit, cause }))
    })
  })
  // A signal that can't be sent says so by this event, and without a listener it would end us.
  child.on('error', (error) =>
    logger.warn({ streamId: spec.streamId, pid, err: error }, 'FFmpeg could not be signalled'),
  )

  function sample(): ProcessFigures {
    const at = now()
    let memoryBytes: number | null = null
    if (!ended) {
      packets.push(channels.readPackets(), at)
      const block = lastProgress(channels.readProgress())
      if (block) {
        progress = block
        progressAt = at
      }
      const proc = readProc(pid)
      memoryBytes = proc.memoryBytes
      cpu = nextCpu(cpu, at, proc.cpuSeconds)
    }
    const tracks = packets.figures(at)
    const bitrates = tracks.flatMap(({ bitrateBps }) => bitrateBps ?? [])
    const fresh = progress && at - progressAt <= progressStaleMs ? progress : null
    return {
      pid,
      startedAt,
      cpuPercent: ended ? null : (cpu?.percent ?? null),
      memoryBytes,
      frames: fresh?.frames ?? null,
      fps: fresh?.fps ?? null,
      bitrateBps: bitrates.length > 0 ? bitrates.reduce((sum, bps) => sum + bps, 0) : null,
      speed: fresh?.speed ?? null,
      droppedFrames: fresh?.droppedFrames ?? null,
      tracks,
      measuredAt: at,
    }
  }

  function stop(graceMs = graceMsDefault): Promise<ProcessExit> {
    if (!stopping && !ended) {
      stopping = true
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      exited.then(() => clearTimeout(timer))
    }
    return exited
  }

  return {
    pid,
    startedAt,
    sample,
    exited,
    stop,
    log: log.lines,
    reportedTracks: () => reported.tracks(packets.reordered),
  }
}
