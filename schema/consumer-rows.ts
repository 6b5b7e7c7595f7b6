import { and, count, inArray, isNotNull, sql } from 'drizzle-orm'
import type { PlayerStats } from '../src/consumers/model.ts'
import type { Database } from '../src/platform/database/database.ts'
import { consumers, heartbeats } from '../src/platform/database/tables.ts'

/** Sessions that are open, and those of them to which media goes (or would, were they not paused). */
export interface SessionCounts {
  total: number
  active: number
}

export interface SignOfLife {
  at: Date | null
  stats: PlayerStats | null
}

/** Said as the partial indexes say it: a planner that does not see the values can tell that they serve. */
export const isOpen = sql`${consumers.state} <> 'CLOSED'`
export const isActive = sql`${consumers.state} in ('CONNECTED', 'PAUSED')`

/** By stream; one that has none is absent. */
export async function countByStream(db: Database, streamIds: readonly string[]): Promise<Map<string, SessionCounts>> {
  const rows = await db
    .select({
      streamId: consumers.streamId,
      total: count(),
      active: sql<number>`count(*) filter (where ${isActive})`.mapWith(Number),
    })
    .from(consumers)
    .where(and(inArray(consumers.streamId, [...streamIds]), isOpen))
    .groupBy(consumers.streamId)
  return new Map(rows.map(({ streamId, total, active }) => [streamId, { total, active }]))
}

/** By session; one that has closed, or lives by its connection alone, is absent. */
export async function readHeartbeats(db: Database, ids: readonly string[]): Promise<Map<string, SignOfLife>> {
  const rows = await db
    .select()
    .from(heartbeats)
    .where(and(inArray(heartbeats.consumerId, [...ids]), isNotNull(heartbeats.at)))
  return new Map(rows.map(({ consumerId, at, stats }) => [consumerId, { at, stats }]))
}
