import { rmdir, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Logger } from '../../platform/logs/logger.ts'
import { RunAnchor } from './anchor.ts'
import { type FoundSegment, RunFolder } from './run-folder.ts'
import { type LiveSegment, LiveWindow } from './window.ts'

/** One FFmpeg process's segments, as the reconciler sees them. */
export interface LiveRun {
  /** Exists and is empty: SegmentTarget.folder. */
  readonly folder: string
  /** The run's first packet has arrived at mediasoup: where its media time stands on the clock. */
  started(firstPacketAtMs: number): void
  /** The process has ended: takes in what it finished last. Never rejects; idempotent. */
  close(): Promise<void>
}

interface Run {
  path: string
  folder: RunFolder
  anchor: RunAnchor
  open: boolean
}

/** Where a segment is overdue by this, its list is looked at once a second only. */
const overdueMs = 10_000

/** The segments of one stream over all its runs: watches the newest, deletes what nobody needs. */
export class StreamSegments {
  private readonly folder: string
  private readonly logger: Logger
  private readonly now: () => number
  private readonly segmentSeconds: number
  private readonly window: LiveWindow
  private readonly runs = new Map<string, Run>()
  private dropped: { segment: LiveSegment; deleteAtMs: number }[] = []
  private waiters = new Set<() => void>()
  private work: Promise<void> = Promise.resolve()
  private busy = false
  private removed = false
  private dueAtMs = 0
  private nextLookMs = 0
  private faulty = false

  constructor(options: {
    folder: string
    logger: Logger
    now: () => number
    windowSegments: number
    segmentSeconds: number
  }) {
    this.folder = options.folder
    this.logger = options.logger
    this.now = options.now
    this.segmentSeconds = options.segmentSeconds
    this.window = new LiveWindow({
      nowMs: options.now(),
      maxSegments: options.windowSegments,
      segmentSeconds: options.segmentSeconds,
    })
  }

  /** Is a process writing (as far as we were told)? */
  get writing(): boolean {
    return [...this.runs.values()].some((run) => run.open)
  }

  async openRun(path: string): Promise<LiveRun> {
    const run: Run = { path, folder: new RunFolder(join(this.folder, path)), anchor: new RunAnchor(), open: true }
    await run.folder.create()
    this.runs.set(path, run)
    this.expect(this.segmentSeconds)
    return {
      folder: run.folder.path,
      started: (firstPacketAtMs) => run.anchor.set(firstPacketAtMs),
      close: () => this.closeRun(run),
    }
  }

  /** Starts what is due: a look at the open runs' lists, deletions. Cheap where nothing is. */
  tick(): void {
    const now = this.now()
    const look = now >= this.nextLookMs && this.writing
    const expired = this.dropped[0] !== undefined && now >= this.dropped[0].deleteAtMs
    if (this.busy || !(look || expired)) return
    void this.serially(async () => {
      if (look) {
        this.nextLookMs = now > this.dueAtMs + overdueMs ? now + 1000 : now
        for (const run of this.runs.values()) if (run.open) await this.takeIn(run)
        if (now > this.dueAtMs + overdueMs) await this.reportFullDisk()
      }
      await this.deleteExpired()
    })
  }

  liveCount(): number {
    return this.window.isLive(this.now()) ? this.window.segments().length : 0
  }

  playlist(): string | null {
    return this.removed ? null : this.window.playlist(this.now())
  }

