import { and, inArray, lt, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { consumers } from '../platform/database/tables.ts'

/** As long as the event log. */
const keptMs = 30 * 86_400_000
const deletedAtOnce = 500

/** Deletes up to 500 sessions that closed more than 30 days ago; answers with their number. */
export async function deleteOldConsumers(db: Database, now: Date): Promise<number> {
  const old = db
    .select({ id: consumers.id })
    .from(consumers)
    .where(and(sql`${consumers.state} = 'CLOSED'`, lt(consumers.closedAt, new Date(now.getTime() - keptMs))))
    .limit(deletedAtOnce)
  const deleted = await db.delete(consumers).where(inArray(consumers.id, old)).returning({ id: consumers.id })
  return deleted.length
}
