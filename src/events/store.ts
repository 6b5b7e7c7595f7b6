import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, notInArray, sql } from 'drizzle-orm'
import { newId } from '../ids.ts'
import type { Database } from '../platform/database/database.ts'
import { eventLog, events } from '../platform/database/tables.ts'
import type { EventFilter, NewEvent } from './model.ts'

/** An event that has its place in the log. */
export type EventRow = Omit<typeof events.$inferSelect, 'cursor' | 'position'> & { cursor: number }

/** The last number given and the first still kept: `firstCursor` = `lastCursor` + 1 while the log is empty. */
export interface LogBounds {
  firstCursor: number
  lastCursor: number
}

export const maxEventsPerNumbering = 1000
export const maxEventsPerRead = 1000

/**
 * Writes events into the caller's transaction, in their order, as yet without a number. After its commit wake the
 * numbering (Numbering.wake), which would else find them within its poll. `at`: when they happened, where that is long ago; else now.
 */
export async function appendEvents(tx: Database, appended: readonly NewEvent[], at?: Date): Promise<void> {
  if (appended.length === 0) return
  await tx.insert(events).values(
    appended.map((event) => ({
      id: newId('Event'),
      projectId: event.projectId,
      type: event.type,
      subjectId: event.subjectId,
      actor: event.actor ?? null,
      data: { ...event.data },
      ...(at ? { at } : {}),
    })),
  )
}

/**
 * Numbers up to 1000 events that have been committed, without gaps, and answers with the new last cursor and how many
 * they were; null where there are none. Any number of processes may call it at once.
 */
export async function numberEvents(db: Database): Promise<{ lastCursor: number; count: number } | null> {
  const [waiting] = await db
    .select({ id: events.id })
    .from(events)
    .where(isNull(events.cursor))
    .orderBy(events.position)
    .limit(1)
  if (!waiting) return null
  return db.transaction(async (tx) => {
    // The lock is a statement of its own: the next one must not see the log as it was before the lock was given.
    const [log] = await tx.select().from(eventLog).where(eq(eventLog.id, 1)).for('update')
    if (!log) throw new Error('the row of event_log is missing')
    const [numbered] = await tx.execute<{ count: number | string }>(
      sql`with batch as (
          select id, row_number() over (order by position) as place from (
            select id, position from ${events} where cursor is null order by position limit ${maxEventsPerNumbering}
          ) waiting
        ), numbered as (
          update ${events} set cursor = ${log.lastCursor}::bigint + batch.place
          from batch where ${events.id} = batch.id returning 1
        )
        update ${eventLog} set last_cursor = last_cursor + (select count(*) from numbered)
        returning last_cursor - ${log.lastCursor}::bigint as count`,
      'objects',
    )
    const count = Number(numbered?.count ?? 0)
    return count === 0 ? null : { lastCursor: log.lastCursor + count, count }
  })
}

export async function readLogBounds(db: Database): Promise<LogBounds> {
  const [log] = await db
    .select({ firstCursor: eventLog.firstCursor, lastCursor: eventLog.lastCursor })
    .from(eventLog)
    .where(eq(eventLog.id, 1))
  if (!log) throw new Error('the row of event_log is missing')
  return log
}

/** A page of the log: after `after` upwards (ASC) or downwards (DESC), at most 1000. */
export async function readEvents(
  db: Database,
  filter: EventFilter,
  page: { direction: 'ASC' | 'DESC'; after?: number | null; limit: number },
): Promise<EventRow[]> {
  const after = page.after ?? null
  const upwards = page.direction === 'ASC'
  const rows = await db
    .select({
      id: events.id,
      cursor: sql<number>`${events.cursor}`.mapWith(Number),
      projectId: events.projectId,
      type: events.type,
      at: events.at,
      subjectId: events.subjectId,
      actor: events.actor,
      data: events.data,
    })
    .from(events)
    .where(
      and(
        upwards ? gt(events.cursor, after ?? 0) : after === null ? gt(events.cursor, 0) : lt(events.cursor, after),
        filter.projectId === undefined ? undefined : eq(events.projectId, filter.projectId),
        filter.types === undefined ? undefined : inArray(events.type, [...filter.types]),
        filter.except === undefined ? undefined : notInArray(events.type, [...filter.except]),
        filter.subjectId === undefined ? undefined : eq(events.subjectId, filter.subjectId),
        filter.from === undefined ? undefined : gte(events.at, filter.from),
        filter.to === undefined ? undefined : lt(events.at, filter.to),
      ),
    )
    .orderBy(upwards ? asc(events.cursor) : desc(events.cursor))
    .limit(Math.min(page.limit, maxEventsPerRead))
  return rows
}
