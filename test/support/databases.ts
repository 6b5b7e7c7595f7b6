import { readFileSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import type { OpenDatabase } from '../../src/platform/database/database.ts'
import { openDatabase } from '../../src/platform/database/open.ts'
import { openClient } from '../../src/platform/database/pglite.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { templateDatabase } from './databases-setup.ts'

/** A migrated, empty database of a test's own. */
export interface TestDatabase extends OpenDatabase {
  /** Null on PGlite. */
  url: string | null
  /** Runs `work` and answers with the SQL statements that were sent meanwhile (BEGIN and COMMIT not among them). */
  countStatements<T>(work: () => Promise<T>): Promise<{ result: T; statements: string[] }>
}

let nextDatabase = 1

/** In memory. */
export async function openTestPglite(): Promise<TestDatabase> {
  const loadDataDir = new Blob([readFileSync(inject('pgliteSnapshot'))])
  return counting(null, async (onStatement) => openClient(await PGlite.create({ loadDataDir }), { onStatement }))
}

/** On the real PostgreSQL of this run. */
export async function openTestPostgres(): Promise<TestDatabase> {
  const url = await createPostgresDatabase({ migrated: true })
  return counting(url, (onStatement) =>
    openDatabase({ databaseUrl: url, dataDir: '', logger: silentLogger, onStatement }),
  )
}

/** A new database on the PostgreSQL of this run; answers with its URL. */
export async function createPostgresDatabase(options: { migrated: boolean }): Promise<string> {
  const name = `test_${process.pid}_${nextDatabase++}`
  const admin = postgres(`${inject('postgresUrl')}postgres`, { max: 1, onnotice: () => {} })
  await admin.unsafe(`create database ${name} template ${options.migrated ? templateDatabase : 'template0'}`)
  await admin.end()
  return inject('postgresUrl') + name
}

/** For test files that are run once on each database: vitest.config.ts says by TEST_DATABASE which it is now. */
export function openTestDatabase(): Promise<TestDatabase> {
  return process.env.TEST_DATABASE === 'postgresql' ? openTestPostgres() : openTestPglite()
}

/** The same tests on both databases; `database()` is there inside hooks and tests. */
export function describeOnBothDatabases(name: string, tests: (database: () => TestDatabase) => void): void {
  for (const [kind, open] of [
    ['PGlite', openTestPglite],
    ['PostgreSQL', openTestPostgres],
  ] as const) {
    describe(`${name} (${kind})`, () => {
      let opened: TestDatabase | null = null
      beforeAll(async () => {
        opened = await open()
      })
      afterAll(() => opened?.close())
      tests(() => {
        if (!opened) throw new Error('the database is open only inside hooks and tests')
        return opened
      })
    })
  }
}

async function counting(
  url: string | null,
  open: (onStatement: (sql: string) => void) => Promise<OpenDatabase>,
): Promise<TestDatabase> {
  const listeners = new Set<string[]>()
  const opened = await open((statement) => {
    for (const statements of listeners) statements.push(statement)
  })
  return {
    ...opened,
    url,
    async countStatements(work) {
      const statements: string[] = []
      listeners.add(statements)
      try {
        return { result: await work(), statements }
      } finally {
        listeners.delete(statements)
      }
    },
  }
}
