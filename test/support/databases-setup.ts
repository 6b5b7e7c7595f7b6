import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../src/platform/database/open.ts'
import { openClient } from '../../src/platform/database/pglite.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { startPostgresServer } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Ends with a slash; append a database name. */
    postgresUrl: string
    /** A file: a migrated PGlite as dumpDataDir writes it. */
    pgliteSnapshot: string
  }
}

export const templateDatabase = 'weir_template'

/** Once a run: a PostgreSQL with a migrated template to copy, and the same as a PGlite snapshot. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-test-pglite-'))
  const [server, snapshot] = await Promise.all([startPostgresServer(), makeSnapshot()])
  try {
    const pgliteSnapshot = join(folder, 'snapshot.tar')
    writeFileSync(pgliteSnapshot, snapshot)
    const admin = postgres(`${server.url}postgres`, { max: 1 })
    await admin.unsafe(`create database ${templateDatabase}`)
    await admin.end()
    const template = await openDatabase({
      databaseUrl: server.url + templateDatabase,
      dataDir: '',
      logger: silentLogger,
    })
    await template.close()
    project.provide('postgresUrl', server.url)
    project.provide('pgliteSnapshot', pgliteSnapshot)
  } catch (error) {
    await server.stop()
    throw error
  }
  return async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function makeSnapshot(): Promise<Uint8Array> {
  const client = await PGlite.create()
  await openClient(client, {})
  const dump = await client.dumpDataDir('none')
  await client.close()
  return new Uint8Array(await dump.arrayBuffer())
}
