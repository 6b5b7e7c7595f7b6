import type { ChildProcess } from 'node:child_process'
import type { Logger } from '../../platform/logs/logger.ts'
import { keyframeArguments } from '../ffmpeg/keyframe-arguments.ts'
import { createProcessLog } from '../ffmpeg/log.ts'
import { spawnBound } from '../ffmpeg/spawn.ts'
import type { StreamMedia, VideoTap } from '../mediasoup/types.ts'
import { comparedHeight, comparedWidth } from './difference.ts'
import { afterKeyframe, nothingSeen, type Stillness, stillSince } from './stillness.ts'

export interface PictureWatchDeps {
  logger: Logger
  /** ms since the epoch. */
  now(): number
  /** FFmpeg's executable. */
  ffmpeg: string
}

/** Where a stream's video can be taken from. */
export type PictureSource = Pick<StreamMedia, 'tapVideo'>

/** Sees whether one stream's picture changes, with a small FFmpeg of its own beside the stream's. Never throws, never rejects. */
export interface PictureWatch {
  /** What is to be watched from now on; null: nothing. Say it as often as you like. */
  follow(source: PictureSource | null): void
  /** ms since the epoch; null: it changes, or is not watched. */
  stillSince(): number | null
  /** Resolves when its FFmpeg has ended. */
  close(): Promise<void>
}

/** One that has died may die again. */
const restartDelayMs = 5_000
const pictureBytes = comparedWidth * comparedHeight

export function createPictureWatch(deps: PictureWatchDeps): PictureWatch {
  let followed: PictureSource | null = null
  let running: Promise<void> = Promise.resolve()
  let stop = new AbortController()
  let seen: Stillness = nothingSeen
  let notBefore = 0
  let busy = false

  async function watch(source: PictureSource, signal: AbortSignal): Promise<void> {
    const tap = await source.tapVideo()
    if (!tap) return
    try {
      if (signal.aborted) return
      await decode(tap, signal, deps, (picture) => {
        if (!signal.aborted) seen = afterKeyframe(seen, picture, deps.now())
      })
    } finally {
      tap.close()
    }
  }

  function begin(source: PictureSource): void {
    busy = true
    const { signal } = stop
    running = watch(source, signal)
      .catch((error: unknown) => deps.logger.warn({ err: error }, 'The picture could not be watched'))
      .finally(() => {
        busy = false
        seen = nothingSeen
        notBefore = signal.aborted ? 0 : deps.now() + restartDelayMs
      })
  }

  function follow(source: PictureSource | null): void {
    if (source !== followed) {
      followed = source
      stop.abort()
      seen = nothingSeen
    }
    if (!source || busy || deps.now() < notBefore) return
    stop = new AbortController()
    begin(source)
  }

  return {
    follow,
    stillSince: () => stillSince(seen),
    close() {
      follow(null)
      return running
    },
  }
}

/** Resolves when FFmpeg has ended: by itself, by the signal, or because there is no video to take any more. */
async function decode(
  tap: VideoTap,
  signal: AbortSignal,
  { ffmpeg, logger }: PictureWatchDeps,
  onPicture: (picture: Uint8Array) => void,
): Promise<void> {
  const child = await spawnBound(ffmpeg, keyframeArguments(tap), ['ignore', 'pipe', 'pipe'], logger)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.on('error', (error) => logger.warn({ pid: child.pid, err: error }, 'FFmpeg could not be signalled'))
  const log = createProcessLog()
  child.stderr!.setEncoding('utf8').on('data', log.push)
  readPictures(child, onPicture)
  const end = () => void child.kill('SIGKILL')
  signal.addEventListener('abort', end, { once: true })
  void tap.closed.then(end)
  if (signal.aborted) end()
  await ended
  log.end()
  if (!signal.aborted) logger.warn({ log: log.lines().slice(-5) }, 'The FFmpeg that watches the picture has ended')
}

function readPictures(child: ChildProcess, onPicture: (picture: Uint8Array) => void): void {
  let pending = Buffer.alloc(0)
  child.stdout!.on('data', (data: Buffer) => {
    pending = Buffer.concat([pending, data])
    for (; pending.length >= pictureBytes; pending = pending.subarray(pictureBytes))
      onPicture(Uint8Array.from(pending.subarray(0, pictureBytes)))
  })
}
