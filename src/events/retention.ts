import { and, asc, eq, gte, isNotNull, lte } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { eventLog, events } from '../platform/database/tables.ts'

/** How much of the log is kept: nothing older, and never more rows. */
export interface EventRetention {
  maxAgeMs: number
  maxEvents: number
}

const day = 86_400_000

/** On PGlite fewer, as its vacuum and its index work happen on the server's own thread. */
export const defaultEventRetention = {
  POSTGRESQL: { maxAgeMs: 30 * day, maxEvents: 5_000_000 },
  PGLITE: { maxAgeMs: 30 * day, maxEvents: 100_000 },
} as const satisfies Record<string, EventRetention>

const batchSize = 500

/**
 * Of the oldest events, in their order, those that may go: the cursor of the last of them, or null. It stops at the
 * first that has to stay, for the log has no holes.
 */
export function lastToDelete(
  oldest: readonly { cursor: number; at: Date }[],
  lastCursor: number,
  retention: EventRetention,
  now: Date,
): number | null {
  let last: number | null = null
  for (const { cursor, at } of oldest) {
    const tooOld = now.getTime() - at.getTime() > retention.maxAgeMs
    const tooMany = lastCursor - cursor >= retention.maxEvents
    if (!tooOld && !tooMany) break
    last = cursor
  }
  return last
}

/** Deletes up to 500 of the oldest events that need not be kept, and moves the log's first cursor; answers with their number. */
export async function deleteOldEvents(db: Database, retention: EventRetention, now: Date): Promise<number> {
  return db.transaction(async (tx) => {
    // The lock of the numbering: both move the log's bounds.
    const [log] = await tx.select().from(eventLog).where(eq(eventLog.id, 1)).for('update')
    if (!log) return 0
    const oldest = await tx
      .select({ cursor: events.cursor, at: events.at })
      .from(events)
      .where(and(isNotNull(events.cursor), gte(events.cursor, log.firstCursor)))
      .orderBy(asc(events.cursor))
      .limit(batchSize)
    const numbered = oldest.map(({ cursor, at }) => ({ cursor: cursor!, at }))
    const last = lastToDelete(numbered, log.lastCursor, retention, now)
    if (last === null) return 0
    await tx.delete(events).where(lte(events.cursor, last))
    await tx
      .update(eventLog)
      .set({ firstCursor: last + 1 })
      .where(eq(eventLog.id, 1))
    return numbered.filter(({ cursor }) => cursor <= last).length
  })
}
