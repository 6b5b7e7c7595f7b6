import type { Database } from '../platform/database/database.ts'
import type { EventFilter } from './model.ts'
import { type EventRow, type LogBounds, readEvents, readLogBounds } from './store.ts'

/** A part of the log that was read: all that passes of what lies between the cursor asked for and `cursor`. */
export interface LogStep {
  events: readonly EventRow[]
  /** Go on from here. */
  cursor: number
  /** How many events the log had let go before they could be read; then there are no events in this step. */
  missed: number
}

/** Reads what follows `after`: at most `limit` events (at most 1000) that pass. */
export async function readStep(db: Database, filter: EventFilter, after: number, limit: number): Promise<LogStep> {
  const before = await readLogBounds(db)
  if (isGone(before, after)) return gap(before, after)
  if (before.lastCursor <= after) return { events: [], cursor: after, missed: 0 }
  const events = await readEvents(db, filter, { direction: 'ASC', after, limit })
  // Between the two looks events may have been deleted that were to be read.
  const then = await readLogBounds(db)
  if (isGone(then, after)) return gap(then, after)
  const isWhole = events.length < limit
  return { events, cursor: Math.max(events.at(-1)?.cursor ?? after, isWhole ? before.lastCursor : after), missed: 0 }
}

function isGone({ firstCursor }: LogBounds, after: number): boolean {
  return firstCursor - 1 > after
}

function gap({ firstCursor }: LogBounds, after: number): LogStep {
  return { events: [], cursor: firstCursor - 1, missed: firstCursor - 1 - after }
}
