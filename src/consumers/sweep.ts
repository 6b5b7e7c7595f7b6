import { sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { type ClosedSession, closeConsumers, closedAtOnce } from './closing.ts'
import { overdue } from './due.ts'

export interface SweepDeps {
  db: Database
  /** A session that is not heard of for so long is closed. */
  timeoutMs: number
  /** When this process last stood still, ms since the epoch; 0: never. */
  stalledUntil: () => number
  /** ms, only ever forward. */
  monotonic: () => number
  /** Told of those that were closed, after the commit. */
  closed: (sessions: ClosedSession[]) => void
}

/** A look that takes longer than this means that the database stood still, or that nobody's heartbeats were written either. */
export const slowAfterMs = 3000
/** The database's time is known from one look to the next; older than this it is asked anew. */
const clockGoodForMs = 10_000
/** Looks as usual make so many ids of events; one that finds as many is followed by a larger one at once. */
const usualLimit = 20

/**
 * Closes sessions that have not been heard of for a whole timeout, in one statement. It rests for as long after the start, after this process or
 * the database stood still, and while the database was away: nobody is closed because we did not hear.
 */
export class Sweep {
  private readonly deps: SweepDeps
  /** By the monotonic clock. */
  private restUntil: number
  private stalledUntil: number
  /** The database's clock and ours at one moment, both in ms. */
  private clock: { database: number; monotonic: number } | null = null

  constructor(deps: SweepDeps) {
    this.deps = deps
    this.restUntil = deps.monotonic() + deps.timeoutMs
    this.stalledUntil = deps.stalledUntil()
  }

  /** Nobody is closed for a whole timeout from now. */
  rest(): void {
    this.restUntil = Math.max(this.restUntil, this.deps.monotonic() + this.deps.timeoutMs)
    this.clock = null
  }

  get resting(): boolean {
    this.lookForStall()
    return this.deps.monotonic() < this.restUntil
  }

  /** One look; answers with how many it closed. Throws the database's own errors, and rests after them. */
  async run(): Promise<number> {
    if (this.resting) return 0
    let count = 0
    for (let limit = usualLimit; ; limit = closedAtOnce) {
      const closed = await this.close(limit)
      count += closed
      if (closed < limit) return count
    }
  }

  private async close(limit: number): Promise<number> {
    const { db, timeoutMs, monotonic } = this.deps
    const sentAt = monotonic()
    try {
      // By the time at which it was sent: a statement that a database carries out after it stood still closes nobody for that.
      const before = (await this.databaseTime(sentAt)) - timeoutMs
      const closed = await closeConsumers(db, overdue(before, limit), { limit })
      if (monotonic() - sentAt > slowAfterMs) this.rest()
      if (closed.length > 0) this.deps.closed(closed)
      return closed.length
    } catch (error) {
      this.rest()
      throw error
    }
  }

  private async databaseTime(at: number): Promise<number> {
    const { db, monotonic } = this.deps
    if (!this.clock || at - this.clock.monotonic > clockGoodForMs) {
      const [row] = await db.execute<{ now: number | string }>(
        sql`select extract(epoch from clock_timestamp()) * 1000 as now`,
        'objects',
      )
      // The time of sending with the time of the answer's making: a little early is the safe side.
      this.clock = { database: Number(row!.now) - (monotonic() - at), monotonic: at }
    }
    return this.clock.database + (at - this.clock.monotonic)
  }

  private lookForStall(): void {
    const stalledUntil = this.deps.stalledUntil()
    if (stalledUntil <= this.stalledUntil) return
    this.stalledUntil = stalledUntil
    this.rest()
  }
}
