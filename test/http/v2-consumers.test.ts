import { Hono } from 'hono'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../../src/caller.ts'
import type { SessionFigures } from '../../src/consumers/media.ts'
import { countOfProject, findOwn, listActive, readHeartbeats } from '../../src/consumers/reads.ts'
import type { ConsumerRow, HeartbeatAnswer } from '../../src/consumers/types.ts'
import { errorAnswer, publicError } from '../../src/http/error-answer.ts'
import { identify, keyFrom } from '../../src/http/graphql-admit.ts'
import { v2ConsumerRoutes } from '../../src/http/v2-consumers.ts'
import { newId } from '../../src/ids.ts'
import { projects } from '../../src/platform/database/tables.ts'
import { openTestPglite, type TestDatabase } from '../support/databases.ts'
import { addStream } from '../support/rows.ts'
import { addConsumer } from '../support/sessions.ts'

const projectId = newId('Project')
const keys: Record<string, Caller['scopes']> = { reader: ['READ'], player: ['PLAY'], publisher: ['PUBLISH'] }
const figures = new Map<string, SessionFigures>()
let beat: Partial<HeartbeatAnswer> = {}
let beaten: [Caller, string][] = []
let database: TestDatabase
let stream: Awaited<ReturnType<typeof addStream>>
let own: ConsumerRow
let another: ConsumerRow
let app: Hono

beforeAll(async () => {
  database = await openTestPglite()
  await database.db.insert(projects).values({ id: projectId, name: 'Test' })
  const { db } = database
  stream = await addStream(db, projectId)
  own = await addConsumer(db, stream, { clientId: 'kiosk', source: 'agency', openedAt: new Date(Date.now() - 10_000) })
  another = await addConsumer(db, stream, { state: 'PAUSED', protocol: 'HLS' })
  await addConsumer(db, stream, { state: 'STALE' })
  app = new Hono()
  app.route(
    '/',
    v2ConsumerRoutes({
      identify: (request) =>
        identify(
          {
            authenticate: async (key) =>
              keys[key] ? { projectId, scopes: keys[key], actor: { kind: 'API_KEY' } } : null,
            anonymous: () => ({ projectId, scopes: [], actor: { kind: 'ANONYMOUS' } }),
            readSessionToken: (token) =>
              token === 'weir_s_own'
                ? { consumerId: own.id, streamId: stream.id, projectId, expiresAt: Number.POSITIVE_INFINITY }
                : null,
          },
          { key: keyFrom((name) => request.headers.get(name)), address: null },
        ),
      consumers: {
        figures: async (rows) => new Map([...figures].filter(([id]) => rows.some((row) => row.id === id))),
        heartbeat(caller, id) {
          beaten.push([caller, id])
          const at = Date.parse('2026-01-02T03:04:05Z')
          const answer = { consumerId: id, accepted: true, refusal: null, closeReason: null, closeMessage: null }
          return { ...answer, at, nextBefore: at + 60_000, token: null, ...beat }
        },
      },
      list: (project, limit) => listActive(db, project, limit),
      count: (project) => countOfProject(db, project),
      find: (project, id) => findOwn(db, project, id),
      signsOfLife: (ids) => readHeartbeats(db, ids),
      now: Date.now,
    }),
  )
  app.onError((error) => errorAnswer(publicError(error), 'request'))
})
afterAll(() => database.close())
beforeEach(() => {
  beat = {}
  beaten = []
})

async function ask(path: string, key: string | null, method = 'GET') {
  const headers = key === null ? {} : { authorization: `Bearer ${key}` }
  const response = await app.request(`/v2/health/consumers${path}`, { method, headers })
  return { status: response.status, body: await response.json() }
}

