import { getTableName, is, sql } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import type { Database } from '../../src/platform/database/database.ts'
import * as tables from '../../src/platform/database/tables.ts'

/** All rows of all tables, as text: what a dump of the database would show. `except`: columns that are left out, as `table.column`. */
export async function allText(db: Database, except: string[] = []): Promise<string> {
  const names = Object.values(tables)
    .filter((table) => is(table, PgTable))
    .map((table) => getTableName(table as PgTable))
  const texts: string[] = []
  for (const name of names) {
    const row = except.filter((column) => column.startsWith(`${name}.`)).map((column) => column.slice(name.length + 1))
    const shown = row.reduce((query, column) => sql`${query} - ${column}::text`, sql`to_jsonb(t)`)
    const rows = await db.select({ text: sql<string>`(${shown})::text` }).from(sql`${sql.identifier(name)} as t`)
    texts.push(...rows.map(({ text }) => `${name} ${text}`))
  }
  return texts.join('\n')
}