  /** Resolves when there are so many live segments, the stream is gone or `signal` is aborted. */
  async untilLive(count: number, signal: AbortSignal): Promise<void> {
    while (this.liveCount() < count && !this.removed && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.waiters.delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        this.waiters.add(wake)
        signal.addEventListener('abort', wake)
      })
    }
  }

  servedFolder(runPath: string): string | null {
    return this.runs.get(runPath)?.folder.path ?? null
  }

  /** All that is on disk as far as we know it, oldest first. */
  kept(): LiveSegment[] {
    return [...this.dropped.map(({ segment }) => segment), ...this.window.segments()]
  }

  async remove(): Promise<void> {
    this.removed = true
    this.wake()
    await this.serially(async () => {
      for (const run of this.runs.values()) await this.removeRun(run)
    })
  }

  private async closeRun(run: Run): Promise<void> {
    if (!run.open) return
    run.open = false
    await this.serially(async () => {
      if (this.removed) return
      await this.takeIn(run)
      await this.removeUnused()
    })
  }

  private async takeIn(run: Run): Promise<void> {
    for (const found of await run.folder.poll()) await this.add(run, found)
  }

  private async add(run: Run, found: FoundSegment): Promise<void> {
    if (found.missedBefore) {
      this.window.breakHere()
      run.anchor.lose()
    }
    const { startsAtMs, correctedMs } = run.anchor.next(found.durationSeconds, found.completedAtMs)
    if (correctedMs !== null) this.logger.info({ correctedMs, run: run.path }, "a run's clock was set anew")
    this.expect(found.durationSeconds)
    if (found.fault !== null) {
      this.window.breakHere()
      this.report(found, run)
      await run.folder.deleteSegment(found.number).catch(() => {})
      return
    }
    this.faulty = false
    const { number, durationSeconds, sizeBytes } = found
    const seenAtMs = this.now()
    const fallen = this.window.add({ runPath: run.path, number, durationSeconds, startsAtMs, sizeBytes, seenAtMs })
    const deleteAtMs = seenAtMs + this.window.graceMs()
    this.dropped.push(...fallen.map((segment) => ({ segment, deleteAtMs })))
    this.wake()
  }

  private async deleteExpired(): Promise<void> {
    const now = this.now()
    let gone = 0
    for (const { segment, deleteAtMs } of this.dropped) {
      if (deleteAtMs > now) break
      gone++
      await this.runs
        .get(segment.runPath)
        ?.folder.deleteSegment(segment.number)
        .catch(() => {})
    }
    if (gone === 0) return
    this.dropped.splice(0, gone)
    await this.removeUnused()
  }

  /** Removes closed runs of which no segment is kept; this also takes what could not be deleted singly. */
  private async removeUnused(): Promise<void> {
    const used = new Set(this.kept().map((segment) => segment.runPath))
    for (const run of this.runs.values()) if (!run.open && !used.has(run.path)) await this.removeRun(run)
  }

  private async removeRun(run: Run): Promise<void> {
    this.runs.delete(run.path)
    try {
      await run.folder.remove()
      await rmdir(dirname(run.folder.path))
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code !== 'ENOTEMPTY' && code !== 'ENOENT') this.logger.warn({ error }, 'old segments could not be deleted')
    }
  }

  /** The next segment is about that far away. */
  private expect(durationSeconds: number): void {
    this.dueAtMs = this.now() + durationSeconds * 1000
    this.nextLookMs = this.dueAtMs
  }

  /** Once for each row of faults: a full disk makes one every two seconds. */
  private report(found: FoundSegment, run: Run): void {
    if (!this.faulty) {
      this.logger.error({ run: run.path, segment: found.number, fault: found.fault }, 'a segment is not whole')
    }
    this.faulty = true
  }

  /** On a full disk FFmpeg's list is cut to nothing, and no faulty segment is ever seen: silence is all there is. */
  private async reportFullDisk(): Promise<void> {
    const space = await statfs(this.folder).catch(() => null)
    if (space === null || space.bavail > 0 || this.faulty) return
    this.faulty = true
    this.logger.error(
      { folder: this.folder },
      'the disk for segments is full: no HLS until there is space, WebRTC goes on',
    )
  }

  private wake(): void {
    for (const waiter of [...this.waiters]) waiter()
  }

  /** One piece of work on the files at a time. */
  private async serially(work: () => Promise<void>): Promise<void> {
    this.busy = true
    const mine = this.work.then(work).catch((error) => this.logger.error({ error }, 'segments could not be kept'))
    this.work = mine
    await mine
    if (this.work === mine) this.busy = false
  }
}
