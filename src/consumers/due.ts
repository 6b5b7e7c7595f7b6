import { type SQL, sql } from 'drizzle-orm'
import { consumers, heartbeats, streams } from '../platform/database/tables.ts'
import { dueLocks } from './closing.ts'

/**
 * Sessions that were last heard of before `before` (ms since the epoch, by the database's clock), as closeConsumers takes them. What has lost its
 * transport and was not opened again ends for that reason.
 */
export function overdue(before: number, limit: number): SQL {
  return sql`select consumer.id as consumer_id,
      case
        when consumer.state <> 'STALE' then 'HEARTBEAT_TIMEOUT'
        when consumer.media_node_id is null then 'NODE_LOST'
        when consumer.protocol = 'WHEP' then 'TRANSPORT_FAILED'
        else 'HEARTBEAT_TIMEOUT'
      end as reason, null::text as message
    from (
      select consumer_id from ${heartbeats} where at < to_timestamp(${before}::float8 / 1000) limit ${limit} ${dueLocks}
    ) silent join ${consumers} consumer on consumer.id = silent.consumer_id
    where consumer.state <> 'CLOSED'
    for update of consumer skip locked`
}

/** Open sessions of these streams, where those are stopped or deleted. */
export function ofEndedStreams(streamIds: readonly string[], limit: number): SQL {
  const list = JSON.stringify(streamIds)
  return sql`select consumer.id as consumer_id,
      case when stream.deleted_at is null then 'STREAM_STOPPED' else 'STREAM_DELETED' end as reason, null::text as message
    from ${streams} stream
    join ${consumers} consumer on consumer.stream_id = stream.id
    join ${heartbeats} heartbeat on heartbeat.consumer_id = consumer.id
    where stream.id in (select json_array_elements_text(${list}::text::json))
      and (stream.deleted_at is not null or stream.desired_state = 'STOPPED') and consumer.state <> 'CLOSED'
    limit ${limit}
    for update of consumer, heartbeat skip locked`
}

/** Streams with open sessions: the index is asked once a stream, however many its sessions are. */
export const watchedStreams = sql`with recursive watched as (
    (select stream_id from ${consumers} where state <> 'CLOSED' order by stream_id limit 1)
    union all
    select (select stream_id from ${consumers} where state <> 'CLOSED' and stream_id > watched.stream_id order by stream_id limit 1)
    from watched where watched.stream_id is not null
  )`
