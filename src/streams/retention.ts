import { and, eq, inArray, lt, notExists, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { consumers, leases, producers, recoveryAttempts, reservations, streams } from '../platform/database/tables.ts'

const keptMs = 30 * 86_400_000
const deletedAtOnce = 500

/**
 * Deletes up to 500 streams for good, with their leases, that were deleted more than 30 days ago and have no producer, recovery attempt,
 * session or reservation any more; answers with their number.
 */
export async function deleteOldStreams(db: Database, now: Date): Promise<number> {
  const consumersOfIt = db.select({ one: sql`1` }).from(consumers).where(eq(consumers.streamId, streams.id))
  const producersOfIt = db.select({ one: sql`1` }).from(producers).where(eq(producers.streamId, streams.id))
  const attemptsOfIt = db
    .select({ one: sql`1` })
    .from(recoveryAttempts)
    .where(eq(recoveryAttempts.streamId, streams.id))
  const reservationsOfIt = db.select({ one: sql`1` }).from(reservations).where(eq(reservations.streamId, streams.id))
  const old = db
    .select({ id: streams.id })
    .from(streams)
    .where(
      and(
        lt(streams.deletedAt, new Date(now.getTime() - keptMs)),
        eq(streams.state, 'STOPPED'),
        notExists(producersOfIt),
        notExists(attemptsOfIt),
        notExists(consumersOfIt),
        notExists(reservationsOfIt),
      ),
    )
    .limit(deletedAtOnce)
  return db.transaction(async (tx) => {
    const deleted = await tx.delete(streams).where(inArray(streams.id, old)).returning({ id: streams.id })
    const ids = deleted.map((row) => row.id)
    if (ids.length > 0) await tx.delete(leases).where(inArray(leases.resourceId, ids))
    return ids.length
  })
}
