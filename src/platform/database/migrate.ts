import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import type { Database } from './database.ts'
import { DatabaseOpenError } from './open-error.ts'
import { eventLog } from './tables.ts'

export const migrationsFolder = fileURLToPath(new URL('../../../drizzle', import.meta.url))

/**
 * Brings the database to this version's tables with `apply` (the driver's own migrator). The caller holds the lock:
 * Drizzle takes none, and of several starts on a fresh database all but one would fail.
 */
export async function migrateDatabase(db: Database, apply: () => Promise<unknown>): Promise<void> {
  const known = new Set(readMigrationFiles({ migrationsFolder }).map((migration) => migration.name))
  const applied = await appliedMigrations(db)
  const unknown = applied.filter((name) => !known.has(name))
  if (unknown.length > 0) {
    throw new DatabaseOpenError(
      'TOO_NEW',
      `The database was made by a newer version of Weir (it has the migration ${unknown.at(-1)}). Start that version, or use another database.`,
    )
  }
  if (applied.length === known.size) return
  await apply()
  await db.insert(eventLog).values({ id: 1, lastCursor: 0, firstCursor: 1 }).onConflictDoNothing()
}

async function appliedMigrations(db: Database): Promise<string[]> {
  const [table] = await db.execute<{ exists: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as exists`,
    'objects',
  )
  if (!table?.exists) return []
  const rows = await db.execute<{ name: string }>(
    sql`select name from drizzle.__drizzle_migrations order by id`,
    'objects',
  )
  return rows.map((row) => row.name)
}
