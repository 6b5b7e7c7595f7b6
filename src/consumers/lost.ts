import { type SQL, sql } from 'drizzle-orm'
import { newId } from '../ids.ts'
import type { Database } from '../platform/database/database.ts'
import { consumers, events, heartbeats, mediaNodes } from '../platform/database/tables.ts'

const lostAtOnce = 500

/**
 * Writes down that sessions have lost their transports with their node: they are STALE, at no node, and have a whole timeout from now to be opened
 * again, in one statement a 500. `which` is a condition on `consumer`; sessions by HLS have no transport and go on. Answers with their ids.
 */
async function loseTransports(db: Database, which: SQL): Promise<string[]> {
  const lost: string[] = []
  for (;;) {
    const eventIds = JSON.stringify(Array.from({ length: lostAtOnce }, () => newId('Event')))
    const rows = await db.execute<{ id: string }>(
      sql`with losing as materialized (
        select consumer.id, consumer.state from ${consumers} consumer
        where consumer.state <> 'CLOSED' and consumer.media_node_id is not null and ${which}
        order by consumer.id limit ${lostAtOnce} for update
      ), lost as (
        update ${consumers} consumer set media_node_id = null, state = 'STALE',
          state_since = case when consumer.state = 'STALE' then consumer.state_since else now() end
        from losing where consumer.id = losing.id
        returning consumer.id, consumer.project_id, consumer.stream_id, losing.state as earlier
      ), sign as (
        update ${heartbeats} heartbeat set at = now() from lost where heartbeat.consumer_id = lost.id
      ), written as (
        insert into ${events} (id, project_id, type, subject_id, data)
        select event_id, project_id, 'consumer.state_changed', id, jsonb_build_object('streamId', stream_id, 'from', earlier, 'to', 'STALE')
        from (select *, row_number() over (order by id) as place from lost where earlier <> 'STALE') told
        join json_array_elements_text(${eventIds}::text::json) with ordinality as given (event_id, place) using (place)
      )
      select id from lost`,
      'objects',
    )
    lost.push(...rows.map(({ id }) => id))
    if (rows.length < lostAtOnce) return lost
  }
}

/** This node has no transports: it has just started, or ends. */
export function sessionsOfNodeLost(db: Database, nodeId: string): Promise<string[]> {
  return loseTransports(db, sql`consumer.media_node_id = ${nodeId}`)
}

/** Another node is dead that ran these streams: for the transaction that takes their leases from it. */
export function sessionsOfStreamsLost(tx: Database, streamIds: readonly string[]): Promise<string[]> {
  const list = JSON.stringify(streamIds)
  return loseTransports(tx, sql`consumer.stream_id in (select json_array_elements_text(${list}::text::json))`)
}

/** Nodes that have ended or are lost have no transports, whatever they could still write. */
export function sessionsOfDeadNodes(db: Database): Promise<string[]> {
  return loseTransports(
    db,
    sql`consumer.media_node_id in (select id from ${mediaNodes} where lost_at is not null or stopped_at is not null)`,
  )
}

/** Sessions by HLS are connected once they have been heard of; answers with their ids. At most 500 a time. */
export async function hlsConnected(db: Database): Promise<string[]> {
  const eventIds = JSON.stringify(Array.from({ length: lostAtOnce }, () => newId('Event')))
  const rows = await db.execute<{ id: string }>(
    sql`with heard as materialized (
      select consumer.id from ${consumers} consumer join ${heartbeats} heartbeat on heartbeat.consumer_id = consumer.id
      where consumer.state = 'NEW' and consumer.protocol = 'HLS' and heartbeat.at > consumer.opened_at
      limit ${lostAtOnce} for update of consumer skip locked
    ), connected as (
      update ${consumers} consumer set state = 'CONNECTED', state_since = now()
      from heard where consumer.id = heard.id and consumer.state = 'NEW'
      returning consumer.id, consumer.project_id, consumer.stream_id
    ), written as (
      insert into ${events} (id, project_id, type, subject_id, data)
      select event_id, project_id, 'consumer.state_changed', id, jsonb_build_object('streamId', stream_id, 'from', 'NEW', 'to', 'CONNECTED')
      from (select *, row_number() over (order by id) as place from connected) told
      join json_array_elements_text(${eventIds}::text::json) with ordinality as given (event_id, place) using (place)
    )
    select id from connected`,
    'objects',
  )
  return rows.map(({ id }) => id)
}
