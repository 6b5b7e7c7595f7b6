import { json, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { Written } from './kind.ts'
import type { TierName } from './tiers.ts'

/**
 * Made by a migration written by hand, for they are partitioned by time: that is why they are not in the database's tables.ts, of which
 * drizzle-kit makes migrations. `json` and not `jsonb`: nothing in the database looks into it, and its text is shorter.
 */
const samplesTable = (name: string) =>
  pgTable(
    name,
    {
      /** A stream or a media node. */
      subjectId: text('subject_id').notNull(),
      /** Where the chunk or bucket begins. */
      at: timestamp('at', { withTimezone: true, precision: 3 }).notNull(),
      /** Who wrote it: one run of one node. Of a bucket there is a row a run; they are merged when read. */
      run: text('run').notNull(),
      data: json('data').notNull().$type<Written>(),
    },
    (t) => [primaryKey({ columns: [t.subjectId, t.at, t.run] })],
  )

export const sampleTables = {
  '1s': samplesTable('samples_1s'),
  '1m': samplesTable('samples_1m'),
  '5m': samplesTable('samples_5m'),
  '1h': samplesTable('samples_1h'),
} as const satisfies Record<TierName, unknown>

export const sampleTableName = (tier: TierName) => `samples_${tier}`
