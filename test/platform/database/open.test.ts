import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { openDatabase } from '../../../src/platform/database/open.ts'
import { isReadOnlyWanted } from '../../../src/platform/database/space-guard.ts'
import { eventLog, projects } from '../../../src/platform/database/tables.ts'
import { silentLogger } from '../../../src/platform/logs/logger.ts'
import { createPostgresDatabase, describeOnBothDatabases } from '../../support/databases.ts'
import { freeTcpPort } from '../../support/free-ports.ts'

// A new embedded database takes seconds of processor time, more on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const logger = silentLogger
const openFile = fileURLToPath(new URL('../../../src/platform/database/open.ts', import.meta.url))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-test-open-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describeOnBothDatabases('an open database', (database) => {
  test('carries types both ways: times, JSON, arrays, relations', async () => {
    const { db } = database()
    await db.insert(projects).values({ id: 'p1', name: 'one' })
    const found = await db.query.projects.findFirst({ with: { streams: true, apiKeys: true } })
    expect(found).toMatchObject({ id: 'p1', publicHealth: true, streams: [], apiKeys: [] })
    expect(found!.createdAt).toBeInstanceOf(Date)
    expect(await db.select().from(eventLog)).toEqual([{ id: 1, lastCursor: 0, firstCursor: 1 }])
  })

  test('a transaction that throws leaves nothing', async () => {
    const { db } = database()
    const failing = db.transaction(async (tx) => {
      await tx.insert(projects).values({ id: 'p2', name: 'two' })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await db.$count(projects, sql`id = 'p2'`)).toBe(0)
  })
})

describe('PGlite in a folder', () => {
  test('is made once with progress, keeps its rows over close and SIGKILL, and refuses a second process', async () => {
    const dataDir = join(folder, 'new', 'data')
    const said: string[] = []
    const first = await openDatabase({ dataDir, logger, onProgress: (what) => said.push(what) })
    expect(first.kind).toBe('PGLITE')
    expect(said).toHaveLength(1)
    await first.db.insert(projects).values({ id: 'closed', name: 'written before close' })
    await expect(openDatabase({ dataDir, logger })).rejects.toMatchObject({ reason: 'FOLDER_IN_USE' })
    await first.close()

    const script = `
      const { openDatabase } = await import(${JSON.stringify(openFile)})
      const noop = () => {}
      const { db } = await openDatabase({ dataDir: ${JSON.stringify(dataDir)}, logger: { info: noop } })
      await db.execute("insert into projects (id, name) values ('killed', 'written before SIGKILL')")
      process.kill(process.pid, 'SIGKILL')`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' })
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])

    const again = await openDatabase({ dataDir, logger, onProgress: (what) => said.push(what) })
    expect(said).toHaveLength(1)
    const names = (await again.db.select().from(projects)).map((row) => row.name)
    expect(names.sort()).toEqual(['written before SIGKILL', 'written before close'])
    await again.close()
  })

  test('what a killed first start left half made is made anew', async () => {
    const dataDir = join(folder, 'half')
    mkdirSync(join(dataDir, 'database.unfinished'), { recursive: true })
    writeFileSync(join(dataDir, 'database.unfinished', 'PG_VERSION'), '18\n')
    await (await openDatabase({ dataDir, logger })).close()
  })

  test('a folder below a file, and a link that leads nowhere: FOLDER_NOT_USABLE with what to do', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    symlinkSync('/nonexistent/elsewhere', join(folder, 'link'))
    for (const dataDir of [join(file, 'data'), join(folder, 'link')]) {
      await expect(openDatabase({ dataDir, logger })).rejects.toMatchObject({
        name: 'DatabaseOpenError',
        reason: 'FOLDER_NOT_USABLE',
        message: expect.stringContaining('set DATA_DIR'),
      })
    }
  })

  const namespace = ['--user', '--map-root-user', '--mount']

  /** Runs a script on a small file system, in a namespace of its own that ends with it; `folder` is there, `data` is not. */
  function runOn(mount: string, script: string): string {
    const place = mkdtempSync(join(folder, 'mount-'))
    const steps = `mount -t tmpfs ${mount} tmpfs "$1" && exec "$2" --input-type=module --eval "$3"`
    const whole = `
      const folder = ${JSON.stringify(place)}
      const logger = { info: (_, message) => console.log(message), error: (_, message) => console.log(message), warn() {} }
      const { openDatabase } = await import(${JSON.stringify(openFile)})
      const open = () => openDatabase({ dataDir: folder + '/data', logger })
      ${script}
      process.exit()`
    const args = [...namespace, 'sh', '-c', steps, 'sh', place, process.execPath, whole]
    return execFileSync('unshare', args, { encoding: 'utf8' })
  }
  const start = `await open().then(() => console.log('opened'), (error) => console.log(error.name, error.reason, error.message))`

  test('a disk with too little space: DISK_FULL with what to do', () => {
    expect(runOn('-o size=20m', start)).toMatch(
      /^DatabaseOpenError DISK_FULL .*Free some space \(a new database needs 128 MB\)/,
    )
  })

  test('a disk that is read-only: FOLDER_NOT_USABLE with what to do', () => {
    expect(runOn('-o ro', start)).toMatch(/^DatabaseOpenError FOLDER_NOT_USABLE .*can not be written.*set DATA_DIR/)
  })

  test('a disk that fills up: reads go on, writes fail in words, and both work again when there is space', () => {
    const said = runOn(
      '-o size=200m',
      `
      const { appendFileSync, rmSync } = await import('node:fs')
      const { db, close } = await open()
      const insert = (id) => db.execute("insert into projects (id, name) values ('" + id + "', 'x')").then(
        () => 'stored', (error) => error.cause.code)
      const untilIt = async (answer) => { while (await insert(String(Math.random())) !== answer) await new Promise((r) => setTimeout(r, 50)) }
      console.log(await insert('before'))
      try { for (;;) appendFileSync(folder + '/filler', Buffer.alloc(2 ** 20)) } catch (error) { console.log(error.code) }
      await untilIt('25006')
      console.log((await db.execute("select id from projects where id = 'before'")).rows.length)
      rmSync(folder + '/filler')
      await untilIt('stored')
      await close()
      console.log('closed')`,
    )
    expect(said.trim().split('\n')).toEqual([
      'database open',
      'stored',
      'ENOSPC',
      'the disk of the data folder is nearly full: nothing is stored until there is space again',
      '1',
      'there is space on the disk of the data folder again: changes are stored',
      'closed',
    ])
  })

  test('the database is read-only below 64 MB and until there are 96 again', () => {
    const megabytes = 2 ** 20
    expect([63, 64, 95].map((free) => isReadOnlyWanted(free * megabytes, false))).toEqual([true, false, false])
    expect([63, 95, 96].map((free) => isReadOnlyWanted(free * megabytes, true))).toEqual([true, true, false])
  })

  test('a folder that is no database says DAMAGED, and leaves the lock to the next start', async () => {
    const dataDir = join(folder, 'damaged')
    mkdirSync(join(dataDir, 'database'), { recursive: true })
    writeFileSync(join(dataDir, 'database', 'PG_VERSION'), '18\n')
    for (let i = 0; i < 2; i++) {
      await expect(openDatabase({ dataDir, logger })).rejects.toMatchObject({ reason: 'DAMAGED' })
    }
  })
})

