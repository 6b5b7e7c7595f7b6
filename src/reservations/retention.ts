import { inArray, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { reservations } from '../platform/database/tables.ts'

const keptMs = 30 * 86_400_000
const deletedAtOnce = 500

/** Deletes up to 500 reservations that ended more than 30 days ago; answers with their number. */
export async function deleteOldReservations(db: Database, now: Date): Promise<number> {
  const before = new Date(now.getTime() - keptMs).toISOString()
  const old = db
    .select({ id: reservations.id })
    .from(reservations)
    .where(
      sql`${reservations.state} in ('RELEASED', 'EXPIRED') and ${reservations.releasedAt} < ${before}::timestamptz`,
    )
    .limit(deletedAtOnce)
  const deleted = await db.delete(reservations).where(inArray(reservations.id, old)).returning({ id: reservations.id })
  return deleted.length
}
