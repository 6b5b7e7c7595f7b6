import { appendEvents } from '../events/store.ts'
import { databaseAway } from '../platform/database/away.ts'
import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { type Allowance, takeOne } from './allowance.ts'
import { type AuditEntry, auditEvent, isCheap } from './model.ts'

/** Writes down who asked for which mutation. */
export interface AuditTrail {
  /**
   * Resolves when the entries of one request are in the event log, or wait for the database to be back: after `deadlineMs` at the latest. Never
   * rejects.
   */
  write(entries: readonly AuditEntry[]): Promise<void>
  /** Tries once more to write what waits, then ends. */
  stop(): Promise<void>
}

export interface AuditTrailDeps {
  db: Database
  logger: Logger
  eventsAppended: () => void
  /** ms since the epoch. */
  now?: () => number
  /** How long an answer waits for its entries. */
  deadlineMs?: number
  retryMs?: number
}

/** So many requests wait while the database is away; those that come after them are in the log file alone. */
export const maxWaiting = 1000
/** Refusals that cost their callers nothing: 100 at once and 14,400 a day, so that nobody can push the rest out of the event log. */
export const cheapAllowance = { most: 100, everyMs: 6000 }

interface Batch {
  entries: readonly AuditEntry[]
  at: Date
}

export function createAuditTrail(deps: AuditTrailDeps): AuditTrail {
  const { db, logger, eventsAppended, now = Date.now, deadlineMs = 2000, retryMs = 1000 } = deps
  const waiting: Batch[] = []
  let allowance: Allowance = { left: cheapAllowance.most, at: now() }
  let untold = 0
  let timer: ReturnType<typeof setTimeout> | null = null
  let draining: Promise<void> | null = null
  let stopped = false

  async function insert({ entries, at }: Batch): Promise<void> {
    await appendEvents(db, entries.map(auditEvent), at)
    eventsAppended()
  }

  /** What can be written neither now nor later still is in the log of the process. */
  function tell(entries: readonly AuditEntry[], message: string, error?: unknown): void {
    for (const entry of entries) logger.warn({ audit: entry, ...(error ? { err: error } : {}) }, message)
  }

  function keep(batch: Batch, error?: unknown): void {
    if (stopped || waiting.length >= maxWaiting) {
      tell(batch.entries, 'a mutation is not in the event log: too many wait for the database', error)
      return
    }
    tell(batch.entries, 'a mutation waits for the database to be put into the event log')
    waiting.push(batch)
    timer ??= setTimeout(drain, retryMs)
  }

  async function writeNow(batch: Batch): Promise<void> {
    try {
      await insert(batch)
    } catch (error) {
      if (databaseAway(error)) keep(batch, error)
      else tell(batch.entries, 'a mutation could not be put into the event log', error)
    }
  }

  async function writeWaiting(): Promise<void> {
    for (let batch = waiting[0]; batch; batch = waiting[0]) {
      try {
        await insert(batch)
      } catch (error) {
        if (databaseAway(error)) return
        tell(batch.entries, 'a mutation could not be put into the event log', error)
      }
      waiting.shift()
    }
  }

  function drain(): void {
    draining = writeWaiting().then(() => {
      timer = waiting.length > 0 && !stopped ? setTimeout(drain, retryMs) : null
    })
  }

  /** Those that may be written; the others are counted, and told of with the next that is written. */
  function withinAllowance(entries: readonly AuditEntry[]): readonly AuditEntry[] {
    const within = entries.filter((entry) => {
      if (!isCheap(entry)) return true
      const { after, given } = takeOne(allowance, now(), cheapAllowance)
      allowance = after
      if (!given) untold += 1
      return given
    })
    if (untold > 0 && within.some(isCheap)) {
      logger.warn({ mutations: untold }, 'refused mutations were too many to be put into the event log')
      untold = 0
    }
    return within
  }

  return {
    async write(entries) {
      const within = withinAllowance(entries)
      if (within.length === 0) return
      const batch = { entries: within, at: new Date(now()) }
      // In their order, and not once more into a database that is away.
      if (waiting.length > 0) return keep(batch)
      const late = Promise.withResolvers<void>()
      const timer = setTimeout(late.resolve, deadlineMs)
      await Promise.race([writeNow(batch), late.promise])
      clearTimeout(timer)
    },

    async stop() {
      await draining
      if (timer) clearTimeout(timer)
      await writeWaiting()
      stopped = true
      for (const { entries } of waiting.splice(0))
        tell(entries, 'a mutation is not in the event log: the database is away')
    },
  }
}
