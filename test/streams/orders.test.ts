import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { Caller } from '../../src/caller.ts'
import { numberEvents, readEvents } from '../../src/events/store.ts'
import { unknownHealth } from '../../src/health/model.ts'
import { newId } from '../../src/ids.ts'
import { claimLease, releaseLease, voidAllLeases } from '../../src/nodes/leases-store.ts'
import { registerNode } from '../../src/nodes/store.ts'
import { createInProcessBus } from '../../src/platform/bus/in-process.ts'
import { streams as streamsTable } from '../../src/platform/database/tables.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { createProducerService } from '../../src/producers/service.ts'
import { insertProject } from '../../src/projects/store.ts'
import type { SourceTrack } from '../../src/streams/model.ts'
import { deleteOldStreams } from '../../src/streams/retention.ts'
import { createRunnerStore } from '../../src/streams/runner-store.ts'
import { createStreamService } from '../../src/streams/service.ts'
import { noMediaFiles } from '../../src/streams/source.ts'
import { streamsNeedingAttention } from '../../src/streams/store.ts'
import type { CreateStreamInput } from '../../src/streams/types.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { testBox } from '../support/secret-box.ts'

const pattern = { testPattern: { width: 320, height: 180, fps: 10, tone: true } }
const camera: CreateStreamInput = { name: 'Gate', source: { url: { url: 'rtsp://user:secret@camera/1' } } }

const track = (kind: 'VIDEO' | 'AUDIO'): SourceTrack => ({
  kind,
  codec: kind === 'VIDEO' ? 'h264' : 'aac',
  profile: null,
  width: null,
  height: null,
  fps: null,
  pixelFormat: null,
  hasBFrames: null,
  channels: null,
  sampleRate: null,
})

