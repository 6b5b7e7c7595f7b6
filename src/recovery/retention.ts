import { inArray, lt, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { recoveryAttempts } from '../platform/database/tables.ts'

const keptMs = 30 * 86_400_000
/** The newest of each stream; a stream that fails once a minute makes more in a day. */
export const keptPerStream = 1000
const deletedAtOnce = 500

/** Deletes up to 500 attempts that are older than 30 days, or that a stream has a thousand newer ones than; answers with their number. */
export async function deleteOldAttempts(db: Database, now: Date): Promise<number> {
  const old = db
    .select({ id: recoveryAttempts.id })
    .from(recoveryAttempts)
    .where(lt(recoveryAttempts.startedAt, new Date(now.getTime() - keptMs)))
    .limit(deletedAtOnce)
  const tooOld = await db
    .delete(recoveryAttempts)
    .where(inArray(recoveryAttempts.id, old))
    .returning({ id: recoveryAttempts.id })
  if (tooOld.length > 0) return tooOld.length
  const tooMany = sql`select id from (
      select id, row_number() over (partition by stream_id order by id desc) as place from ${recoveryAttempts}
    ) ranked where place > ${keptPerStream} limit ${deletedAtOnce}`
  const deleted = await db
    .delete(recoveryAttempts)
    .where(sql`${recoveryAttempts.id} in (${tooMany})`)
    .returning({ id: recoveryAttempts.id })
  return deleted.length
}
