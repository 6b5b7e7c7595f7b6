import type { Logger } from '../logs/logger.ts'
import type { OpenDatabase } from './database.ts'
import { loadMendedDriver } from './mended-driver.ts'

export interface OpenOptions {
  logger: Logger
  /** Told in words what takes long: making a new database, waiting for a server. */
  onProgress?: ((what: string) => void) | undefined
  /** Told each statement before it is sent; for tests that count. */
  onStatement?: ((statement: string) => void) | undefined
  /** How long to wait for a PostgreSQL that is not there yet; 30 s. */
  connectWaitMs?: number | undefined
}

/**
 * Opens PostgreSQL where `databaseUrl` is given, else the embedded database in `dataDir`, with this version's tables.
 * Throws DatabaseOpenError, whose message says what to do.
 */
export async function openDatabase(
  options: OpenOptions & { databaseUrl?: string | null | undefined; dataDir: string },
): Promise<OpenDatabase> {
  const { databaseUrl } = options
  const startedAt = performance.now()
  if (databaseUrl) loadMendedDriver()
  // Only one of the two is ever needed, and PGlite is 20 MB to load.
  const opened = databaseUrl
    ? await (await import('./postgres.ts')).openPostgres({ ...options, databaseUrl })
    : await (await import('./pglite.ts')).openPglite(options)
  options.logger.info({ kind: opened.kind, tookMs: Math.round(performance.now() - startedAt) }, 'database open')
  return opened
}