describe('PostgreSQL', () => {
  test('four processes that start on a fresh database at once all succeed', async () => {
    const databaseUrl = await createPostgresDatabase({ migrated: false })
    const opened = await Promise.all(
      Array.from({ length: 4 }, () => openDatabase({ databaseUrl, dataDir: '', logger })),
    )
    const applied = await opened[0]!.db.execute(sql`select name from drizzle.__drizzle_migrations`, 'objects')
    expect(new Set(applied.map((row) => row.name)).size).toBe(applied.length)
    expect(applied.length).toBeGreaterThan(0)
    for (const { db } of opened) expect(await db.$count(eventLog)).toBe(1)
    const [locks] = await opened[0]!.db.execute<{ count: string }>(
      sql`select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
      'objects',
    )
    expect(Number(locks!.count)).toBe(0)
    await Promise.all(opened.map((one) => one.close()))
  })

  test('a database of a newer version is refused and left as it is', async () => {
    const databaseUrl = await createPostgresDatabase({ migrated: true })
    const opened = await openDatabase({ databaseUrl, dataDir: '', logger })
    await opened.db.execute(
      sql`insert into drizzle.__drizzle_migrations (hash, created_at, name) values ('x', 1, '99990101000000_from_the_future')`,
    )
    await opened.close()
    await expect(openDatabase({ databaseUrl, dataDir: '', logger })).rejects.toMatchObject({
      reason: 'TOO_NEW',
      message: expect.stringContaining('99990101000000_from_the_future'),
    })
  })

  test.each([
    ['a missing database', () => `${inject('postgresUrl')}no_such_database`, 'REFUSED'],
    ['nobody listening', async () => `postgres://weir:secret@127.0.0.1:${await freeTcpPort()}/weir`, 'UNREACHABLE'],
    ['no URL', () => 'postgres://weir:secret@:::/weir', 'BAD_URL'],
  ])('%s says so, without the password', async (_what, url, reason) => {
    const error = await openDatabase({ databaseUrl: await url(), dataDir: '', logger, connectWaitMs: 600 }).catch(
      (e) => e,
    )
    expect(error).toMatchObject({ name: 'DatabaseOpenError', reason })
    expect(String(error.stack) + String(error.cause?.stack)).not.toContain('secret')
  })
})

test('the migrations are what the tables say', () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url))
  const out = join(folder, 'drizzle')
  execFileSync('cp', ['-r', join(root, 'drizzle'), out])
  const kit = join(root, 'node_modules/drizzle-kit/bin.cjs')
  const said = execFileSync(
    process.execPath,
    [
      kit,
      'generate',
      '--dialect',
      'postgresql',
      '--schema',
      join(root, 'src/platform/database/tables.ts'),
      '--out',
      out,
    ],
    { cwd: root, encoding: 'utf8' },
  )
  expect(said).toContain('No schema changes')
  expect(readFileSync(join(root, 'drizzle.config.ts'), 'utf8')).toContain('./src/platform/database/tables.ts')
})
