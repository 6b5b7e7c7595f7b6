import { existsSync, renameSync, rmSync, statfsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { drizzle, type PgliteDatabase } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import type { OpenDatabase } from './database.ts'
import { takeFolder } from './folder-guard.ts'
import { migrateDatabase, migrationsFolder } from './migrate.ts'
import type { OpenOptions } from './open.ts'
import { DatabaseOpenError, explainFolderError } from './open-error.ts'
import { relations } from './relations.ts'
import { scarceBytes, startSpaceGuard } from './space-guard.ts'

/** A new database is 40 MB. */
const spaceForNewBytes = 128 * 2 ** 20

/** Opens the embedded database in `dataDir`/database, making it first where there is none. */
export async function openPglite(options: OpenOptions & { dataDir: string }): Promise<OpenDatabase> {
  const dataDir = resolve(options.dataDir)
  const guard = takeFolder(dataDir)
  try {
    const client = await openFolder(join(dataDir, 'database'), options)
    const opened = await openClient(client, options)
    const spaceGuard = startSpaceGuard(client, dataDir, options.logger)
    return {
      ...opened,
      async close() {
        await spaceGuard.stop()
        await opened.close()
        guard.release()
      },
    }
  } catch (error) {
    guard.release()
    throw explain(error, dataDir)
  }
}

/** Drizzle and the migrations on a PGlite that is running already, in memory or in a folder. */
export async function openClient(client: PGlite, options: Pick<OpenOptions, 'onStatement'>): Promise<OpenDatabase> {
  const db: PgliteDatabase<typeof relations> = drizzle({
    client,
    relations,
    logger: options.onStatement ? { logQuery: options.onStatement } : false,
  })
  // One session is all there is, so this holds for every ANALYZE: it reads 3,000 rows of a table rather than 30,000, on the server's thread.
  await client.exec('set default_statistics_target = 10')
  // One process, one connection: no lock needed.
  await migrateDatabase(db, () => migrate(db, { migrationsFolder }))
  return {
    db,
    kind: 'PGLITE',
    async close() {
      if (client.closed) return
      await client.exec('CHECKPOINT')
      await client.close()
    },
  }
}

/** Made beside its place and moved there when whole: a start that is killed halfway leaves nothing that looks like a database. */
async function openFolder(folder: string, options: OpenOptions): Promise<PGlite> {
  const isNew = !existsSync(join(folder, 'PG_VERSION'))
  requireSpace(folder, isNew ? spaceForNewBytes : scarceBytes)
  if (isNew) {
    options.onProgress?.('making the embedded database (once, about 5 s)')
    const unfinished = `${folder}.unfinished`
    rmSync(unfinished, { recursive: true, force: true })
    const maker = await PGlite.create({ dataDir: unfinished })
    await maker.exec('CHECKPOINT')
    await maker.close()
    renameSync(unfinished, folder)
  }
  return PGlite.create({ dataDir: folder })
}

function requireSpace(folder: string, neededBytes: number): void {
  const { bavail, bsize } = statfsSync(join(folder, '..'))
  if (Number(bavail) * Number(bsize) < neededBytes)
    throw Object.assign(new Error('too little space'), { code: 'ENOSPC' })
}

function explain(error: unknown, dataDir: string): DatabaseOpenError {
  return (
    explainFolderError(error, dataDir) ??
    new DatabaseOpenError(
      'DAMAGED',
      `The embedded database in ${dataDir} does not open. Restore the folder from a backup, or move it away and start with an empty one.`,
      { cause: error },
    )
  )
}
