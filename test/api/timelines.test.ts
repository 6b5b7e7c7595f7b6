import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import { sampleTables } from '../../src/samples/tables.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import {
  frozen,
  ill,
  midnight,
  observationOf,
  openPast,
  type PastBed,
  record,
  systemSampleOf,
  well,
} from '../support/past.ts'
import { addMediaNode, addStream } from '../support/rows.ts'

const Timeline = graphql(/* GraphQL */ `
  query PastOfStream($id: ID!, $from: DateTime!, $to: DateTime, $maxPoints: Int!) {
    stream(id: $id) {
      healthTimeline(from: $from, to: $to, maxPoints: $maxPoints) {
        bucketSeconds
        points {
          from
          to
          status
          livePercent
          fps
          bitrateBps
          cpuPercent
          memoryBytes
          restarts
          issues
        }
      }
    }
  }
`)
const Moment = graphql(/* GraphQL */ `
  query MomentOfStream($id: ID!, $time: DateTime!) {
    stream(id: $id) {
      healthAt(time: $time) {
        streamId
        status
        at
        issues {
          type
          severity
          track
          reason
          since
          evidence
        }
        process {
          pid
        }
        producers {
          producerId
        }
      }
    }
  }
`)
const Wall = graphql(/* GraphQL */ `
  query PastOfWall($from: DateTime!, $to: DateTime) {
    streams(first: 50) {
      nodes {
        id
        healthTimeline(from: $from, to: $to, maxPoints: 60) {
          points {
            consumers
          }
        }
      }
    }
  }
`)
const System = graphql(/* GraphQL */ `
  query PastOfSystem($from: DateTime!, $to: DateTime, $time: DateTime!) {
    systemMetrics(from: $from, to: $to, maxPoints: 10) {
      bucketSeconds
      points {
        at
        cpuPercent
        diskPercent
        activeStreams
        activeConsumers
        temporaryFolderBytes
        eventLoopLagMs
      }
    }
    systemHealthTimeline(from: $from, to: $to, maxPoints: 10) {
      points {
        status
        unhealthyComponents
        streamsByState {
          state
          count
        }
      }
    }
    systemHealthAt(time: $time) {
      status
      at
      components {
        component
        status
      }
      summary {
        total
        healthy
        critical
      }
    }
  }
`)

const minute = 60_000
const iso = (at: number) => new Date(at).toISOString()

let database: TestDatabase
let api: TestApi
let past: PastBed
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  for (const table of Object.values(sampleTables)) await database.db.delete(table)
  past = openPast(database.db, midnight)
  api = await createTestApi(database, { samples: past.readers, now: () => past.clock.now })
})

/** Ten minutes, frozen from 5:00 to 5:10, nothing seen from 7:00 to 8:00. */
async function tenMinutes() {
  const { id } = await addStream(database.db, api.projectId)
  await record(past, midnight, midnight + 10 * minute, (at) => {
    const since = at - midnight
    if (since >= 7 * minute && since < 8 * minute) return null
    const isIll = since >= 5 * minute && since < 5 * minute + 10_000
    return {
      observation: observationOf(id, at, isIll ? { state: 'RECOVERING', process: null } : {}),
      view: isIll ? ill : well,
    }
  })
  return id
}

test('anybody reads the timeline of a stream: what was wrong, and what is not known is no point', async () => {
  const id = await tenMinutes()
  const { data, errors } = await api.query(
    Timeline,
    { id, from: iso(midnight), to: null, maxPoints: 10 },
    { key: null },
  )
  expect(errors).toEqual([])
  const { bucketSeconds, points } = data!.stream!.healthTimeline!
  expect(bucketSeconds).toBe(60)
  expect(points.map(({ from }) => from)).toEqual([0, 1, 2, 3, 4, 5, 6, 8, 9].map((at) => iso(midnight + at * minute)))
  expect(points[0]).toEqual({
    from: iso(midnight),
    to: iso(midnight + minute),
    status: 'HEALTHY',
    livePercent: 100,
    fps: 25,
    bitrateBps: 1_000_000,
    cpuPercent: 12.5,
    memoryBytes: 50_000_000,
    restarts: 0,
    issues: [],
  })
  expect(points[5]).toMatchObject({
    status: 'CRITICAL',
    issues: ['VIDEO_FROZEN'],
    livePercent: expect.closeTo(83.3, 1),
  })
})

test('an instant: as it was, of a second while seconds are kept and of a minute then; null in a gap', async () => {
  const id = await tenMinutes()
  const read = async (time: number) => {
    const { data, errors } = await api.query(Moment, { id, time: iso(time) }, { key: null })
    expect(errors).toEqual([])
    return data!.stream!.healthAt
  }
  const issues = [{ ...frozen, since: iso(frozen.since) }]
  const moment = midnight + 5 * minute + 3500
  expect(await read(moment)).toEqual({
    streamId: id,
    status: 'CRITICAL',
    at: iso(moment - 500),
    issues,
    process: null,
    producers: [],
  })
  expect(await read(midnight + 5 * minute - 1)).toMatchObject({ status: 'HEALTHY', issues: [] })
  expect(await read(midnight + 7.5 * minute)).toBeNull()
  await past.recorder.stop()
  past.clock.now = midnight + 4 * 60 * minute
  expect(await read(moment)).toMatchObject({
    status: 'CRITICAL',
    at: iso(midnight + 5 * minute),
    issues: [{ ...issues[0], evidence: {} }],
  })
  expect(await read(midnight + 7.5 * minute)).toBeNull()
})

