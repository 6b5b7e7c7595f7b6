import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isNull } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Caller } from '../../src/caller.ts'
import { newId } from '../../src/ids.ts'
import { knownSecret } from '../../src/nodes/join.ts'
import { createInProcessBus } from '../../src/platform/bus/in-process.ts'
import { cluster, streams } from '../../src/platform/database/tables.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import type { SecretBox } from '../../src/platform/secret-box.ts'
import { insertProject } from '../../src/projects/store.ts'
import { keyFileIn, parseSecretKey } from '../../src/secrets/key-file.ts'
import { openSecretBox, SecretKeyError } from '../../src/secrets/open.ts'
import { sealSources } from '../../src/streams/sealing.ts'
import { createStreamService } from '../../src/streams/service.ts'
import { noMediaFiles } from '../../src/streams/source.ts'
import { openSource } from '../../src/streams/source-secret.ts'
import { allText } from '../support/database-text.ts'
import { describeOnBothDatabases } from '../support/databases.ts'

const newKey = () => randomBytes(32).toString('base64')
const url = 'rtsp://user:Gulls-on-the-weir@camera/1?channel=2'

describeOnBothDatabases('the key of the secrets', (database) => {
  const folders: string[] = []
  beforeEach(async () => {
    const { db } = database()
    await db.delete(streams)
    await db.delete(cluster)
    await knownSecret(db)
  })
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  })

  function aFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'weir-key-'))
    folders.push(folder)
    return folder
  }

  interface Start {
    folder?: string
    secretKey?: string | null
    previous?: string | null
    kind?: 'PGLITE' | 'POSTGRESQL'
  }

  /** What a start does with secrets. */
  async function start({ folder = aFolder(), secretKey = null, previous = null, kind = 'POSTGRESQL' }: Start = {}) {
    const { db } = database()
    const keyFile = keyFileIn(folder)
    const box = await openSecretBox({ db, kind, secretKey, previous, keyFile, logger: silentLogger })
    await sealSources(db, box, { givesUp: previous === 'lost', logger: silentLogger })
    return box
  }

  async function addStream(secrets: SecretBox): Promise<string> {
    const { db } = database()
    const project = await insertProject(db, { id: newId('Project'), name: 'test' })
    const caller: Caller = { projectId: project.id, scopes: ['WRITE'], actor: { kind: 'API_KEY', name: 'tester' } }
    const bus = createInProcessBus(silentLogger)
    const service = createStreamService({ db, bus, secrets, files: noMediaFiles, eventsAppended: () => {} })
    return (await service.create(caller, { name: 'Gate', source: { url: { url } } }, 'same')).id
  }

  async function rowOf(id: string) {
    const row = (await database().db.select().from(streams)).find((one) => one.id === id)
    return row!
  }

  const refused = (given: Start) =>
    start(given).then(
      () => Promise.reject(new Error('it was taken')),
      (error) => error,
    )

  it('is made at the first start, for its owner alone, and found again', async () => {
    const folder = aFolder()
    const id = await addStream(await start({ folder }))
    const file = join(folder, 'secret.key')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(parseSecretKey(readFileSync(file, 'utf8').trim())).toHaveLength(32)
    expect(existsSync(`${file}.new`)).toBe(false)
    expect(openSource(await start({ folder }), await rowOf(id))).toMatchObject({ url })
  })

  it('leaves nothing of a source in the database but what may be shown', async () => {
    const id = await addStream(await start())
    expect((await rowOf(id)).source).toEqual({ kind: 'RTSP', url: 'rtsp://***@camera/1?channel=2' })
    expect(await allText(database().db)).not.toContain('Gulls-on-the-weir')
    expect(await allText(database().db)).toContain('channel=2')
  })

  it('is told where it is another than the database was made with, and where it is missing', async () => {
    await addStream(await start({ secretKey: newKey() }))
    const wrong = await refused({ secretKey: newKey() })
    expect(wrong).toBeInstanceOf(SecretKeyError)
    expect(wrong.message).toMatch(/another key than the one in SECRET_KEY/)
    expect(wrong.message).toMatch(/openssl rand -base64 32/)
    const folder = aFolder()
    const missing = await refused({ folder })
    expect(missing.message).toMatch(/SECRET_KEY is not set/)
    expect(existsSync(join(folder, 'secret.key'))).toBe(false)
  })

  it('is one, also where two first nodes start at once, each without a key', async () => {
    const ends = await Promise.allSettled([start(), start()])
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('can be changed: the key before is read, and everything is sealed anew', async () => {
    const [first, second] = [newKey(), newKey()]
    const id = await addStream(await start({ secretKey: first }))
    const before = (await rowOf(id)).sourceSecret
    await start({ secretKey: second, previous: first })
    expect((await rowOf(id)).sourceSecret).not.toBe(before)
    const box = await start({ secretKey: second })
    expect(openSource(box, await rowOf(id))).toMatchObject({ url })
    expect(await refused({ secretKey: first })).toBeInstanceOf(SecretKeyError)
  })

  it('moves from the file to SECRET_KEY without another word', async () => {
    const folder = aFolder()
    const id = await addStream(await start({ folder }))
    const secretKey = newKey()
    await start({ folder, secretKey })
    expect(openSource(await start({ secretKey }), await rowOf(id))).toMatchObject({ url })
  })

  it('that is lost can be given up: the stream stays, without its password', async () => {
    const id = await addStream(await start({ secretKey: newKey() }))
    const box = await start({ secretKey: newKey(), previous: 'lost' })
    const row = await rowOf(id)
    expect(row).toMatchObject({ sourceSecret: null, source: { url: 'rtsp://***@camera/1?channel=2' } })
    expect(() => openSource(box, row)).toThrow()
  })

  it('of an embedded database in which nothing is sealed may be any', async () => {
    await start({ secretKey: newKey(), kind: 'PGLITE' })
    const box = await start({ secretKey: newKey(), kind: 'PGLITE' })
    await addStream(box)
    expect(await refused({ secretKey: newKey(), kind: 'PGLITE' })).toBeInstanceOf(SecretKeyError)
  })

  it('in a file that holds none, or that can not be read, is told', async () => {
    const folder = aFolder()
    writeFileSync(join(folder, 'secret.key'), 'not a key\n')
    expect((await refused({ folder })).message).toMatch(/it holds no key/)
    rmSync(join(folder, 'secret.key'))
    const file = join(folder, 'secret.key.new')
    writeFileSync(file, 'left by one that was killed')
    chmodSync(file, 0o644)
    await start({ folder })
    expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600)
  })

  it('seals at the start what an older version has left in plain text, however much', async () => {
    const { db } = database()
    const box = await start()
    const id = await addStream(box)
    const { id: _, ...like } = await rowOf(id)
    const plain = Array.from({ length: 450 }, (_, i) => ({
      ...like,
      id: newId('Stream'),
      source: { kind: 'RTSP' as const, url: `rtsp://user:Gulls-on-the-weir-${i}@camera/1` },
      sourceSecret: null,
      deletedAt: i % 3 === 0 ? new Date() : null,
    }))
    await db.insert(streams).values(plain)
    expect(await allText(db)).toContain('Gulls-on-the-weir')
    await sealSources(db, box, { givesUp: false, logger: silentLogger })
    expect(await allText(db)).not.toContain('Gulls-on-the-weir')
    const rows = await db.select().from(streams)
    for (const { id, source } of plain) expect(openSource(box, rows.find((row) => row.id === id)!)).toEqual(source)
  })

  it('is all or nothing, wherever the sealing ends', async () => {
    const { db } = database()
    const box = await start()
    const id = await addStream(box)
    const source = { kind: 'RTSP' as const, url }
    for (let failAt = 1; failAt <= 2; failAt++) {
      await db.update(streams).set({ source, sourceSecret: null })
      let calls = 0
      const failing = new Proxy(box, {
        get: (target, name) =>
          name === 'seal'
            ? (...given: [string, string]) => {
                if (++calls === failAt) throw new Error('ended here')
                return target.seal(...given)
              }
            : Reflect.get(target, name),
      })
      await addStream(box)
      await db.update(streams).set({ source, sourceSecret: null })
      await expect(sealSources(db, failing, { givesUp: false, logger: silentLogger })).rejects.toThrow('ended here')
      for (const row of await db.select().from(streams)) expect(openSource(box, row)).toEqual(source)
    }
    await sealSources(db, box, { givesUp: false, logger: silentLogger })
    expect(openSource(box, await rowOf(id))).toEqual(source)
    expect(await db.$count(streams, isNull(streams.sourceSecret))).toBe(0)
  })
})
