import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { newId } from '../../src/ids.ts'
import { leaseTtlMs, lookEveryMs } from '../../src/nodes/leases.ts'
import { claimLease, renewLeases } from '../../src/nodes/leases-store.ts'
import { lostAfterMs, nodeStatus } from '../../src/nodes/model.ts'
import { createNodeService } from '../../src/nodes/service.ts'
import { listNodes, nodeStopped, otherOwners, registerNode, saveNodeUrl, touchNode } from '../../src/nodes/store.ts'
import { NodesWatch } from '../../src/nodes/watch.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { producers, streams } from '../../src/platform/database/tables.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { insertProject } from '../../src/projects/store.ts'
import { streamsLostTheirNode } from '../../src/streams/node-lost.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addProducer, addStream } from '../support/rows.ts'

/** Watches by a clock that the test sets: a look each time that it is moved on. */
function aWatch(db: Database, nodeId: string, projectId: string) {
  let now = 0
  const freed: string[] = []
  const watch = new NodesWatch({
    db,
    nodeId,
    projectId,
    freed: streamsLostTheirNode,
    afterFreed: (ids) => freed.push(...ids),
    eventsAppended() {},
    logger: silentLogger,
    monotonic: () => now,
  })
  return {
    watch,
    freed,
    async looksFor(ms: number) {
      for (const end = now + ms; now < end; ) {
        now += lookEveryMs
        await watch.start()
        await watch.stop()
      }
    },
  }
}

describeOnBothDatabases('a node that dies', (database) => {
  async function setUp() {
    const { db } = database()
    const project = await insertProject(db, { id: newId('Project'), name: 'test' })
    const [alive, dead] = [newId('MediaNode'), newId('MediaNode')]
    await registerNode(db, { id: alive, name: 'alive', version: '0', capacity: 10 })
    await registerNode(db, { id: dead, name: 'dead', version: '0', capacity: 10 })
    const running = { desiredState: 'RUNNING', mediaNodeId: dead, health: 'HEALTHY' } as const
    const live = await addStream(db, project.id, { ...running, state: 'LIVE' })
    const ending = await addStream(db, project.id, { ...running, desiredState: 'STOPPED', state: 'STOPPING' })
    const producer = await addProducer(db, live)
    const held = new Map<string, number>()
    for (const { id } of [live, ending]) held.set(id, (await claimLease(db, id, dead))!)
    await renewLeases(db, dead, held)
    const told = async (subjectId: string) =>
      (await db.query.events.findMany({ where: { subjectId }, orderBy: { position: 'asc' } })).map(
        ({ type, data }) => `${type} ${data.to ?? data.name}`,
      )
    return { db, project, alive, dead, live, ending, producer, held, told }
  }

  test('nothing of it stays LIVE, healthy or ACTIVE once its leases have stood for a TTL; it is told of once', async () => {
    const { db, project, alive, dead, live, ending, producer, held, told } = await setUp()
    const [first, second] = [aWatch(db, alive, project.id), aWatch(db, newId('MediaNode'), project.id)]
    await first.looksFor(leaseTtlMs)
    expect(first.freed).toEqual([])
    await renewLeases(db, dead, held)
    await first.looksFor(leaseTtlMs)
    expect(first.freed).toEqual([])
    await first.looksFor(2 * lookEveryMs)
    expect(first.freed.sort()).toEqual([live.id, ending.id].sort())
    expect(await renewLeases(db, dead, held)).toEqual(new Set())

    const [row] = await db.select().from(streams).where(eq(streams.id, live.id))
    const unknown = { health: 'UNKNOWN', mediaNodeId: null }
    expect(row).toMatchObject({ state: 'RECOVERING', stateCause: 'NODE_LOST', ...unknown })
    expect((await db.select().from(streams).where(eq(streams.id, ending.id)))[0]).toMatchObject({
      state: 'STOPPING',
      ...unknown,
    })
    expect((await db.select().from(producers).where(eq(producers.id, producer.id)))[0]!.state).toBe('CREATED')
    expect(await told(live.id)).toEqual(['stream.state_changed RECOVERING', 'stream.health_changed UNKNOWN'])
    expect(await told(ending.id)).toEqual(['stream.health_changed UNKNOWN'])
    expect(await told(producer.id)).toEqual(['producer.state_changed CREATED'])

    await second.looksFor(lostAfterMs + 2 * lookEveryMs)
    await touchNode(db, alive)
    await Promise.all([first.looksFor(lostAfterMs), second.looksFor(lookEveryMs)])
    expect(await told(dead)).toEqual(['node.lost dead'])
    expect(second.freed).toEqual([])
    const status = async (id: string) => nodeStatus((await listNodes(db)).find((node) => node.id === id)!, Date.now())
    expect([await status(dead), await status(alive)]).toEqual(['CRITICAL', 'HEALTHY'])
    await touchNode(db, dead)
    expect(await status(dead)).toBe('HEALTHY')
    await nodeStopped(db, dead)
    expect(await status(dead)).toBe('UNKNOWN')
  })

  test('an owner is found by its stream, but not oneself', async () => {
    const { db, alive, dead, live } = await setUp()
    await saveNodeUrl(db, dead, 'http://dead:8080')
    expect(await otherOwners(db, alive, [live.id, newId('Stream')])).toEqual(
      new Map([[live.id, { id: dead, name: 'dead', url: 'http://dead:8080' }]]),
    )
    expect(await otherOwners(db, dead, [live.id])).toEqual(new Map())
  })

  test('draining is ordered by an admin, told once, and seen by the node and its neighbours', async () => {
    const { db, project, alive, dead, told } = await setUp()
    const service = createNodeService({ db, eventsAppended() {} })
    const caller = { projectId: project.id, scopes: ['ADMIN' as const], actor: { kind: 'API_KEY' as const } }
    await expect(service.drain({ ...caller, scopes: ['WRITE'] }, dead, true)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await expect(service.drain(caller, newId('MediaNode'), true)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(service.drain(caller, newId('Stream'), true)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    expect(await service.drain(caller, dead, true)).toMatchObject({ draining: true })
    await service.drain(caller, dead, true)
    expect(await told(dead)).toEqual(['node.drain_ordered dead'])
    const [its, others] = [aWatch(db, dead, project.id), aWatch(db, alive, project.id)]
    await Promise.all([its.looksFor(lookEveryMs), others.looksFor(lookEveryMs)])
    expect([its.watch.draining, others.watch.draining]).toEqual([true, false])
    expect(its.watch.othersTake(1)).toBe(true)
  })
})
