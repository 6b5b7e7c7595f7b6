import type { Logger } from '../../platform/logs/logger.ts'
import { betterCause, gateNote } from '../../sources/gate/better-cause.ts'
import type { GatedSource } from '../../sources/gate.ts'
import { cleanerOf } from '../../sources/source-redactor.ts'
import { SourceFailure } from '../../streams/causes.ts'
import type { FileSource, SourceTrack, UrlSource } from '../../streams/model.ts'
import { fileArguments, logLevel, standardInput, urlArguments } from './arguments.ts'
import { failureCause, loopNote } from './cause.ts'
import { causeAfterLook } from './closed-port.ts'
import { gateEnvironment } from './gate-environment.ts'
import { createProcessLog } from './log.ts'
import { createLoopGuard } from './loop-guard.ts'
import { type ProbeOutput, tracksInProbe } from './probe-output.ts'
import { giveInput, inputKind, spawnBound } from './spawn.ts'

export interface ProbeDeps {
  logger: Logger
  /** ms since the epoch. */
  now(): number
  /** ffprobe's executable: a name that is found on PATH, or a path. */
  ffprobe: string
  /** Ends the probe early: it then rejects like one whose time is over. */
  signal?: AbortSignal
  /** Where the source leads to the gate. */
  gated?: GatedSource | null
}

/** So much of the media is looked at: enough for B-frames, and for tracks that are announced and never sent. */
const lookSeconds = 1
/** Waited for twice at most, for the first answer and for the first packet, before FFmpeg gives up by itself. */
const silenceSeconds = 5
const outputLimitBytes = 4 * 1024 * 1024

/**
 * Learns what a source carries, within `deadlineMs` by wall clock. A FILE source's path is absolute here. A test pattern
 * needs no probe (patternTracks). Rejects with SourceFailure, redacted.
 */
export async function probeSource(
  source: UrlSource | FileSource,
  deadlineMs: number,
  { logger, now, ffprobe, signal, gated = null }: ProbeDeps,
): Promise<SourceTrack[]> {
  const startedAt = now()
  const input = standardInput(source, silenceSeconds)
  const child = await spawnBound(
    ffprobe,
    [
      ...[
        '-hide_banner',
        '-loglevel',
        logLevel(source.kind),
        '-of',
        'json=compact=1',
        '-read_intervals',
        `%+${lookSeconds}`,
      ],
      ...['-show_entries', 'stream:stream_disposition=attached_pic:packet=stream_index,pts'],
      ...(source.kind === 'FILE' ? fileArguments(source.path) : urlArguments(source, silenceSeconds)),
    ],
    [inputKind(input), 'pipe', 'pipe'],
    logger,
    gateEnvironment(gated),
  )
  giveInput(child, input)
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const loopGuard = createLoopGuard(source, gated)
  let looping = false
  const log = createProcessLog(
    (line) => {
      if (looping || !loopGuard.push(line, now())) return
      looping = true
      child.kill('SIGKILL')
    },
    cleanerOf(source, gated),
  )
  let hopeless = false
  gated?.onHopeless(() => {
    hopeless = true
    child.kill('SIGKILL')
  })
  child.stderr!.setEncoding('utf8').on('data', log.push)
  let output = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (output.length > outputLimitBytes) child.kill('SIGKILL')
  })

  let late = false
  const giveUp = () => {
    late = true
    child.kill('SIGKILL')
  }
  const deadline = setTimeout(giveUp, deadlineMs)
  signal?.addEventListener('abort', giveUp)
  if (signal?.aborted) giveUp()
  const end = await ended
  clearTimeout(deadline)
  signal?.removeEventListener('abort', giveUp)
  log.end()
  if (looping) log.note(loopNote)
  const seen = gated?.failure() ?? null
  if (seen && !looping) log.note(gateNote(seen))
  const lines = log.lines()

  const elapsedMs = now() - startedAt
  const told = failureCause(lines, { ...end, kind: source.kind, elapsedMs, packets: null, stopped: late })
  const cause = betterCause(told, seen, hopeless)
  if (late || end.code !== 0)
    throw new SourceFailure(late ? cause : await causeAfterLook(cause, source), undefined, lines)
  const tracks = tracksInProbe(JSON.parse(output) as ProbeOutput)
  if (tracks.length === 0) throw new SourceFailure(betterCause('NO_MEDIA', seen), undefined, lines)
  return tracks
}
