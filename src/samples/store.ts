import { and, eq, gte, inArray, isNull, lt, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import type { Written } from './kind.ts'
import { ensurePartition, partitionOf } from './partitions.ts'
import { sampleTables } from './tables.ts'
import type { Tier } from './tiers.ts'

/** A chunk of samples or a bucket, as it is stored. `at` in ms since the epoch. */
export interface SampleRow {
  subjectId: string
  at: number
  run: string
  data: Written
}

export interface SampleStore {
  /** Writes rows of one tier, at most some hundred; those that are there already stay as they are. */
  insert(tier: Tier, rows: readonly SampleRow[]): Promise<void>
  /** Rows that begin in [from, to), in the order of their times; one statement. */
  read(tier: Tier, subjectIds: readonly string[], from: number, to: number): Promise<SampleRow[]>
}

export function createSampleStore(db: Database): SampleStore {
  /** Partitions that are known to be there: at most those of one retention. */
  const known = new Set<string>()

  async function ensure(tier: Tier, rows: readonly SampleRow[]): Promise<void> {
    for (const { at } of rows) {
      const { name } = partitionOf(tier, at)
      if (known.has(name)) continue
      await ensurePartition(db, tier, at)
      if (known.size >= maxKnown) known.clear()
      known.add(name)
    }
  }

  return {
    async insert(tier, rows) {
      await ensure(tier, rows)
      try {
        await insertRows(db, tier, rows)
      } catch (error) {
        // Another node has dropped a partition that this one still knew: the next try makes it again.
        known.clear()
        throw error
      }
    },
    async read(tier, subjectIds, from, to) {
      if (subjectIds.length === 0 || to <= from) return []
      const table = sampleTables[tier.name]
      const rows = await db
        .select()
        .from(table)
        .where(
          and(inArray(table.subjectId, [...subjectIds]), gte(table.at, new Date(from)), lt(table.at, new Date(to))),
        )
        .orderBy(table.at)
      return rows.map((row) => ({ ...row, at: row.at.getTime() }))
    },
  }
}

const maxKnown = 200

/** One parameter for all rows. As text first: the drivers do not agree on what a parameter of the type json is. */
async function insertRows(db: Database, tier: Tier, rows: readonly SampleRow[]): Promise<void> {
  const json = JSON.stringify(rows.map(({ subjectId, at, run, data }) => [subjectId, at, run, data]))
  await db.execute(
    sql`insert into ${sampleTables[tier.name]} (subject_id, at, run, data) select r ->> 0, to_timestamp((r ->> 1)::float8 / 1000), r ->> 2, r -> 3 from json_array_elements(${json}::text::json) r on conflict do nothing`,
  )
}

/** Who wrote chunks in an hour (from `hour`, ms since the epoch) and never rolled them up. */
export async function unrolledRuns(
  db: Database,
  hour: number,
  limit: number,
): Promise<{ subjectId: string; run: string }[]> {
  const chunks = sampleTables['1s']
  const hours = sampleTables['1h']
  return db
    .selectDistinct({ subjectId: chunks.subjectId, run: chunks.run })
    .from(chunks)
    .leftJoin(
      hours,
      and(eq(hours.subjectId, chunks.subjectId), eq(hours.run, chunks.run), eq(hours.at, new Date(hour))),
    )
    .where(and(gte(chunks.at, new Date(hour)), lt(chunks.at, new Date(hour + 3_600_000)), isNull(hours.at)))
    .limit(limit)
}
