import { type SQL, sql } from 'drizzle-orm'
import { newId } from '../ids.ts'
import { placesFreed } from '../places/store.ts'
import type { Database } from '../platform/database/database.ts'
import { events, reservations, streams } from '../platform/database/tables.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { startRepeating } from '../platform/repeat.ts'

/** Ended by one statement. */
export const endedAtOnce = 500
const lookEveryMs = 1000

/**
 * Ends up to 500 reservations for which nobody came: EXPIRED, places freed, events, all in one statement, so that it is done once or not at all,
 * by however many nodes. Answers with their number.
 */
export function expireReservations(db: Database): Promise<number> {
  return endHeld(db, 'EXPIRED', sql`expires_at <= now()`)
}

/** The same for those of streams that have been deleted: RELEASED. */
export function releaseOfDeletedStreams(db: Database): Promise<number> {
  return endHeld(db, 'RELEASED', sql`stream_id in (select id from ${streams} where deleted_at is not null)`)
}

async function endHeld(db: Database, state: 'EXPIRED' | 'RELEASED', due: SQL): Promise<number> {
  const eventIds = JSON.stringify(Array.from({ length: endedAtOnce }, () => newId('Event')))
  const type = state === 'EXPIRED' ? 'reservation.expired' : 'reservation.released'
  const [ended] = await db.execute<{ count: number | string }>(
    // What somebody else holds is being ended, extended or sat upon: it is looked at the next time.
    sql`with due as (
      select id from ${reservations} where state = 'HELD' and ${due}
      order by expires_at limit ${endedAtOnce} for update skip locked
    ), ended as (
      update ${reservations} reservation set state = ${state}, released_at = now()
      from due where reservation.id = due.id
      returning reservation.id, reservation.project_id, reservation.stream_id, reservation.source
    ), ${placesFreed(sql`select project_id, stream_id, source, true as reserved from ended`)}, told as (
      insert into ${events} (id, project_id, type, subject_id, data)
      select event_id, project_id, ${type}, id, jsonb_build_object('streamId', stream_id, 'source', source)
      from (select *, row_number() over () as place from ended) numbered
      join json_array_elements_text(${eventIds}::text::json) with ordinality as given (event_id, place) using (place)
    )
    select count(*) as count from ended`,
    'objects',
  )
  return Number(ended?.count ?? 0)
}

/** Looks once a second; any number of nodes may. Returns the way to end. */
export function startReservationExpiry(parts: {
  db: Database
  eventsAppended: () => void
  logger: Logger
}): () => Promise<void> {
  const { db, eventsAppended, logger } = parts
  return startRepeating({
    everyMs: lookEveryMs,
    failure: 'reservations can not expire',
    logger,
    async work() {
      for (const end of [expireReservations, releaseOfDeletedStreams]) {
        for (let count = endedAtOnce; count === endedAtOnce; ) {
          count = await end(db)
          if (count > 0) eventsAppended()
        }
      }
    },
  })
}
