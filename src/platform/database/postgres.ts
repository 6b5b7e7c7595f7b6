import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { arrayTypes, parseArrayText } from './array-text.ts'
import type { OpenDatabase } from './database.ts'
import { migrateDatabase, migrationsFolder } from './migrate.ts'
import type { OpenOptions } from './open.ts'
import { DatabaseOpenError, errorCodeOf } from './open-error.ts'
import { relations } from './relations.ts'

const maxConnections = 10
const connectWaitMs = 30_000
/** How long a start waits for another that is migrating. */
const migrationLockTimeout = '5min'
/** Any number, the same in every version: who migrates holds the session-level advisory lock under it. */
const migrationLock = 7_391_018_246

/** Codes of a server that isn't there yet: it may be starting beside us. */
const notYetThere = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNRESET',
  'CONNECT_TIMEOUT',
  '57P03',
  'CONNECTION_CLOSED',
])

/** Opens a PostgreSQL, waiting up to 30 s for one that is just starting, and migrates it under a lock. */
export async function openPostgres(options: OpenOptions & { databaseUrl: string }): Promise<OpenDatabase> {
  const client = connect(options.databaseUrl)
  knowArrays(client)
  const db = drizzle({ client, relations, logger: options.onStatement ? { logQuery: options.onStatement } : false })
  try {
    await waitForServer(client, options)
    const lockHolder = await client.reserve()
    try {
      await lockHolder`select set_config('lock_timeout', ${migrationLockTimeout}, false)`
      await lockHolder`select pg_advisory_lock(${migrationLock})`
      await migrateDatabase(db, () => migrate(db, { migrationsFolder }))
    } finally {
      await lockHolder`select pg_advisory_unlock(${migrationLock}), set_config('lock_timeout', '0', false)`
      lockHolder.release()
    }
  } catch (error) {
    await client.end({ timeout: 1 })
    throw error
  }
  return { db, kind: 'POSTGRESQL', close: () => client.end({ timeout: 5 }) }
}

function connect(databaseUrl: string): postgres.Sql {
  try {
    return postgres(databaseUrl, {
      max: maxConnections,
      connect_timeout: 10,
      // It asks each new connection for the types of arrays, and nobody awaits the answer: cut in the middle of that, it
      // would end the whole process. See knowArrays.
      fetch_types: false,
      // In seconds, and random: many nodes find their way back within a second, and not all at once. (By itself it waits up to 20 s.)
      backoff: () => 0.2 + Math.random() * 0.8,
      onnotice: () => {},
      connection: { application_name: 'weir' },
    })
  } catch (cause) {
    throw new DatabaseOpenError('BAD_URL', 'DATABASE_URL is not a URL like postgres://user:password@host:5432/name.', {
      cause,
    })
  }
}

/** What `fetch_types` would have found out. */
function knowArrays({ options: { parsers } }: postgres.Sql): void {
  const known: Record<number, ((text: string) => unknown) | undefined> = parsers
  for (const [element, array] of arrayTypes) {
    const parse = known[element] ?? ((text: string) => text)
    known[array] = (text) => parseArrayText(text, parse)
  }
}

async function waitForServer(client: postgres.Sql, options: OpenOptions): Promise<void> {
  const giveUpAt = Date.now() + (options.connectWaitMs ?? connectWaitMs)
  for (let attempt = 1; ; attempt++) {
    try {
      await client`select 1`
      return
    } catch (error) {
      const code = errorCodeOf(error) ?? 'unknown'
      const server = [client.options.host].flat()[0]
      if (!notYetThere.has(code)) {
        throw new DatabaseOpenError(
          'REFUSED',
          `PostgreSQL at ${server} refused us (${code}): check user, password and database name in DATABASE_URL.`,
          { cause: error },
        )
      }
      if (Date.now() >= giveUpAt) {
        throw new DatabaseOpenError(
          'UNREACHABLE',
          `PostgreSQL at ${server} does not answer (${code}): check that it runs and that DATABASE_URL names it.`,
          { cause: error },
        )
      }
      if (attempt === 1) options.onProgress?.(`waiting for PostgreSQL at ${server}`)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}
