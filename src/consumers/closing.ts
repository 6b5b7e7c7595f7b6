import { type SQL, sql } from 'drizzle-orm'
import { newId } from '../ids.ts'
import { placesFreed } from '../places/store.ts'
import type { Database } from '../platform/database/database.ts'
import { consumers, type EventActor, events, heartbeats, reservations } from '../platform/database/tables.ts'
import type { CloseReason, ConsumerProtocol } from './model.ts'

/** A session that has just been closed, as far as others have to do something about it. */
export interface ClosedSession {
  id: string
  projectId: string
  streamId: string
  protocol: ConsumerProtocol
  reservationId: string | null
  /** Where its transport was; null where it had none. */
  mediaNodeId: string | null
  incarnation: number
  reason: CloseReason
  message: string | null
  sessionSeconds: number
}

/** Sessions that one statement closes at most. */
export const closedAtOnce = 500

/**
 * The one door through which sessions close, as one statement: sessions, signs of life, reservations, places and events together, or nothing.
 *
 * `due` is a SELECT of at most `limit` rows with the columns consumer_id, reason and message that locks the sessions it names; whoever names
 * several takes only those that nobody holds (`dueLocks`), so that two who close, and those who write heartbeats, never wait for one another in
 * a ring. The order of locks is: stream, session, its sign of life, reservation, places. What is closed already stays as it was.
 */
export async function closeConsumers(
  db: Database,
  due: SQL,
  { limit = closedAtOnce, actor = null, replaced = false }: ClosingOptions = {},
): Promise<ClosedSession[]> {
  // An event a session and one a reservation.
  const eventIds = JSON.stringify(Array.from({ length: 2 * limit }, () => newId('Event')))
  return db.execute<ClosedSession & Record<string, unknown>>(
    sql`with due as materialized (${due}),
    sign as materialized (
      select heartbeat.consumer_id
      from ${heartbeats} heartbeat join due using (consumer_id)
      order by heartbeat.consumer_id for update of heartbeat
    ), closed as (
      update ${consumers} consumer set
        state = 'CLOSED', state_since = now(), closed_at = now(), close_reason = due.reason, close_message = due.message,
        last_heartbeat_at = case when heartbeat.at > consumer.opened_at then heartbeat.at end, player_stats = heartbeat.stats
      from due left join ${heartbeats} heartbeat using (consumer_id)
      -- Counted so that all are locked before the first session changes; a join of two such lists would be a loop in a loop.
      cross join (select count(*) from sign) locked
      where consumer.id = due.consumer_id and consumer.state <> 'CLOSED'
      returning consumer.*, greatest(0, extract(epoch from now() - consumer.opened_at))::float8 as session_seconds
    ), silent as (
      delete from ${heartbeats} heartbeat using closed where heartbeat.consumer_id = closed.id
    ), released as (
      update ${reservations} reservation set state = 'RELEASED', released_at = now()
      from closed
      where reservation.id = closed.reservation_id and reservation.state = 'ACTIVE' and ${!replaced}
      returning reservation.*
    ), ${placesFreed(sql`
      select project_id, stream_id, source, false as reserved from closed where reservation_id is null
      union all select project_id, stream_id, source, true from released`)},
    told as (
      select project_id, 'consumer.closed' as type, id as subject_id, jsonb_build_object(
        'streamId', stream_id, 'clientId', client_id, 'protocol', protocol, 'reason', close_reason, 'message', close_message,
        'sessionSeconds', round(session_seconds::numeric, 3)) as data
      from closed
      union all
      select project_id, 'reservation.released', id, jsonb_build_object('streamId', stream_id, 'source', source) from released
    ), written as (
      insert into ${events} (id, project_id, type, subject_id, actor, data)
      select event_id, project_id, type, subject_id, ${actor && JSON.stringify(actor)}::text::jsonb, data
      from (select *, row_number() over () as place from told) told
      join json_array_elements_text(${eventIds}::text::json) with ordinality as given (event_id, place) using (place)
    )
    select id, project_id as "projectId", stream_id as "streamId", protocol, reservation_id as "reservationId",
      media_node_id as "mediaNodeId", incarnation, close_reason as reason, close_message as message,
      session_seconds as "sessionSeconds"
    from closed`,
    'objects',
  )
}

export interface ClosingOptions {
  /** The most that `due` names. */
  limit?: number
  /** Who did it; null: the system. */
  actor?: EventActor | null
  /** Another session takes its place: the reservation stays. */
  replaced?: boolean
}

/** The lock of whoever closes several: only what nobody else holds. What is passed over is found the next time. */
export const dueLocks = sql`for update skip locked`

/** Closes these for one reason; waits for whoever holds one of them. At most `closedAtOnce`. */
export function closeById(
  db: Database,
  ids: readonly string[],
  { reason, message = null, ...options }: ClosingOptions & { reason: CloseReason; message?: string | null },
): Promise<ClosedSession[]> {
  const list = JSON.stringify(ids)
  return closeConsumers(
    db,
    sql`select id as consumer_id, ${reason}::text as reason, ${message}::text as message from ${consumers}
      where id in (select json_array_elements_text(${list}::text::json)) and state <> 'CLOSED'
      order by id for update`,
    { limit: ids.length, ...options },
  )
}