describeOnBothDatabases('orders about streams', (database) => {
  const bus = createInProcessBus(silentLogger)
  const said: string[] = []
  bus.subscribe('orders', (id) => said.push(id))

  async function setUp() {
    const { db } = database()
    const project = await insertProject(db, { id: newId('Project'), name: 'test' })
    const caller: Caller = { projectId: project.id, scopes: ['WRITE'], actor: { kind: 'API_KEY', name: 'tester' } }
    const deps = { db, bus, secrets: testBox, files: noMediaFiles, eventsAppended: () => {} }
    return { db, caller, project, streams: createStreamService(deps), producers: createProducerService(deps) }
  }

  async function eventTypes(subjectId: string): Promise<string[]> {
    await numberEvents(database().db)
    const events = await readEvents(database().db, { subjectId }, { direction: 'ASC', limit: 100 })
    return events.map((event) => event.type)
  }

  async function aNode() {
    const { db } = database()
    const nodeId = newId('MediaNode')
    await registerNode(db, { id: nodeId, name: 'node', version: '0', capacity: 10 })
    return nodeId
  }

  it('creates a stream that is ordered to run, with its event, and wakes the nodes', async () => {
    const { caller, streams } = await setUp()
    const row = await streams.create(caller, { name: ' Pattern ', source: pattern, start: true, labels: { site: 'a' } })
    expect(row).toMatchObject({
      name: 'Pattern',
      desiredState: 'RUNNING',
      state: 'STARTING',
      generation: 1,
      observedGeneration: 0,
      startOrder: 1,
    })
    expect(await eventTypes(row.id)).toEqual(['stream.created'])
    expect(said).toContain(row.id)
  })

  it('stores nothing of an input that is not acceptable', async () => {
    const { caller, streams, db, project } = await setUp()
    const before = await db.query.streams.findMany({ where: { projectId: project.id } })
    await expect(streams.create(caller, { name: 'x'.repeat(10_000), source: pattern })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { fields: [{ path: 'input.name' }] },
    })
    await expect(streams.create(caller, { name: 'a', source: { url: { url: 'gopher://x' } } })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
    expect(await db.query.streams.findMany({ where: { projectId: project.id } })).toEqual(before)
  })

  it('needs a key with WRITE', async () => {
    const { caller, streams } = await setUp()
    await expect(streams.create({ ...caller, scopes: ['READ'] }, camera)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const anonymous: Caller = { projectId: caller.projectId, scopes: [], actor: { kind: 'ANONYMOUS' } }
    await expect(streams.create(anonymous, camera)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('makes one stream of ten calls at once with one idempotencyKey', async () => {
    const { caller, streams } = await setUp()
    const rows = await Promise.all(Array.from({ length: 10 }, () => streams.create(caller, camera, 'once')))
    expect(new Set(rows.map((row) => row.id)).size).toBe(1)
    expect(await eventTypes(rows[0]!.id)).toEqual(['stream.created'])
    await expect(streams.create(caller, { ...camera, name: 'Other' }, 'once')).rejects.toMatchObject({
      code: 'CONFLICT',
    })
  })

  it('counts orders: a second start changes nothing, a restart does', async () => {
    const { caller, streams } = await setUp()
    const made = await streams.create(caller, camera)
    const started = await streams.order(caller, made.id, 'START')
    expect(started).toMatchObject({ desiredState: 'RUNNING', generation: 2, startOrder: 1 })
    expect(await streams.order(caller, made.id, 'START')).toMatchObject({ generation: 2, startOrder: 1 })
    expect(await streams.order(caller, made.id, 'RESTART')).toMatchObject({ generation: 3, startOrder: 2 })
    expect(await streams.order(caller, made.id, 'STOP')).toMatchObject({ desiredState: 'STOPPED', generation: 4 })
    expect(await streams.order(caller, made.id, 'STOP')).toMatchObject({ generation: 4 })
    expect(await eventTypes(made.id)).toEqual(['stream.created', 'stream.ordered', 'stream.ordered', 'stream.ordered'])
  })

  it('forgets what was learnt when the source changes, and only then', async () => {
    const { caller, streams, db } = await setUp()
    const nodeId = await aNode()
    const made = await streams.create(caller, { ...camera, start: true })
    const token = (await claimLease(db, made.id, nodeId))!
    await createRunnerStore(db, made.id, { nodeId, token }).saveTracks(made, [track('VIDEO')])
    const renamed = await streams.update(caller, made.id, { name: 'Yard', source: camera.source, labels: null })
    expect(renamed).toMatchObject({ name: 'Yard', labels: {}, generation: 1, startOrder: 1 })
    expect(renamed.sourceTracks).toHaveLength(1)
    const moved = await streams.update(caller, made.id, { source: { url: { url: 'rtsp://camera/2' } } })
    expect(moved).toMatchObject({ sourceTracks: null, generation: 2, startOrder: 2 })
  })

  it('hides streams of other projects and deleted ones', async () => {
    const { caller, streams } = await setUp()
    const other = await setUp()
    const made = await streams.create(caller, camera)
    await expect(other.streams.order(other.caller, made.id, 'START')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await streams.delete(caller, made.id)).toMatchObject({ desiredState: 'STOPPED' })
    await expect(streams.delete(caller, made.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(streams.order(caller, newId('Producer'), 'START')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  })

  it('keeps a deleted stream for 30 days, then nothing of it', async () => {
    const { caller, streams, db } = await setUp()
    const made = await streams.create(caller, camera)
    await claimLease(db, made.id, await aNode())
    const deleted = await streams.delete(caller, made.id)
    const after = (days: number) => new Date(deleted.deletedAt!.getTime() + days * 86_400_000)
    const left = async () => ({
      stream: (await db.query.streams.findFirst({ where: { id: made.id } })) !== undefined,
      lease: (await db.query.leases.findFirst({ where: { resourceId: made.id } })) !== undefined,
    })
    await deleteOldStreams(db, after(29))
    expect(await left()).toEqual({ stream: true, lease: true })
    await deleteOldStreams(db, after(31))
    expect(await left()).toEqual({ stream: false, lease: false })
  })

  it('answers bulk orders one by one', async () => {
    const { caller, streams } = await setUp()
    const made = await streams.create(caller, camera)
    const answers = await streams.orderMany(caller, [made.id, newId('Stream'), 'nonsense'], 'START')
    expect(answers.map((answer) => answer.stream?.id ?? answer.error?.code)).toEqual([
      made.id,
      'NOT_FOUND',
      'BAD_USER_INPUT',
    ])
    await expect(streams.orderMany(caller, Array(101).fill(made.id), 'START')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  })

  it('shows a node the orders that it may carry out, and nobody those of another', async () => {
    const { caller, streams, db } = await setUp()
    await voidAllLeases(db)
    const [mine, others] = [await aNode(), await aNode()]
    const [running, stopped, held] = await Promise.all([
      streams.create(caller, { ...camera, start: true }),
      streams.create(caller, camera),
      streams.create(caller, { ...camera, start: true }),
    ])
    await claimLease(db, held.id, others)
    const attention = async (nodeId: string, reclaim = false) =>
      (await streamsNeedingAttention(db, { nodeId, reclaim, limit: 1000 })).map(({ id }) => id)
    expect(await attention(mine)).toContain(running.id)
    expect(await attention(mine)).not.toContain(stopped.id)
    expect(await attention(mine, true)).not.toContain(held.id)
    expect(await attention(others)).toContain(held.id)
    await db.update(streamsTable).set({ observedGeneration: 1, state: 'LIVE' }).where(eq(streamsTable.id, held.id))
    expect(await attention(others)).not.toContain(held.id)
    expect(await attention(others, true)).toContain(held.id)
  })

  describe('what a node writes', () => {
    async function running() {
      const context = await setUp()
      const nodeId = await aNode()
      const row = await context.streams.create(context.caller, { ...camera, start: true })
      const token = (await claimLease(context.db, row.id, nodeId))!
      const store = createRunnerStore(context.db, row.id, { nodeId, token })
      return { ...context, nodeId, row, token, store }
    }
    const live = { state: 'LIVE', cause: null, reason: null } as const
    const counts = { observedGeneration: 1, running: true, restarts: 0, lastExit: null }
    const report = { ...counts, health: unknownHealth, attempts: [], at: Date.now() + 60_000 }

    it('is a change of state and its event together', async () => {
      const { row, store, nodeId } = await running()
      const saved = await store.saveState(row, { ...report, view: live })
      expect(saved).toMatchObject({ state: 'LIVE', observedGeneration: 1, mediaNodeId: nodeId })
      expect(saved!.stateSince.getTime()).toBeGreaterThanOrEqual(row.stateSince.getTime())
      expect(await eventTypes(row.id)).toEqual(['stream.created', 'stream.state_changed'])
      const again = await store.saveState(saved!, { ...report, restarts: 1, view: live })
      expect(again!.stateSince).toEqual(saved!.stateSince)
      expect(await eventTypes(row.id)).toHaveLength(2)
    })

    it('is refused whole when another node has taken over', async () => {
      const { db, row, store, nodeId, token } = await running()
      await releaseLease(db, { resourceId: row.id, nodeId, token })
      await claimLease(db, row.id, await aNode())
      expect(await store.saveState(row, { ...report, view: live })).toBeNull()
      expect(await store.saveTracks(row, [track('VIDEO')])).toBe(false)
      expect(await store.addProducer(row, 'VIDEO')).toBe(false)
      expect((await store.load())!.row).toMatchObject({ state: 'STARTING', sourceTracks: null })
      expect((await store.load())!.producers).toEqual([])
      expect(await eventTypes(row.id)).toEqual(['stream.created'])
    })

    it('keeps a producer that was closed by order closed until the stream is restarted by order', async () => {
      const { caller, producers, streams, row, store } = await running()
      await store.saveTracks(row, [track('VIDEO')])
      await store.addProducer(row, 'VIDEO')
      const [producer] = (await store.load())!.producers
      await expect(producers.create(caller, { streamId: row.id, kind: 'VIDEO' })).rejects.toMatchObject({
        code: 'CONFLICT',
      })
      await expect(producers.create(caller, { streamId: row.id, kind: 'AUDIO' })).rejects.toMatchObject({
        code: 'INVALID_STATE',
      })
      await streams.order(caller, row.id, 'RESTART')
      expect(await producers.close(caller, producer!.id)).toMatchObject({
        state: 'CLOSED',
        closeReason: 'ORDERED',
        startOrder: 2,
      })
      expect(await producers.close(caller, producer!.id)).toMatchObject({ state: 'CLOSED' })
      expect(await eventTypes(producer!.id)).toEqual(['producer.created', 'producer.closed'])
      const made = await producers.create(caller, { streamId: row.id, kind: 'VIDEO' }, 'again')
      expect(made).toMatchObject({ state: 'CREATED', kind: 'VIDEO' })
      expect((await producers.create(caller, { streamId: row.id, kind: 'VIDEO' }, 'again')).id).toBe(made.id)
      await streams.order(caller, row.id, 'STOP')
      await expect(producers.create(caller, { streamId: row.id, kind: 'AUDIO' })).rejects.toMatchObject({
        code: 'INVALID_STATE',
      })
    })
  })
})
