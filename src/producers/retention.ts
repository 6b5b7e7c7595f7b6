import { and, eq, inArray, isNotNull, lt } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { producers, streams } from '../platform/database/tables.ts'

const keptMs = 30 * 86_400_000
const deletedAtOnce = 500

/** Deletes up to 500 producers that were closed more than 30 days ago and whose stream is deleted; answers with their number. */
export async function deleteOldProducers(db: Database, now: Date): Promise<number> {
  const old = db
    .select({ id: producers.id })
    .from(producers)
    .innerJoin(streams, eq(streams.id, producers.streamId))
    .where(and(isNotNull(streams.deletedAt), lt(producers.closedAt, new Date(now.getTime() - keptMs))))
    .limit(deletedAtOnce)
  const deleted = await db.delete(producers).where(inArray(producers.id, old)).returning({ id: producers.id })
  return deleted.length
}
