import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { type PlaceScope, places } from '../platform/database/tables.ts'
import { countsOf, type PlaceHolder, type PlaceLimits, PlaceRefusal } from './model.ts'

/**
 * Takes one place in the caller's transaction, or throws PlaceRefusal (QUOTA_EXCEEDED) where a limit would be passed; the transaction has to be
 * rolled back then. Whoever takes or frees locks the rows of `places` in one order (project, scope, key), and after whatever sits on the places
 * (stream, session, reservation). They stay locked until the transaction ends: be short after this.
 */
export async function takePlaces(tx: Database, holder: PlaceHolder, limits: PlaceLimits): Promise<void> {
  const { projectId } = holder
  const counts = countsOf(holder, limits)
  const closed = counts.find(({ limit }) => limit !== null && limit < 1)
  if (closed) throw new PlaceRefusal(closed, await countTaken(tx, projectId, closed))
  const rows = counts.map(({ scope, key }) => sql`(${projectId}, ${scope}, ${key}, 1)`)
  const limitOf = counts.map(({ scope, limit }) => sql`when ${scope} then ${limit}::int`)
  const raised = await tx.execute<{ scope: PlaceScope }>(
    // Rows of VALUES go in, and so are locked, in their order.
    sql`insert into ${places} as place (project_id, scope, key, taken) values ${sql.join(rows, sql`, `)}
      on conflict (project_id, scope, key) do update set taken = place.taken + 1
      where place.taken < coalesce(case place.scope ${sql.join(limitOf, sql` `)} end, 2147483647)
      returning scope`,
    'objects',
  )
  const full = counts.find(({ scope }) => raised.every((row) => row.scope !== scope))
  if (full) throw new PlaceRefusal(full, await countTaken(tx, projectId, full))
}

async function countTaken(tx: Database, projectId: string, { scope, key }: { scope: PlaceScope; key: string }) {
  const [row] = await tx
    .select({ taken: places.taken })
    .from(places)
    .where(and(eq(places.projectId, projectId), eq(places.scope, scope), eq(places.key, key)))
  return row?.taken ?? 0
}

/** Frees the places of these, in the caller's transaction. Each count is lowered once, however many they are, and never below zero. */
export async function freePlaces(tx: Database, holders: readonly PlaceHolder[]): Promise<void> {
  if (holders.length === 0) return
  const list = JSON.stringify(holders)
  const held = sql`select "projectId" as project_id, "streamId" as stream_id, source, reserved
    from jsonb_to_recordset(${list}::text::jsonb) as held("projectId" text, "streamId" text, source text, reserved boolean)`
  await tx.execute(sql`with ${placesFreed(held)} select 1`)
}

/**
 * The same for a statement that closes what sits on the places: expressions of its WITH list, ready to stand after others and a comma. `held` is
 * a SELECT (of what those expressions return) with a row a place and the columns project_id, stream_id, source and reserved. The names that begin
 * with `places_` are taken.
 */
export function placesFreed(held: SQL): SQL {
  return sql`places_freed as (
      select held.project_id, counted.scope, counted.key, count(*)::int as freed
      from (${held}) held cross join lateral (values
        ('CONSUMERS_OF_PROJECT', held.project_id),
        ('CONSUMERS_OF_SOURCE', held.source),
        ('CONSUMERS_OF_STREAM', held.stream_id),
        ('RESERVATIONS_OF_PROJECT', case when held.reserved then held.project_id end)
      ) counted (scope, key)
      where counted.key is not null
      group by held.project_id, counted.scope, counted.key
    ), places_locked as (
      select place.project_id, place.scope, place.key, places_freed.freed
      from ${places} place join places_freed using (project_id, scope, key)
      order by place.project_id collate "C", place.scope collate "C", place.key collate "C"
      for no key update of place
    ), places_lowered as (
      update ${places} place set taken = greatest(0, place.taken - locked.freed)
      from places_locked locked
      where (place.project_id, place.scope, place.key) = (locked.project_id, locked.scope, locked.key)
      returning 1
    )`
}

const deletedAtOnce = 500

/** Deletes up to 500 counts that are zero: streams go, and sources are names that anybody may make up. Answers with their number. */
export async function deleteEmptyPlaces(db: Database): Promise<number> {
  const deleted = await db.execute(
    sql`with empty as (
        select project_id, scope, key from ${places} where taken = 0 limit ${deletedAtOnce} for update skip locked
      )
      delete from ${places} place using empty
      where (place.project_id, place.scope, place.key) = (empty.project_id, empty.scope, empty.key) and place.taken = 0
      returning 1`,
    'objects',
  )
  return deleted.length
}
