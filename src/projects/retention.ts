import { inArray, lt, or } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { apiKeys } from '../platform/database/tables.ts'

/** Longer than the event log: who did something can be looked up as long as it is told. */
const keptMs = 90 * 86_400_000
const deletedAtOnce = 500

/** Deletes up to 500 keys that were revoked, or expired, more than 90 days ago; answers with their number. */
export async function deleteOldKeys(db: Database, now: Date): Promise<number> {
  const before = new Date(now.getTime() - keptMs)
  const old = db
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(or(lt(apiKeys.revokedAt, before), lt(apiKeys.expiresAt, before)))
    .limit(deletedAtOnce)
  const deleted = await db.delete(apiKeys).where(inArray(apiKeys.id, old)).returning({ id: apiKeys.id })
  return deleted.length
}
