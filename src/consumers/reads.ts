import { and, count, desc, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { consumers, heartbeats, streams } from '../platform/database/tables.ts'
import type { ConsumerState, PlayerStats } from './model.ts'
import type { ConsumerRow } from './types.ts'

/** What is read of many sessions at once, a statement a question. */

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
const isOpen = sql`${consumers.state} <> 'CLOSED'`
const isActive = sql`${consumers.state} in ('CONNECTED', 'PAUSED')`

export const noSessions: SessionCounts = { total: 0, active: 0 }

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

/** Of a project. */
export async function countOfProject(db: Database, projectId: string): Promise<SessionCounts> {
  const [row] = await db
    .select({ total: count(), active: sql<number>`count(*) filter (where ${isActive})`.mapWith(Number) })
    .from(consumers)
    .where(and(eq(consumers.projectId, projectId), isOpen))
  return row!
}

/** Active ones by project; one that has none is absent. */
export async function countActiveByProject(db: Database): Promise<Map<string, number>> {
  const rows = await db
    .select({ projectId: consumers.projectId, count: count() })
    .from(consumers)
    .where(and(isOpen, isActive))
    .groupBy(consumers.projectId)
  return new Map(rows.map((row) => [row.projectId, row.count]))
}

/** Open ones by stream and state. A stream that is there and has none has one row, with state null. */
export async function countByStreamAndState(
  db: Database,
): Promise<{ streamId: string; state: ConsumerState | null; count: number }[]> {
  return db
    .select({ streamId: streams.id, state: consumers.state, count: count(consumers.id) })
    .from(streams)
    .leftJoin(consumers, and(eq(consumers.streamId, streams.id), isOpen))
    .where(or(isNull(streams.deletedAt), isNotNull(consumers.id)))
    .groupBy(streams.id, consumers.state)
}

const closedCounted = 100_000

/** The closed ones that are kept; above 100,000 they are not counted on, for it would take long. */
export async function countClosed(db: Database): Promise<number> {
  const some = db.select({ one: sql`1` }).from(consumers).where(sql`${consumers.state} = 'CLOSED'`).limit(closedCounted)
  const [row] = await db.select({ count: count() }).from(some.as('some'))
  return row!.count
}

/** The open ones that have been so for longest, at most `limit`. Ids grow with the time of opening. */
export async function longestOpen(db: Database, limit: number) {
  return db
    .select({
      id: consumers.id,
      streamId: consumers.streamId,
      clientId: consumers.clientId,
      seconds: sql<number>`greatest(0, extract(epoch from now() - ${consumers.openedAt}))::float8`.mapWith(Number),
    })
    .from(consumers)
    .where(isOpen)
    .orderBy(consumers.id)
    .limit(limit)
}

/** Active ones of a project, newest first, at most `limit`. */
export async function listActive(db: Database, projectId: string, limit: number): Promise<ConsumerRow[]> {
  return db
    .select()
    .from(consumers)
    .where(and(eq(consumers.projectId, projectId), isOpen, isActive))
    .orderBy(desc(consumers.id))
    .limit(limit)
}

/** A project's session; null where there is none. */
export async function findOwn(db: Database, projectId: string, id: string): Promise<ConsumerRow | null> {
  const rows = await db
    .select()
    .from(consumers)
    .where(and(eq(consumers.id, id), eq(consumers.projectId, projectId)))
  return rows[0] ?? null
}

/** By session; one that has closed, or lives by its connection alone, is absent. */
export async function readHeartbeats(db: Database, ids: readonly string[]): Promise<Map<string, SignOfLife>> {
  const rows = await db
    .select()
    .from(heartbeats)
    .where(and(inArray(heartbeats.consumerId, [...ids]), isNotNull(heartbeats.at)))
  return new Map(rows.map(({ consumerId, at, stats }) => [consumerId, { at, stats }]))
}
