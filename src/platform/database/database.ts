import type { PgAsyncDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { relations } from './relations.ts'

/** The database as everything but its adapters sees it: Drizzle on PGlite or on PostgreSQL. A transaction is one too. */
export type Database = PgAsyncDatabase<PgQueryResultHKT, typeof relations>

/** Resolves when the database answers. */
export async function pingDatabase(db: Database): Promise<void> {
  await db.execute('select 1')
}

/** An open database and how to let it go. */
export interface OpenDatabase {
  db: Database
  kind: 'PGLITE' | 'POSTGRESQL'
  close(): Promise<void>
}
