import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import type { SourceTrack } from '../../src/streams/model.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { addProducer, addStream, figuresOf } from '../support/rows.ts'

const Figures = graphql(/* GraphQL */ `
  query Figures($id: ID!) {
    stream(id: $id) {
      uptimeSeconds
      process {
        status
        healthy
        pid
        restarts
        lastExit {
          code
          cause
          at
          log
        }
      }
      tracks {
        kind
        codec
        width
        fps
        bitrateBps
        lastProgressAt
      }
      producers {
        nodes {
          state
          bitrateBps
          packets
          packetsLost
          jitterMs
          score
          measuredAt
        }
      }
    }
  }
`)

const exit = {
  code: 1,
  signal: null,
  cause: 'REFUSED',
  at: Date.parse('2026-01-01'),
  log: ['Connection refused'],
} as const
const video: SourceTrack = {
  kind: 'VIDEO',
  codec: 'h264',
  profile: 'High',
  width: 1280,
  height: 720,
  fps: 25,
  pixelFormat: 'yuv420p',
  hasBFrames: false,
  channels: null,
  sampleRate: null,
}

let database: TestDatabase
let api: TestApi
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  api = await createTestApi(database)
})

async function read(id: string) {
  const answer = await api.query(Figures, { id })
  expect(answer.errors).toEqual([])
  return answer.data!.stream!
}

test.each([
  ['STOPPED', { desiredState: 'STOPPED' }, false, { status: 'STOPPED', healthy: null, pid: null }],
  ['STOPPED', { desiredState: 'STOPPED', lastExit: exit }, false, { status: 'STOPPED', healthy: null }],
  [
    'CRASHED',
    { desiredState: 'RUNNING', state: 'RECOVERING', lastExit: exit },
    false,
    { status: 'CRASHED', healthy: null },
  ],
  ['RUNNING', { desiredState: 'RUNNING', state: 'STARTING' }, true, { status: 'RUNNING', healthy: false, pid: 4711 }],
  ['RUNNING', { desiredState: 'RUNNING', state: 'LIVE', lastExit: exit }, true, { status: 'RUNNING', healthy: true }],
] as const)('a process that is %s: %j', async (_, values, runs, expected) => {
  const stream = await addStream(database.db, api.projectId, values as never)
  if (runs) api.figures.set(stream.id, figuresOf(stream.id))
  expect((await read(stream.id)).process).toMatchObject(expected)
})

test('how it ended last, and how often it was started again', async () => {
  const { id } = await addStream(database.db, api.projectId, { restarts: 3, lastExit: { ...exit, log: [...exit.log] } })
  expect((await read(id)).process).toMatchObject({
    restarts: 3,
    lastExit: { code: 1, cause: 'REFUSED', at: '2026-01-01T00:00:00.000Z', log: ['Connection refused'] },
  })
})

test('tracks: null until they are known, then as declared, then as measured', async () => {
  const unknown = await addStream(database.db, api.projectId)
  expect((await read(unknown.id)).tracks).toBeNull()
  const { id } = await addStream(database.db, api.projectId, { sourceTracks: [video] })
  expect((await read(id)).tracks).toEqual([
    { kind: 'VIDEO', codec: 'h264', width: 1280, fps: 25, bitrateBps: null, lastProgressAt: null },
  ])
  const figures = figuresOf(id)
  const lastProgressAt = Date.parse('2026-01-01T00:00:01Z')
  figures.process!.tracks = [
    {
      ...{ kind: 'VIDEO', packets: 10, bytes: 100, fps: 24.5, bitrateBps: 99.6, keyframeIntervalSeconds: null },
      ...{ lastProgressAt, lastKeyframeAt: null, mediaSeconds: null, identicalPackets: 1, burstSeconds: null },
    },
  ]
  api.figures.set(id, figures)
  expect((await read(id)).tracks).toMatchObject([
    { fps: 24.5, bitrateBps: 100, lastProgressAt: '2026-01-01T00:00:01.000Z' },
  ])
})

test("a producer's statistics are its own; null where nothing was measured", async () => {
  const stream = await addStream(database.db, api.projectId)
  const measured = await addProducer(database.db, stream)
  await addProducer(database.db, stream, { state: 'CLOSED' })
  await addProducer(database.db, stream, { kind: 'AUDIO', state: 'CREATED' })
  const measuredAt = Date.parse('2026-01-01T00:00:02Z')
  api.figures.set(stream.id, figuresOf(stream.id, [measured.id], measuredAt))
  const nothing = { bitrateBps: null, packets: null, packetsLost: null, jitterMs: null, score: null, measuredAt: null }
  expect((await read(stream.id)).producers!.nodes).toEqual([
    { state: 'CREATED', ...nothing },
    { state: 'CLOSED', ...nothing },
    {
      state: 'ACTIVE',
      bitrateBps: 500_000,
      packets: 1000,
      packetsLost: 3,
      jitterMs: 1.5,
      score: 10,
      measuredAt: '2026-01-01T00:00:02.000Z',
    },
  ])
  // However many fields ask, the nodes are asked once.
  expect(api.figureReads).toEqual([[stream.id]])
})
