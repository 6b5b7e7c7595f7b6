import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Caller } from '../../src/caller.ts'
import { newId } from '../../src/ids.ts'
import type { Bus } from '../../src/platform/bus/bus.ts'
import { createInProcessBus } from '../../src/platform/bus/in-process.ts'
import { projects as projectTable } from '../../src/platform/database/tables.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { createProjectService } from '../../src/projects/service.ts'
import { startProjectWatch } from '../../src/projects/watch.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { until } from '../support/until.ts'

describeOnBothDatabases('what other nodes hear of keys and projects', (database) => {
  let now = 0
  let admin: Caller
  const stops: (() => Promise<void>)[] = []

  beforeAll(async () => {
    const { id } = await createProjectService({ db: database().db, logger: silentLogger }).ensureDefaultProject()
    admin = { projectId: id, scopes: ['ADMIN'], actor: { kind: 'SYSTEM' } }
  })
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop()
  })

  /** A node: what it remembers of keys, and what it hears over this bus. */
  async function node(bus: Bus) {
    const { db } = database()
    const changed = (id: string) => bus.publish('keys', id)
    const service = createProjectService({ db, logger: silentLogger, changed })
    const parts = { db, bus, forget: service.forget, now: () => Date.now() + now, logger: silentLogger }
    const watch = await startProjectWatch(parts)
    stops.push(() => watch.stop())
    return { service, watch }
  }

  const deaf: Bus = { ...createInProcessBus(silentLogger), subscribe: () => () => {} }

  test.each([
    ['at once by a message', createInProcessBus(silentLogger)],
    ['by looking, where no message comes', deaf],
  ])('a revocation on one node ends what is open on another: %s', async (_, bus) => {
    const here = await node(bus)
    const there = await node(bus)
    const { row, key } = await here.service.createKey(admin, { name: 'x', scopes: ['READ'] })
    const caller = (await there.service.authenticate(key))!
    expect(caller).toMatchObject({ scopes: ['READ'] })
    const other = await here.service.createKey(admin, { name: 'other', scopes: ['READ'] })
    const spared = (await there.service.authenticate(other.key))!
    const ended: string[] = []
    there.watch.live.watch(caller, (why) => ended.push(why.code))
    there.watch.live.watch(spared, () => ended.push('spared'))
    const stop = there.watch.live.watch(caller, () => ended.push('stopped'))
    stop()
    await here.service.revokeKey(admin, row.id)
    await until('it was told', () => ended.length > 0)
    expect(ended).toEqual(['UNAUTHENTICATED'])
    expect(there.watch.live.isOver(caller)).toBe(true)
    expect(there.watch.live.isOver(spared)).toBe(false)
    expect(await there.service.authenticate(key)).toBeNull()
  })

  test('a key that expires ends what is open by it', async () => {
    const { service, watch } = await node(deaf)
    const { key } = await service.createKey(admin, {
      name: 'short',
      scopes: ['READ'],
      expiresAt: new Date(Date.now() + 3_600_000),
    })
    const caller = (await service.authenticate(key))!
    const ended: string[] = []
    watch.live.watch(caller, (why) => ended.push(why.message))
    watch.live.look()
    expect(ended).toEqual([])
    now = 3_600_001
    watch.live.look()
    expect(ended).toEqual(['The key has expired.'])
    now = 0
  })

  test('a project that was made is known, public when it says so, and those without a key are told when it is not any more', async () => {
    const bus = createInProcessBus(silentLogger)
    const here = await node(bus)
    const { watch } = await node(bus)
    const { id } = await here.service.create(admin, { name: 'other' })
    await until('it is known', () => watch.has(id))
    expect(watch.isPublic(id)).toBe(false)
    expect(watch.has(newId('Project'))).toBe(false)
    await here.service.update(admin, id, { publicHealth: true })
    await until('it is public', () => watch.isPublic(id))
    const ended: string[] = []
    watch.live.watch({ projectId: id, scopes: [], actor: { kind: 'ANONYMOUS' } }, (why) => ended.push(why.code))
    watch.live.watch({ projectId: id, scopes: [], actor: { kind: 'API_KEY', apiKeyId: newId('ApiKey') } }, () =>
      ended.push('key'),
    )
    await here.service.update(admin, id, { publicHealth: false })
    await until('it was told', () => ended.length > 0)
    expect(ended).toEqual(['UNAUTHENTICATED'])
    expect(await database().db.$count(projectTable)).toBeGreaterThan(1)
  })
})
