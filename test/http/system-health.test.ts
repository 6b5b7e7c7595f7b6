import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../../src/caller.ts'
import { countByStream, noSessions } from '../../src/consumers/reads.ts'
import type { HealthStatus } from '../../src/health/model.ts'
import { type Check, healthy } from '../../src/health/system/check.ts'
import { SystemHealthService } from '../../src/health/system/service.ts'
import { errorAnswer, publicError } from '../../src/http/error-answer.ts'
import { createHealthAccess } from '../../src/http/health-access.ts'
import { detailedHealthRoutes } from '../../src/http/health-detailed.ts'
import { v2HealthRoutes } from '../../src/http/v2-health.ts'
import { newId } from '../../src/ids.ts'
import { projects } from '../../src/platform/database/tables.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { listOpenProducers, mainProducer } from '../../src/producers/store.ts'
import { findStreams, listWantedStreams } from '../../src/streams/store.ts'
import type { StreamFigures } from '../../src/streams/types.ts'
import { openTestPglite, type TestDatabase } from '../support/databases.ts'
import { addProducer, addStream, figuresOf } from '../support/rows.ts'
import { addConsumer } from '../support/sessions.ts'

const projectId = newId('Project')
const figures = new Map<string, StreamFigures>()
const now = Date.parse('2026-01-02T03:04:05Z')
let database: TestDatabase
let systemHealth: SystemHealthService
let disk: HealthStatus = 'HEALTHY'

const checks: Check[] = [
  { component: 'DATABASE', name: 'database', check: async () => healthy('It answers.', { kind: 'PGLITE' }) },
  { component: 'FFMPEG', name: 'ffmpeg', check: async () => healthy('It encodes.', { version: '7.1' }) },
  { component: 'MEDIASOUP', name: 'mediasoup', check: async () => healthy('All run.', { expectedWorkers: 2 }) },
  { component: 'DISK', name: 'disk', check: async () => ({ status: disk, message: '', details: { usedPercent: 1 } }) },
]

beforeAll(async () => {
  database = await openTestPglite()
  await database.db.insert(projects).values({ id: projectId, name: 'Test' })
  systemHealth = new SystemHealthService({
    db: database.db,
    nodeId: newId('MediaNode'),
    checks,
    intervalMs: 3_600_000,
    deadlineMs: 1000,
    cacheMs: 60_000,
    activeProcesses: () => 4,
    activeConsumers: () => 0,
    logger: silentLogger,
  })
  await systemHealth.round()
})
afterAll(async () => {
  await systemHealth.stop()
  await database.close()
})

const keys: Record<string, Caller['scopes']> = { reader: ['READ'], player: ['PLAY'] }

function routes({ publicHealth = true, stopping = false, databaseIs = 'there' as 'there' | 'away' } = {}) {
  const { db } = database
  const access = createHealthAccess({
    async authenticate(key) {
      if (databaseIs === 'away') throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' })
      const scopes = keys[key]
      return scopes ? { projectId, scopes, actor: { kind: 'API_KEY' } } : null
    },
    anonymous: () => ({ projectId: publicHealth ? projectId : null, scopes: [], actor: { kind: 'ANONYMOUS' } }),
    readSessionToken: () => null,
  })
  const app = new Hono()
  app.route('/', detailedHealthRoutes({ systemHealth, access, stopping: () => stopping, now: () => now }))
  app.route(
    '/',
    v2HealthRoutes({
      systemHealth,
      access,
      figures: { read: async (ids) => new Map([...figures].filter(([id]) => ids.includes(id))) },
      findStream: async (project, id) => (await findStreams(db, project, [id]))[0] ?? null,
      findProducer: (id) => mainProducer(db, id),
      countConsumers: async (id) => (await countByStream(db, [id])).get(id) ?? noSessions,
      listStreams: (project, limit) => listWantedStreams(db, project, limit),
      listProducers: (project, limit) => listOpenProducers(db, project, limit),
      now: Date.now,
    }),
  )
  app.onError((error) => errorAnswer(publicError(error), 'request'))
  return app
}

async function read(path: string, options: Parameters<typeof routes>[0] = {}, key: string | null = null) {
  const headers = key === null ? {} : { authorization: `Bearer ${key}` }
  const response = await routes(options).request(path, { headers })
  return { status: response.status, body: await response.json() }
}

describe('/health/detailed', () => {
  it('lists the components in lower case, without details for those who have no key', async () => {
    const { status, body } = await read('/health/detailed')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'healthy',
      message: 'All components are healthy.',
      timestamp: '2026-01-02T03:04:05.000Z',
      details: { summary: { total: 4, healthy: 4, warning: 0, critical: 0, unknown: 0 } },
    })
    expect(body.details.components.database).toEqual({
      component: 'database',
      status: 'healthy',
      message: 'It answers.',
      response_time_ms: expect.any(Number),
      checked_at: expect.stringMatching(/^\d{4}-.*Z$/),
    })
    expect(JSON.stringify(body)).not.toMatch(/PGLITE|expected/)
  })

  it('tells details to a key with READ, in snake_case, and to no other', async () => {
    const { body } = await read('/health/detailed', {}, 'reader')
    expect(body.details.components).toMatchObject({
      database: { details: { kind: 'PGLITE' } },
      mediasoup: { details: { expected_workers: 2 } },
    })
    expect(JSON.stringify((await read('/health/detailed', {}, 'player')).body)).not.toContain('PGLITE')
  })

  it('is 503 with a critical component, 200 with a warning', async () => {
    disk = 'CRITICAL'
    await systemHealth.round()
    expect(await read('/health/detailed')).toMatchObject({
      status: 503,
      body: {
        status: 'critical',
        message: 'Critical: disk.',
        details: { components: { disk: { status: 'critical' } } },
      },
    })
    disk = 'WARNING'
    await systemHealth.round()
    expect(await read('/health/detailed')).toMatchObject({ status: 200, body: { status: 'warning' } })
    disk = 'HEALTHY'
    await systemHealth.round()
  })

  it('is 503 while the node stops', async () => {
    expect(await read('/health/detailed', { stopping: true })).toMatchObject({
      status: 503,
      body: { status: 'critical', message: 'The node is stopping.' },
    })
  })
})

