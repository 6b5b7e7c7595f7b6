import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../platform/logs/logger.ts'
import { closedAtOnce } from './closing.ts'
import type { SessionNotice } from './media.ts'
import type { NoticedChanges } from './notices-store.ts'

export interface NoticesDeps {
  save: (notices: readonly SessionNotice[]) => Promise<NoticedChanges>
  /** Told after the commit. */
  saved: (changes: NoticedChanges) => void
  logger: Logger
}

/** Notices gather for so long before they are written. */
const gatherMs = 200
/** What waits at most, for a database that is away; beyond it the newest are given up: the look at one's own sessions finds them later. */
export const maxWaiting = 20_000
/** A database that does not take them is asked again so often. */
const retryMs = 1000
const settleWithinMs = 500

/** Takes what the media part of this node notices of its sessions, and writes it in batches and in order. */
export class Notices {
  private readonly deps: NoticesDeps
  private waiting: SessionNotice[] = []
  private running: Promise<void> | null = null
  private readonly hurry = new Set<() => void>()
  private stopped = false
  /** Given up since the start, for want of room. */
  dropped = 0

  constructor(deps: NoticesDeps) {
    this.deps = deps
  }

  readonly take = (notice: SessionNotice): void => {
    if (this.waiting.length >= maxWaiting) {
      if (this.dropped++ === 0) this.deps.logger.warn({ maxWaiting }, 'notices of sessions are given up: too many wait')
      return
    }
    this.waiting.push(notice)
    this.running ??= this.run()
  }

  /** Resolves once what waits now is written, or could not be for a while. */
  async settle(): Promise<void> {
    for (const wake of this.hurry) wake()
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, settleWithinMs)
    await Promise.race([this.running, promise])
    clearTimeout(timer)
  }

  async stop(): Promise<void> {
    this.stopped = true
    for (const wake of this.hurry) wake()
    await this.running
  }

  private async run(): Promise<void> {
    await this.gather()
    let failing = false
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, closedAtOnce)
      try {
        const changes = await this.deps.save(batch)
        this.waiting = this.waiting.slice(batch.length)
        failing = false
        if (changes.changed.length > 0) this.deps.saved(changes)
      } catch (error) {
        if (!failing) this.deps.logger.warn({ error }, 'what sessions do can not be written; trying on')
        failing = true
        if (this.stopped) break
        await sleep(retryMs)
      }
    }
    this.running = null
  }

  private async gather(): Promise<void> {
    if (this.stopped) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, gatherMs)
    this.hurry.add(resolve)
    await promise
    clearTimeout(timer)
    this.hurry.delete(resolve)
  }
}
