import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { type Check, healthy, warning } from '../../../src/health/system/check.ts'
import type { CheckOutcome } from '../../../src/health/system/model.ts'
import type { NodeSample } from '../../../src/health/system/sample.ts'
import { type SystemHealthOptions, SystemHealthService } from '../../../src/health/system/service.ts'
import { newId } from '../../../src/ids.ts'
import type { Database } from '../../../src/platform/database/database.ts'
import { nodeHealth, projects } from '../../../src/platform/database/tables.ts'
import { silentLogger } from '../../../src/platform/logs/logger.ts'
import { describeOnBothDatabases, openTestPglite } from '../../support/databases.ts'
import { addMediaNode, addProducer, addStream } from '../../support/rows.ts'
import { addConsumer } from '../../support/sessions.ts'

function node(
  db: Database,
  outcome: () => CheckOutcome = () => healthy('fine'),
  own: Partial<SystemHealthOptions> = {},
) {
  const check: Check = { component: 'MEDIASOUP', name: 'mediasoup', check: async () => outcome() }
  const nodeId = newId('MediaNode')
  const service = new SystemHealthService({
    db,
    nodeId,
    checks: [check],
    intervalMs: 3_600_000,
    deadlineMs: 1000,
    cacheMs: 60_000,
    activeProcesses: () => 2,
    activeConsumers: () => 3,
    logger: silentLogger,
    ...own,
  })
  return { nodeId, service }
}

describeOnBothDatabases('the health of the system', (database) => {
  test('nothing is known before the first round', async () => {
    const { service } = node(database().db)
    expect(service.read(newId('Project'))).toMatchObject({
      status: 'UNKNOWN',
      message: 'Nothing has been checked yet.',
      components: [],
      streamsByState: null,
      activeProducers: null,
      activeProcesses: 2,
    })
  })

  test('counts the streams and producers of the project that asks', async () => {
    const { db } = database()
    const [mine, other] = [newId('Project'), newId('Project')]
    await db.insert(projects).values([
      { id: mine, name: 'mine' },
      { id: other, name: 'other' },
    ])
    const stream = await addStream(db, mine, { state: 'LIVE' })
    await addStream(db, mine, { state: 'ERROR', deletedAt: new Date() })
    await addStream(db, other, { state: 'ERROR' })
    await addProducer(db, stream)
    await addProducer(db, stream, { state: 'CLOSED' })
    for (const state of ['NEW', 'CONNECTED', 'PAUSED', 'STALE', 'CLOSED'] as const)
      await addConsumer(db, stream, { state })
    const { service } = node(db)
    await service.round()
    const health = service.read(mine)
    expect(health).toMatchObject({
      status: 'HEALTHY',
      streamsByState: { LIVE: 1, ERROR: 0, STOPPED: 0 },
      activeProducers: 1,
      activeConsumers: 2,
    })
    expect(service.read(newId('Project')).streamsByState).toMatchObject({ LIVE: 0 })
    await service.stop()
  })

  test('nodes see each other; one that stops in order is gone, one that is silent is unknown and then forgotten', async () => {
    const { db } = database()
    const one = node(db)
    const two = node(db, () => warning('Some workers are being started anew.'))
    await two.service.round()
    await one.service.round()
    const seen = one.service.read('')
    expect(seen).toMatchObject({ status: 'WARNING', activeProcesses: 4 })
    expect(seen.components.map(({ nodeId, status }) => [nodeId, status])).toEqual([
      [one.nodeId, 'HEALTHY'],
      [two.nodeId, 'WARNING'],
    ])

    const silentFor = async (seconds: number) => {
      const long = sql`clock_timestamp() - make_interval(secs => ${seconds})`
      await db.update(nodeHealth).set({ reportedAt: long }).where(sql`${nodeHealth.nodeId} = ${two.nodeId}`)
      await one.service.round()
      return one.service.read('')
    }
    expect(await silentFor(31)).toMatchObject({ status: 'UNKNOWN', message: 'Unknown: mediasoup.', activeProcesses: 2 })
    await silentFor(601)
    await one.service.round()
    expect(one.service.read('').components.map(({ nodeId }) => nodeId)).toEqual([one.nodeId])

    await two.service.round()
    await one.service.round()
    expect(one.service.read('').components).toHaveLength(2)
    await two.service.stop()
    await one.service.round()
    expect(one.service.read('').components).toHaveLength(1)
    await one.service.stop()
    expect(await db.select().from(nodeHealth)).toEqual([])
  })

  test('reading asks the database nothing, and what it told is not believed for ever', async () => {
    let now = Date.now()
    const { service } = node(database().db, undefined, { now: () => now })
    await service.round()
    const { statements } = await database().countStatements(async () => {
      for (let reads = 0; reads < 1000; reads++) service.read('')
    })
    expect(statements).toEqual([])
    expect(service.read('').streamsByState).not.toBeNull()
    now += 30_000
    expect(service.read('').streamsByState).toBeNull()
    await service.stop()
  })

  test('tells of every round, and at once of a component that is another', async () => {
    let outcome = healthy('fine')
    const { service } = node(database().db, () => outcome)
    await service.round()
    const told: string[] = []
    const stop = service.onChange(() => told.push(service.read('').status))
    outcome = warning('few')
    await service.round()
    expect(told).toEqual(['WARNING', 'WARNING'])
    stop()
    await service.round()
    expect(told).toHaveLength(2)
    await service.stop()
  })
})

test('a sample of the node is taken once a round, from what its checks measured', async () => {
  const database = await openTestPglite()
  const { db } = database
  const projectId = newId('Project')
  await db.insert(projects).values({ id: projectId, name: 'mine' })
  const samples: NodeSample[] = []
  const disk: Check = { component: 'DISK', name: 'disk', check: async () => healthy('', { usedPercent: 12.5 }) }
  const bad: Check = { component: 'EXTERNAL', name: 'a', check: async () => warning('slow') }
  const good: Check = { component: 'EXTERNAL', name: 'b', check: async () => healthy('fine') }
  const { id: nodeId } = await addMediaNode(db)
  await addStream(db, projectId, { state: 'LIVE', mediaNodeId: nodeId })
  await addStream(db, projectId, { state: 'LIVE' })
  const { service } = node(db, undefined, {
    nodeId,
    now: () => 1_700_000_000_000,
    checks: [disk, bad, good],
    record: (sample) => samples.push(sample),
  })
  await service.round()
  await service.round()
  expect(samples).toHaveLength(2)
  expect(samples[1]).toMatchObject({
    at: 1_700_000_000_000,
    nodeId,
    cpuPercent: null,
    diskPercent: 12.5,
    activeStreams: 1,
    activeConsumers: 3,
    temporaryFolderBytes: null,
    components: { DISK: 'HEALTHY', EXTERNAL: 'WARNING' },
    streamsByState: { LIVE: 1 },
  })
  await service.stop()
  await database.close()
})

test('where nothing can be written all can be read', async () => {
  const database = await openTestPglite()
  await database.db.execute(sql`set default_transaction_read_only = on`)
  const { service } = node(database.db)
  await service.round()
  expect(service.read('').streamsByState).not.toBeNull()
  await service.stop()
  await database.close()
})

test('without the database it goes on, and says null where nobody knows', async () => {
  const away = new Proxy({} as Database, {
    get: () => () => {
      throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' })
    },
  })
  const { service } = node(away)
  await service.round()
  expect(service.read('')).toMatchObject({
    status: 'HEALTHY',
    streamsByState: null,
    activeProducers: null,
    activeProcesses: 2,
  })
  await service.stop()
})
