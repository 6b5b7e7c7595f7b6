import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import { staleAfterMs } from '../../src/health/fresh.ts'
import type { HealthIssue } from '../../src/health/model.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { addProducer, addStream, figuresOf } from '../support/rows.ts'

const Health = graphql(/* GraphQL */ `
  query StreamHealth($id: ID!) {
    streamHealth(streamId: $id) {
      streamId
      status
      issues {
        type
        severity
        track
        reason
        since
        evidence
      }
      process {
        status
        pid
      }
      producers {
        producerId
        state
        uptimeSeconds
      }
      at
    }
  }
`)
const Statistics = graphql(/* GraphQL */ `
  query StreamHealthStatistics($id: ID!) {
    stream(id: $id) {
      health {
        status
        producers {
          bitrateBps
          packetsLost
        }
        consumers {
          active
        }
      }
    }
  }
`)
const ByHealth = graphql(/* GraphQL */ `
  query StreamsByHealth($filter: StreamFilter) {
    streams(filter: $filter) {
      totalCount
      nodes {
        id
      }
    }
  }
`)

const frozen: HealthIssue = {
  type: 'VIDEO_FROZEN',
  severity: 'CRITICAL',
  track: 'VIDEO',
  reason: 'No video packet for 6 s.',
  since: Date.parse('2026-01-01'),
  evidence: { silentSeconds: 6 },
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

async function sick(healthAt: number) {
  const stream = await addStream(database.db, api.projectId, { desiredState: 'RUNNING', state: 'LIVE' })
  const producer = await addProducer(database.db, stream)
  const figures = figuresOf(stream.id, [producer.id], healthAt)
  api.figures.set(stream.id, { ...figures, health: { status: 'CRITICAL', issues: [frozen] }, healthAt })
  return { id: stream.id, producerId: producer.id }
}

test('anybody reads what is wrong, with its evidence, the process and the producers', async () => {
  const at = Date.now()
  const { id, producerId } = await sick(at)
  const { data, errors } = await api.query(Health, { id }, { key: null })
  expect(errors).toEqual([])
  expect(data!.streamHealth).toEqual({
    streamId: id,
    status: 'CRITICAL',
    issues: [{ ...frozen, since: '2026-01-01T00:00:00.000Z' }],
    process: { status: 'RUNNING', pid: 4711 },
    producers: [{ producerId, state: 'ACTIVE', uptimeSeconds: expect.any(Number) }],
    at: new Date(at).toISOString(),
  })
})

test('statistics need a key', async () => {
  const { id } = await sick(Date.now())
  const stranger = await api.query(Statistics, { id }, { key: null })
  expect(stranger.data!.stream!.health).toEqual({
    status: 'CRITICAL',
    producers: [{ bitrateBps: null, packetsLost: null }],
    consumers: null,
  })
  expect(stranger.errors.map(({ extensions }) => extensions.code)).toEqual(Array(3).fill('UNAUTHENTICATED'))
  const { data } = await api.query(Statistics, { id })
  expect(data!.stream!.health).toMatchObject({
    producers: [{ bitrateBps: 500_000, packetsLost: 3 }],
    consumers: { active: 0 },
  })
})

test('UNKNOWN, and since when: of a stream that no node runs, and of one whose node stands still', async () => {
  const healthSince = new Date('2026-01-02')
  const values = { health: 'CRITICAL', healthSince, healthIssues: [frozen] } as const
  const orphan = await addStream(database.db, api.projectId, { ...values, healthIssues: [frozen] })
  expect((await api.query(Health, { id: orphan.id })).data!.streamHealth).toMatchObject({
    status: 'UNKNOWN',
    issues: [],
    producers: [],
    at: healthSince.toISOString(),
  })
  const at = Date.now() - staleAfterMs - 1
  const { id } = await sick(at)
  const stale = (await api.query(Health, { id })).data!.streamHealth
  expect(stale).toMatchObject({ status: 'UNKNOWN', issues: [], at: new Date(at).toISOString() })
})

test('streams by their health; what is no stream', async () => {
  const { id } = await addStream(database.db, api.projectId, { health: 'WARNING' })
  await addStream(database.db, api.projectId, { health: 'HEALTHY' })
  const found = await api.query(ByHealth, { filter: { health: ['WARNING', 'CRITICAL'] } })
  expect(found.data!.streams).toEqual({ totalCount: 1, nodes: [{ id }] })
  const gone = await api.query(Health, { id: 'stream_01h455vb4pex5vsknk084sn02q' })
  expect(gone.data!.streamHealth).toBeNull()
  const wrong = await api.query(Health, { id: 'nothing' })
  expect(wrong.errors[0]!.extensions.code).toBe('BAD_USER_INPUT')
})