describe('/v2/health/consumers', () => {
  it('lists the active, newest first, in the words of VAS-MS', async () => {
    const { status, body } = await ask('', 'reader')
    expect([status, body.total]).toEqual([200, 2])
    expect(body.consumers.map((each: { consumer_id: string }) => each.consumer_id)).toEqual([another.id, own.id])
    expect(body.consumers[1]).toEqual({
      consumer_id: own.id,
      stream_id: stream.id,
      client_id: 'kiosk',
      source: 'agency',
      state: 'connected',
      protocol: 'mediasoup',
      opened_at: own.openedAt.toISOString(),
      last_heartbeat_at: own.openedAt.toISOString(),
      closed_at: null,
      close_reason: null,
      session_seconds: expect.any(Number),
    })
  })

  it("tells of one with its statistics, to a key with READ and to its player's token", async () => {
    expect((await ask(`/${own.id}`, 'reader')).body).toMatchObject({
      statistics: { bitrate_bps: null, bytes_sent: null, packets_lost: null, round_trip_ms: null, measured_at: null },
      player_stats: null,
    })
    const measuredAt = Date.now()
    const measured = { bitrateBps: 5.4, bytesSent: 6, packetsLost: 7, roundTripMs: 8.5 }
    figures.set(own.id, { consumerId: own.id, ...measured, tracks: [], measuredAt })
    for (const key of ['reader', 'weir_s_own'])
      expect((await ask(`/${own.id}`, key)).body).toMatchObject({
        consumer_id: own.id,
        statistics: {
          bitrate_bps: 5,
          bytes_sent: 6,
          packets_lost: 7,
          round_trip_ms: 8.5,
          measured_at: new Date(measuredAt).toISOString(),
        },
      })
    expect(await ask(`/${another.id}`, 'weir_s_own')).toMatchObject({ status: 404 })
  })

  it.each([
    ['', null, 401],
    ['', 'nobody', 401],
    ['', 'weir_s_altered', 401],
    ['', 'player', 403],
    ['', 'weir_s_own', 403],
    ['/OWN', null, 401],
    ['/OWN', 'publisher', 403],
    ['/nonsense', 'reader', 404],
    [`/${newId('Consumer')}`, 'reader', 404],
  ])('GET %s with the key %s is %i', async (path, key, status) => {
    expect((await ask(path.replace('OWN', own.id), key)).status).toBe(status)
  })
})

describe('/v2/health/consumers/:id/heartbeat', () => {
  const path = () => `/${own.id}/heartbeat`

  it.each(['weir_s_own', 'player'])('is taken from %s', async (key) => {
    const { status, body } = await ask(path(), key, 'POST')
    expect([status, body]).toEqual([
      200,
      {
        consumer_id: own.id,
        accepted: true,
        refusal: null,
        close_reason: null,
        close_message: null,
        at: '2026-01-02T03:04:05.000Z',
        next_before: '2026-01-02T03:05:05.000Z',
        token: null,
      },
    ])
    expect(beaten).toMatchObject([[{}, own.id]])
  })

  it('of a closed session is 409 and says why; of an unknown one it is 404', async () => {
    beat = { accepted: false, refusal: 'CLOSED', closeReason: 'FORCED', closeMessage: 'Time to go.', nextBefore: null }
    expect(await ask(path(), 'weir_s_own', 'POST')).toMatchObject({
      status: 409,
      body: { accepted: false, refusal: 'closed', close_reason: 'forced', close_message: 'Time to go.' },
    })
    beat = { accepted: false, refusal: 'UNKNOWN' }
    expect((await ask(path(), 'player', 'POST')).status).toBe(404)
    beaten = []
    expect((await ask('/nonsense/heartbeat', 'player', 'POST')).status).toBe(404)
    expect(beaten).toEqual([])
  })

  it.each([
    [null, 401],
    ['nobody', 401],
    ['reader', 403],
  ])('with the key %s is %i and reaches nobody', async (key, status) => {
    expect((await ask(path(), key, 'POST')).status).toBe(status)
    expect(beaten).toEqual([])
  })
})
