import { and, eq, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { consumers, projects, reservations, streams } from '../platform/database/tables.ts'
import type { Quotas } from './model.ts'
import type { ReservationRow } from './types.ts'

/** From the database's clock on, by which it is told what has expired. */
const inSeconds = (seconds: number) => sql`now() + make_interval(secs => ${seconds})`

/** What bounds the places of a stream; it is kept from being deleted until the transaction ends. Null: not there, deleted, or another project's. */
export async function holdLimits(
  tx: Database,
  projectId: string,
  streamId: string,
): Promise<{ maxConsumersOfStream: number | null; quotas: Quotas } | null> {
  const [found] = await tx
    .select({ maxConsumersOfStream: streams.maxConsumers, quotas: projects.quotas })
    .from(streams)
    .innerJoin(projects, eq(projects.id, streams.projectId))
    .where(and(eq(streams.id, streamId), eq(streams.projectId, projectId), isNull(streams.deletedAt)))
    .for('key share', { of: streams })
  return found ?? null
}

export async function insertReservation(
  tx: Database,
  { holdSeconds, ...row }: Omit<typeof reservations.$inferInsert, 'state' | 'expiresAt'> & { holdSeconds: number },
): Promise<ReservationRow> {
  const [inserted] = await tx
    .insert(reservations)
    .values({ ...row, state: 'HELD', expiresAt: inSeconds(holdSeconds) })
    .returning()
  return inserted!
}

export async function findReservation(db: Database, projectId: string, id: string): Promise<ReservationRow | null> {
  const rows = await db
    .select()
    .from(reservations)
    .where(and(eq(reservations.id, id), eq(reservations.projectId, projectId)))
  return rows[0] ?? null
}

/** Null: it is not HELD, or over. */
export async function extendHeld(db: Database, id: string, holdSeconds: number): Promise<ReservationRow | null> {
  const rows = await db
    .update(reservations)
    .set({ expiresAt: inSeconds(holdSeconds) })
    .where(and(eq(reservations.id, id), eq(reservations.state, 'HELD'), gt(reservations.expiresAt, sql`now()`)))
    .returning()
  return rows[0] ?? null
}

/** The session that sits on it; null where none does. */
export async function findSessionOn(db: Database, reservation: ReservationRow): Promise<string | null> {
  const rows = await db.select({ id: consumers.id }).from(consumers).where(sitsOn(reservation)).limit(1)
  return rows[0]?.id ?? null
}

function sitsOn({ id, streamId }: ReservationRow): SQL | undefined {
  return and(eq(consumers.streamId, streamId), eq(consumers.reservationId, id), sql`${consumers.state} <> 'CLOSED'`)
}

/** RELEASED from now on, where no session sits on it; else null. Its place is to be freed in the same transaction. */
export async function releaseUnused(tx: Database, reservation: ReservationRow): Promise<ReservationRow | null> {
  // A statement of its own: the next one sees the session of whoever held it until now.
  await tx.select({ id: reservations.id }).from(reservations).where(eq(reservations.id, reservation.id)).for('update')
  const sitting = tx.select({ one: sql`1` }).from(consumers).where(sitsOn(reservation))
  const rows = await tx
    .update(reservations)
    .set({ state: 'RELEASED', releasedAt: sql`now()` })
    .where(
      and(
        eq(reservations.id, reservation.id),
        inArray(reservations.state, ['HELD', 'ACTIVE']),
        sql`(${reservations.state} = 'HELD' or not exists (${sitting}))`,
      ),
    )
    .returning()
  return rows[0] ?? null
}
