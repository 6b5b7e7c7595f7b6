import { sql } from 'drizzle-orm'
import type { CloseReason, PlayerStats } from '../consumers/model.ts'
import type { Database } from '../platform/database/database.ts'
import { consumers } from '../platform/database/tables.ts'

/** A sign of life as it is written. `at` in ms since the epoch, by this machine's clock; `stats` null keeps what is there. */
export interface Beat {
  consumerId: string
  at: number
  stats: PlayerStats | null
}

/** What the tables say of a session. */
export interface KnownSession {
  consumerId: string
  projectId: string
  isClosed: boolean
  closeReason: CloseReason | null
  closeMessage: string | null
}

export interface HeartbeatStore {
  /** Writes a sign of life for each of these sessions, in one statement; answers with those that have no row (any more), for which it takes one more. */
  write(beats: readonly Beat[]): Promise<string[]>
  /** Those of these sessions that there are, in one statement. */
  find(consumerIds: readonly string[]): Promise<KnownSession[]>
}

/**
 * Lists are one parameter each, the text of an array: the drivers do not agree on what an array is. What is written is how long ago a sign of life
 * came: the sweep goes by the database's clock, and nobody is closed because two clocks differ. `now`: the clock that `at` goes by.
 */
export function createHeartbeatStore(db: Database, now: () => number = Date.now): HeartbeatStore {
  async function missing(ids: string): Promise<string[]> {
    const rows = await db.execute<{ id: string }>(
      sql`select id from unnest(${ids}::text::text[]) u (id) where not exists (select from heartbeats where consumer_id = u.id)`,
      'objects',
    )
    return rows.map(({ id }) => id)
  }

  return {
    async write(beats) {
      if (beats.length === 0) return []
      const ids = arrayText(beats.map(({ consumerId }) => consumerId))
      const sentAt = now()
      const agesMs = arrayText(beats.map(({ at }) => Math.max(0, sentAt - at)))
      const told = beats.some(({ stats }) => stats !== null)
      const numbered = told ? sql` with ordinality u (id, age, n)` : sql` u (id, age)`
      const stats = told
        ? sql`, stats = coalesce(nullif(${JSON.stringify(beats.map((beat) => beat.stats))}::text::jsonb -> (n::int - 1), 'null'), h.stats)`
        : sql``
      // Which ones are missing is asked only where some are: it would cost every statement a quarter more.
      const [found] = await db.execute<{ count: number }>(
        sql`with written as (update heartbeats h set at = greatest(h.at, now() - make_interval(secs => age / 1000))${stats} from unnest(${ids}::text::text[], ${agesMs}::text::float8[])${numbered} where h.consumer_id = u.id returning 1) select count(*)::int as count from written`,
        'objects',
      )
      return found!.count === beats.length ? [] : missing(ids)
    },
    async find(consumerIds) {
      if (consumerIds.length === 0) return []
      const { id, projectId, state, closeReason, closeMessage } = consumers
      const rows = await db
        .select({ consumerId: id, projectId, state, closeReason, closeMessage })
        .from(consumers)
        .where(sql`${id} = any(${arrayText(consumerIds)}::text::text[])`)
      return rows.map(({ state, ...row }) => ({ ...row, isClosed: state === 'CLOSED' }))
    },
  }
}

/** Of what needs no quotes: ids and numbers. */
function arrayText(elements: readonly (string | number)[]): string {
  return `{${elements.join()}}`
}
