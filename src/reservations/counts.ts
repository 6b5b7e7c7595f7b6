import { type SQL, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { reservations } from '../platform/database/tables.ts'
import { noReservations } from './model.ts'
import type { ReservationCounts } from './types.ts'

const maxSources = 100
/** As the partial index says it, so that a planner that does not see values can tell that it serves. */
const isOpen = sql.raw(`state in ('HELD', 'ACTIVE')`)

interface CountRow extends Record<string, unknown> {
  stream_id: string | null
  source: string
  total: number | string
  active: number | string
  all_total: number | string
  all_active: number | string
}

/** Of a whole project. */
export async function countReservations(db: Database, projectId: string): Promise<ReservationCounts> {
  const counts = await count(db, sql`null::text`, sql`project_id = ${projectId}`)
  return counts.get(null) ?? noReservations
}

/** By stream; one that has none is absent. */
export async function countReservationsOfStreams(
  db: Database,
  projectId: string,
  streamIds: readonly string[],
): Promise<Map<string, ReservationCounts>> {
  const ids = sql`select json_array_elements_text(${JSON.stringify(streamIds)}::text::json)`
  const counts = await count(db, sql`stream_id`, sql`project_id = ${projectId} and stream_id in (${ids})`)
  return counts as Map<string, ReservationCounts>
}

async function count(db: Database, streamId: SQL, where: SQL): Promise<Map<string | null, ReservationCounts>> {
  const rows = await db.execute<CountRow>(
    sql`select * from (
        select *, sum(total) over stream as all_total, sum(active) over stream as all_active,
          row_number() over (partition by stream_id order by total desc, source) as place
        from (
          select ${streamId} as stream_id, source, count(*) as total, count(*) filter (where state = 'ACTIVE') as active
          from ${reservations} where ${where} and ${isOpen} group by 1, source
        ) counted
        window stream as (partition by stream_id)
      ) ranked
      where place <= ${maxSources} order by place`,
    'objects',
  )
  const counts = new Map<string | null, ReservationCounts>()
  for (const row of rows) {
    const known = counts.get(row.stream_id)
    const all = known ?? { total: Number(row.all_total), active: Number(row.all_active), bySource: [] }
    if (!known) counts.set(row.stream_id, all)
    all.bySource.push({ source: row.source, total: Number(row.total), active: Number(row.active) })
  }
  return counts
}

/** Of all projects: how many are HELD and ACTIVE by source, the 100 largest; those of all others together as `other`. */
export async function countBySource(db: Database): Promise<{ source: string; held: number; active: number }[]> {
  const rows = await db.execute<{ source: string; held: number | string; active: number | string }>(
    sql`select case when place <= ${maxSources} then source else 'other' end as source, sum(held) as held, sum(active) as active
      from (
        select source, count(*) filter (where state = 'HELD') as held, count(*) filter (where state = 'ACTIVE') as active,
          row_number() over (order by count(*) desc, source) as place
        from ${reservations} where ${isOpen} group by source
      ) ranked
      group by 1`,
    'objects',
  )
  return rows.map(({ source, held, active }) => ({ source, held: Number(held), active: Number(active) }))
}