test('a wall is read by few statements; who watched needs a key', async () => {
  for (let index = 0; index < 50; index++) await addStream(database.db, api.projectId, { name: `camera ${index}` })
  await tenMinutes()
  const variables = { from: iso(midnight), to: null }
  const { result, statements } = await database.countStatements(() => api.query(Wall, variables))
  expect(result.errors).toEqual([])
  expect(result.data!.streams!.nodes).toHaveLength(50)
  expect(statements.length).toBeLessThanOrEqual(5)
  const stranger = await api.query(
    Timeline.toString().replace('restarts', 'consumers'),
    {
      id: result.data!.streams!.nodes!.find((node) => node!.healthTimeline!.points.length > 0)!.id,
      from: iso(midnight),
      maxPoints: 10,
    },
    { key: null },
  )
  expect(stranger.errors[0]!.extensions.code).toBe('UNAUTHENTICATED')
})

test('the system: nodes together, by bucket and at an instant', async () => {
  const [one, two] = [await addMediaNode(database.db), await addMediaNode(database.db, 'node-b')]
  for (let at = midnight; at < midnight + 3 * minute; at += 5000) {
    past.clock.now = at
    past.recorder.system(systemSampleOf(one.id, at))
    const components = { DATABASE: at === midnight + minute ? 'CRITICAL' : 'HEALTHY' } as const
    past.recorder.system(systemSampleOf(two.id, at, { cpuPercent: null, diskPercent: 90, components }))
    await past.recorder.flush()
  }
  past.clock.now = midnight + 3 * minute
  const variables = { from: iso(midnight), to: null, time: iso(midnight + minute + 2000) }
  const { data, errors } = await api.query(System, variables)
  expect(errors).toEqual([])
  expect(data!.systemMetrics!.points).toHaveLength(6)
  expect(data!.systemMetrics).toMatchObject({
    bucketSeconds: 30,
    points: expect.arrayContaining([
      {
        at: iso(midnight + minute),
        cpuPercent: 40,
        diskPercent: 90,
        activeStreams: 6,
        activeConsumers: 8,
        temporaryFolderBytes: 2000,
        eventLoopLagMs: 5,
      },
    ]),
  })
  const { points } = data!.systemHealthTimeline!
  expect(points.map(({ status }) => status)).toEqual([
    'HEALTHY',
    'HEALTHY',
    'CRITICAL',
    'HEALTHY',
    'HEALTHY',
    'HEALTHY',
  ])
  expect(points[2]).toMatchObject({ unhealthyComponents: ['DATABASE'] })
  expect(points[2]!.streamsByState).toContainEqual({ state: 'LIVE', count: 6 })
  expect(data!.systemHealthAt).toMatchObject({
    status: 'CRITICAL',
    at: iso(midnight + minute),
    summary: { total: 3, healthy: 2, critical: 1 },
  })
  const stranger = await api.query(System, variables, { key: null })
  expect(stranger.errors.map(({ path }) => path)).toEqual([['systemMetrics']])
  expect(stranger.data!.systemHealthAt).toMatchObject({ status: 'CRITICAL' })
})

test.each([
  ['the future', { from: midnight, to: midnight + 60 * minute, maxPoints: 10 }],
  ['the wrong way round', { from: midnight - minute, to: midnight - 2 * minute, maxPoints: 10 }],
  ['before all samples', { from: midnight - 456 * 24 * 60 * minute, to: midnight, maxPoints: 10 }],
  ['too many points', { from: midnight - minute, to: midnight, maxPoints: 2001 }],
  ['too few points', { from: midnight - minute, to: midnight, maxPoints: 1 }],
])('refused: %s', async (_, { from, to, maxPoints }) => {
  const { id } = await addStream(database.db, api.projectId)
  const { errors, data } = await api.query(Timeline, { id, from: iso(from), to: iso(to), maxPoints })
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT'])
  expect(data!.stream!.healthTimeline).toBeNull()
})

test('an instant that lies ahead or before all samples is refused', async () => {
  const { id } = await addStream(database.db, api.projectId)
  for (const time of [midnight + minute, midnight - 456 * 24 * 60 * minute]) {
    const { errors } = await api.query(Moment, { id, time: iso(time) })
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT'])
  }
})

test('a wall of long timelines is too much for one operation', async () => {
  const { errors } = await api.query(Wall.toString().replace('maxPoints: 60', 'maxPoints: 2000'), {
    from: iso(midnight),
  })
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(['TOO_COMPLEX'])
})
