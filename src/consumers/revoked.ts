import { sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { apiKeys, consumers } from '../platform/database/tables.ts'
import { type ClosedSession, closeConsumers, closedAtOnce } from './closing.ts'

/** Looks as usual make so many ids of events; one that finds as many is followed by a larger one at once. */
const usualLimit = 20

/** Closes the open sessions whose keys were revoked or have expired. Any number of nodes may do it; what somebody holds is found the next time. */
export async function closeOfDeadKeys(db: Database, closed: (sessions: ClosedSession[]) => void): Promise<void> {
  for (let limit = usualLimit; ; limit = closedAtOnce) {
    const sessions = await closeConsumers(
      db,
      sql`select consumer.id as consumer_id, 'KEY_REVOKED' as reason,
          case when key.revoked_at is null then 'The key that opened it has expired.' else 'The key that opened it was revoked.' end as message
        from ${apiKeys} key join ${consumers} consumer on consumer.api_key_id = key.id
        where (key.revoked_at is not null or key.expires_at <= now()) and consumer.state <> 'CLOSED'
        order by consumer.id limit ${limit} for update of consumer skip locked`,
      { limit },
    )
    if (sessions.length > 0) closed(sessions)
    if (sessions.length < limit) return
  }
}
