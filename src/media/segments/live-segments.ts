import { readdir, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Logger } from '../../platform/logs/logger.ts'
import { initName, segmentNumber } from './names.ts'
import { type LiveRun, StreamSegments } from './stream-segments.ts'

export interface LiveSegmentsOptions {
  /** <DATA_DIR>/segments: nobody else's, and this process's alone. */
  root: string
  logger: Logger
  now?: () => number
  /** Segments that a playlist lists; at least 3. */
  windowSegments?: number
  segmentSeconds?: number
}

export interface LiveSegmentsFigures {
  streams: number
  /** On disk: in the window and in their grace period. */
  segments: number
  bytes: number
}

/** FFmpeg's lists are looked at this often where a segment is due, and not at all before. */
const tickMs = 250
/** Segments that a first playlist should have; hls.js starts without a stall on two. */
const firstSegments = 2
/** hls.js gives a playlist 10 s to its first byte, and never asks again after a 404. */
const firstPlaylistWaitMs = 6000
const maxWaiters = 1000

/**
 * The live segments of this node's streams: who writes where, what is listed, what is deleted when.
 *
 * For each FFmpeg process the reconciler calls openRun, gives the folder to FFmpeg, tells the run when its first packet
 * has arrived at mediasoup, and closes it when the process has ended. removeStream when the stream is not wanted any more.
 */
export class LiveSegments {
  private readonly root: string
  private readonly logger: Logger
  private readonly now: () => number
  private readonly windowSegments: number
  private readonly segmentSeconds: number
  private readonly streams = new Map<string, StreamSegments>()
  private timer: NodeJS.Timeout | null = null
  private waiters = 0

  constructor(options: LiveSegmentsOptions) {
    this.root = options.root
    this.logger = options.logger
    this.now = options.now ?? Date.now
    this.windowSegments = options.windowSegments ?? 8
    this.segmentSeconds = options.segmentSeconds ?? 2
  }

  /** Sweeps what earlier processes left and begins to watch. Call it before the first openRun. Never rejects. */
  async start(): Promise<void> {
    this.timer = setInterval(() => this.tick(), tickMs)
    this.timer.unref()
    try {
      for (const name of await readdir(this.root)) {
        await rm(join(this.root, name), { recursive: true, force: true })
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.logger.warn({ error, folder: this.root }, 'old segments could not be swept')
      }
    }
  }

  /**
   * Makes the folder of the next FFmpeg process; `token` and `run` together are never used twice for a stream. Null
   * where the disk doesn't allow it (logged): then let FFmpeg run without segments.
   */
  async openRun(streamId: string, token: number, run: number): Promise<LiveRun | null> {
    let stream = this.streams.get(streamId)
    if (!stream) {
      stream = new StreamSegments({
        folder: join(this.root, streamId),
        logger: this.logger.child({ streamId }),
        now: this.now,
        windowSegments: this.windowSegments,
        segmentSeconds: this.segmentSeconds,
      })
      this.streams.set(streamId, stream)
    }
    try {
      return await stream.openRun(`${token}/${run}`)
    } catch (error) {
      this.logger.error(
        { error, streamId, folder: this.root },
        'no folder for segments: the stream goes on without HLS',
      )
      return null
    }
  }

  /** The stream isn't wanted any more: its playlist is gone at once, its files soon. */
  async removeStream(streamId: string): Promise<void> {
    const stream = this.streams.get(streamId)
    if (!stream) return
    this.streams.delete(streamId)
    await stream.remove()
    await removeEmpty(join(this.root, streamId), this.root)
  }

  /**
   * The playlist, or null where the stream has none. A stream that has just been started is waited for, up to 6 s
   * or until `signal` is aborted.
   */
  async playlist(streamId: string, signal?: AbortSignal): Promise<string | null> {
    const stream = this.streams.get(streamId)
    if (!stream) return null
    if (stream.writing && stream.liveCount() < firstSegments && this.waiters < maxWaiters) {
      this.waiters++
      const deadline = AbortSignal.timeout(firstPlaylistWaitMs)
      try {
        await stream.untilLive(firstSegments, signal ? AbortSignal.any([signal, deadline]) : deadline)
      } finally {
        this.waiters--
      }
    }
    return stream.playlist()
  }

  /** Where a file that a playlist names (or named a moment ago) lies; null for everything else. */
  file(streamId: string, token: string, run: string, name: string): string | null {
    const folder = this.streams.get(streamId)?.servedFolder(`${token}/${run}`)
    if (!folder || (name !== initName && segmentNumber(name) === null)) return null
    return join(folder, name)
  }

  figures(): LiveSegmentsFigures {
    const figures = { streams: this.streams.size, segments: 0, bytes: 0 }
    for (const stream of this.streams.values()) {
      figures.segments += stream.kept().length
      for (const segment of stream.kept()) figures.bytes += segment.sizeBytes
    }
    return figures
  }

  /** Ends the watch and deletes everything. */
  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer)
    this.timer = null
    await Promise.all([...this.streams.keys()].map((streamId) => this.removeStream(streamId)))
  }

  private tick(): void {
    for (const stream of this.streams.values()) stream.tick()
  }
}

/** Removes the folder and its empty parents below `root`. */
async function removeEmpty(folder: string, root: string): Promise<void> {
  for (let path = folder; path !== root && path.startsWith(root); path = dirname(path)) {
    try {
      await rmdir(path)
    } catch {
      return
    }
  }
}