describe.each(['/health/detailed', '/v2/health/system', '/v2/health/ingestion', '/v2/health/producers'])(
  '%s',
  (path) => {
    it('is 401 without a key where health is not public, and with a bad key anywhere', async () => {
      expect(await read(path, { publicHealth: false })).toMatchObject({
        status: 401,
        body: { code: 'UNAUTHENTICATED' },
      })
      expect(await read(path, {}, 'nobody')).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
      expect((await read(path, { publicHealth: false }, 'reader')).status).toBe(200)
    })
  },
)

describe('while the database is away', () => {
  it('a key is good for what everybody may read', async () => {
    const { status, body } = await read('/health/detailed', { databaseIs: 'away' }, 'reader')
    expect(status).toBe(200)
    expect(JSON.stringify(body)).not.toContain('PGLITE')
  })

  it('nothing is told where health is not public', async () => {
    const options = { databaseIs: 'away', publicHealth: false } as const
    expect(await read('/health/detailed', options, 'reader')).toMatchObject({
      status: 503,
      body: { code: 'UNAVAILABLE' },
    })
  })
})

describe('/v2/health', () => {
  it('system has the form of VAS-MS', async () => {
    const stream = await addStream(database.db, projectId, { state: 'LIVE', desiredState: 'RUNNING' })
    await addProducer(database.db, stream)
    for (let count = 0; count < 5; count++) await addConsumer(database.db, stream)
    await systemHealth.round()
    expect((await read('/v2/health/system')).body).toEqual({
      status: 'healthy',
      components: {
        database: 'healthy',
        ffmpeg: { status: 'healthy', active_processes: 4 },
        mediasoup: { status: 'healthy', active_producers: 1 },
      },
      streams: {
        total: 1,
        by_state: { stopped: 0, starting: 0, live: 1, recovering: 0, stopping: 0, error: 0 },
      },
      consumers: { active: 5 },
    })
  })

  it('a stream has its FFmpeg and its main producer: open before closed, video before audio', async () => {
    const { db } = database
    const stream = await addStream(db, projectId, { name: 'Door', state: 'LIVE', desiredState: 'RUNNING' })
    const path = `/v2/health/streams/${stream.id}`
    expect((await read(path)).body).toEqual({
      stream_id: stream.id,
      name: 'Door',
      state: 'live',
      ffmpeg: {
        is_healthy: null,
        status: 'stopped',
        pid: null,
        cpu_percent: null,
        memory_mb: null,
        uptime_seconds: null,
      },
      producer: null,
      consumers: { total_consumers: 0, active_consumers: 0 },
    })

    await addProducer(db, stream, { state: 'CLOSED' })
    const audio = await addProducer(db, stream, { kind: 'AUDIO', ssrcs: [7] })
    figures.set(stream.id, figuresOf(stream.id))
    for (const state of ['CONNECTED', 'PAUSED', 'STALE', 'CLOSED'] as const) await addConsumer(db, stream, { state })
    expect((await read(path)).body).toMatchObject({
      ffmpeg: {
        is_healthy: true,
        status: 'running',
        pid: 4711,
        cpu_percent: 12.5,
        memory_mb: 2861,
        uptime_seconds: 60,
      },
      producer: { producer_id: audio.id, state: 'active', ssrc: 7, uptime_seconds: expect.any(Number) },
      consumers: { total_consumers: 3, active_consumers: 2 },
    })
    const video = await addProducer(db, stream, { state: 'CREATED' })
    expect((await read(path)).body).toMatchObject({
      producer: { producer_id: video.id, state: 'created', uptime_seconds: null },
    })

    const ingestion = (await read('/v2/health/ingestion')).body
    expect(ingestion.processes).toContainEqual(
      expect.objectContaining({ stream_id: stream.id, name: 'Door', status: 'running', pid: 4711 }),
    )
    expect(ingestion.total).toBe(ingestion.processes.length)
    const listed = (await read('/v2/health/producers')).body.producers as { producer_id: string }[]
    expect(listed).toContainEqual({
      producer_id: audio.id,
      stream_id: stream.id,
      kind: 'audio',
      state: 'active',
      ssrc: 7,
      uptime_seconds: expect.any(Number),
    })
  })

  it.each([newId('Stream'), newId('Producer'), 'nonsense', '%00'])('streams/%s is 404', async (id) => {
    expect(await read(`/v2/health/streams/${id}`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  })

  it("another project's stream is 404", async () => {
    const other = newId('Project')
    await database.db.insert(projects).values({ id: other, name: 'other' })
    const stream = await addStream(database.db, other)
    expect((await read(`/v2/health/streams/${stream.id}`)).status).toBe(404)
  })

  it.each([
    ['GET', 'recordings'],
    ['GET', 'recordings/x'],
    ['POST', 'recordings/cleanup'],
    ['POST', 'recordings/x/cleanup'],
  ])('%s %s says that there is nothing yet', async (method, path) => {
    const response = await routes().request(`/v2/health/${path}`, { method })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('not kept yet') })
  })
})
