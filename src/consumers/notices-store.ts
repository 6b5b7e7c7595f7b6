import { eq, inArray, sql } from 'drizzle-orm'
import { newId } from '../ids.ts'
import type { Database } from '../platform/database/database.ts'
import { consumers, events, heartbeats, streams } from '../platform/database/tables.ts'
import { type ClosedSession, closeConsumers, closedAtOnce } from './closing.ts'
import type { SessionNotice } from './media.ts'
import type { ConsumerState } from './model.ts'
import { afterNotices } from './transitions.ts'

export interface NoticedChanges {
  /** Whose state is another now, closed ones among them. */
  changed: string[]
  closed: ClosedSession[]
}

/** Writes what a node has noticed of at most `closedAtOnce` sessions, in the order in which it did, in one transaction with the events. */
export async function saveNotices(
  db: Database,
  nodeId: string,
  notices: readonly SessionNotice[],
): Promise<NoticedChanges> {
  const byId = Map.groupBy(notices, (notice) => notice.consumerId)
  return db.transaction(async (tx) => {
    const { id, state, protocol, incarnation, mediaNodeId } = consumers
    const rows = await tx
      .select({
        ...{ id, state, protocol, incarnation, mediaNodeId },
        streamDeleted: sql<boolean>`${streams.deletedAt} is not null`.mapWith(Boolean),
        streamStopped: sql<boolean>`${streams.desiredState} = 'STOPPED'`.mapWith(Boolean),
      })
      .from(consumers)
      .innerJoin(streams, eq(streams.id, consumers.streamId))
      .where(inArray(consumers.id, [...byId.keys()]))
      .orderBy(consumers.id)
      .for('update', { of: consumers })
    const verdicts = rows.flatMap((row) => {
      const verdict = afterNotices(row, nodeId, byId.get(row.id)!)
      return verdict ? [{ id: row.id, ...verdict }] : []
    })
    const changing = verdicts.filter((verdict) => verdict.state !== 'CLOSED')
    await saveStates(tx, changing)
    const closing = JSON.stringify(verdicts.filter((verdict) => verdict.state === 'CLOSED'))
    const closed =
      closing === '[]'
        ? []
        : await closeConsumers(
            tx,
            sql`select id as consumer_id, reason, null::text as message
              from json_to_recordset(${closing}::text::json) as ended (id text, reason text)`,
            { limit: closedAtOnce },
          )
    return { changed: verdicts.map((verdict) => verdict.id), closed }
  })
}

/**
 * Writes new states with their events. A session whose transport is lost has from now on a whole timeout to be opened again; by WHEP it
 * lives by its connection once it is connected, and by heartbeats from the first that it sends.
 */
async function saveStates(tx: Database, changes: readonly { id: string; state: ConsumerState }[]): Promise<void> {
  if (changes.length === 0) return
  const list = JSON.stringify(changes.map(({ id, state }) => ({ id, state, event: newId('Event') })))
  await tx.execute(
    sql`with verdict as materialized (
      select verdict.*, consumer.state as earlier
      from json_to_recordset(${list}::text::json) as verdict (id text, state text, event text)
      join ${consumers} consumer using (id)
    ), changed as (
      update ${consumers} consumer set state = verdict.state, state_since = now()
      from verdict where consumer.id = verdict.id
      returning consumer.*, verdict.earlier, verdict.event
    ), heard as (
      update ${heartbeats} heartbeat set at = case when changed.state = 'STALE' then now() end
      from changed
      where heartbeat.consumer_id = changed.id
        and (changed.state = 'STALE' or (changed.protocol = 'WHEP' and changed.state = 'CONNECTED' and changed.earlier in ('NEW', 'STALE')))
    )
    insert into ${events} (id, project_id, type, subject_id, data)
    select event, project_id, 'consumer.state_changed', id,
      jsonb_build_object('streamId', stream_id, 'from', earlier, 'to', state)
    from changed order by id`,
  )
}
