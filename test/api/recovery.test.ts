import { beforeAll, describe, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import { newId } from '../../src/ids.ts'
import { recoveryAttempts } from '../../src/platform/database/tables.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { addStream } from '../support/rows.ts'

const Attempts = graphql(/* GraphQL */ `
  query Attempts($streamId: ID, $from: DateTime, $to: DateTime, $first: Int, $after: String) {
    recoveryAttempts(streamId: $streamId, from: $from, to: $to, first: $first, after: $after) {
      nodes {
        id
        number
        cause
        evidence
        action
        outcome
        startedAt
        endedAt
        downtimeSeconds
        log
        stream {
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

const StreamRecovery = graphql(/* GraphQL */ `
  query StreamRecovery($first: Int) {
    streams(first: $first) {
      nodes {
        id
        recovery {
          enabled
          restarts
          lastRestartAt
          sourceRetries
          recentAttempts
          coolingDownUntil
        }
        recoveryAttempts(first: 2) {
          nodes {
            id
            outcome
          }
        }
      }
    }
  }
`)

const Stats = graphql(/* GraphQL */ `
  query Stats($streamId: ID) {
    recoveryStats(streamId: $streamId) {
      enabled
      restarts
      sourceRetries
      recentAttempts
    }
  }
`)

const AttemptNode = graphql(/* GraphQL */ `
  query AttemptNode($id: ID!) {
    node(id: $id) {
      id
      ... on RecoveryAttempt {
        cause
        stream {
          id
        }
      }
    }
  }
`)

const now = Date.parse('2026-02-03T04:05:06.000Z')

describe('recovery in the API', () => {
  let database: TestDatabase
  let api: TestApi
  beforeAll(async () => {
    database = await openTestDatabase()
    api = await createTestApi(database, { now: () => now })
    return () => database.close()
  })

  async function addAttempts(values: Partial<typeof recoveryAttempts.$inferInsert>[], stream = {}) {
    const { id: streamId, projectId } = await addStream(database.db, api.projectId, stream)
    const rows = values.map((value, index) => ({
      id: newId('RecoveryAttempt'),
      projectId,
      streamId,
      number: index + 1,
      cause: 'KILLED' as const,
      action: 'RESTART' as const,
      startedAt: new Date(now - 1000),
      ...value,
    }))
    await database.db.insert(recoveryAttempts).values(rows)
    return { streamId, ids: rows.map(({ id }) => id) }
  }

  test('attempts are listed newest first, by stream, by time and by page', async () => {
    const hours = [4, 3, 2, 1]
    const { streamId, ids } = await addAttempts(
      hours.map((ago) => ({
        startedAt: new Date(now - ago * 3_600_000),
        outcome: 'RECOVERED',
        endedAt: new Date(now),
        downtimeSeconds: 1.5,
        log: ['[error] x'],
        evidence: { exitCode: 1 },
      })),
    )
    const first = await api.query(Attempts, { streamId, first: 3 })
    expect(first.errors).toEqual([])
    const page = first.data!.recoveryAttempts!
    expect(page.nodes.map((node) => node!.id)).toEqual([...ids].reverse().slice(0, 3))
    expect(page.nodes[0]).toMatchObject({
      number: 4,
      cause: 'KILLED',
      action: 'RESTART',
      outcome: 'RECOVERED',
      downtimeSeconds: 1.5,
      log: ['[error] x'],
      evidence: { exitCode: 1 },
      stream: { name: 'camera' },
    })
    const rest = await api.query(Attempts, { streamId, first: 3, after: page.pageInfo.endCursor })
    expect(rest.data!.recoveryAttempts!.nodes.map((node) => node!.id)).toEqual([ids[0]])
    const [from, to] = [3, 1].map((ago) => new Date(now - ago * 3_600_000).toISOString())
    const some = await api.query(Attempts, { streamId, from, to })
    expect(some.data!.recoveryAttempts!.nodes.map((node) => node!.id)).toEqual([ids[2], ids[1]])
    const node = await api.query(AttemptNode, { id: ids[0]! })
    expect(node.data!.node).toEqual({ id: ids[0], cause: 'KILLED', stream: { id: streamId } })
  })

  test('figures of streams are read in one statement, whatever their number', async () => {
    const evidence = { slow: true, nextAttemptAt: new Date(now + 30_000).toISOString() }
    const { streamId } = await addAttempts([{ action: 'RETRY_SOURCE' }, { action: 'RETRY_SOURCE', evidence }], {
      restarts: 7,
      recoveryPolicy: { enabled: false },
    })
    const count = async (first: number) =>
      (await database.countStatements(() => api.query(StreamRecovery, { first }))).statements.length
    expect(await count(50)).toBe(await count(1))
    const { data } = await api.query(StreamRecovery, { first: 50 })
    expect(data!.streams!.nodes.find((node) => node!.id === streamId)).toMatchObject({
      recovery: {
        enabled: false,
        restarts: 7,
        lastRestartAt: new Date(now - 1000).toISOString(),
        sourceRetries: 2,
        recentAttempts: 2,
        coolingDownUntil: evidence.nextAttemptAt,
      },
      recoveryAttempts: { nodes: [{ outcome: null }, { outcome: null }] },
    })
    const one = await api.query(Stats, { streamId })
    expect(one.data!.recoveryStats).toEqual({ enabled: false, restarts: 7, sourceRetries: 2, recentAttempts: 2 })
    const all = await api.query(Stats, {})
    expect(all.data!.recoveryStats).toMatchObject({ enabled: true, restarts: 7, sourceRetries: 2 })
  })

  test('nobody without a key reads them, and nobody of another project', async () => {
    const { streamId, ids } = await addAttempts([{}])
    for (const [document, variables] of [
      [Attempts, {}],
      [Stats, {}],
      [AttemptNode, { id: ids[0]! }],
    ] as const) {
      const answer = await api.query<unknown, object>(String(document), variables, { key: null })
      expect(answer.errors[0]?.extensions.code).toBe('UNAUTHENTICATED')
    }
    const open = await api.query(StreamRecovery, { first: 1 }, { key: null })
    expect(open.data!.streams!.nodes[0]).toMatchObject({ recovery: null, recoveryAttempts: null })
    const other = await createTestApi(database, { now: () => now })
    expect((await other.query(Attempts, { streamId })).data!.recoveryAttempts!.nodes).toEqual([])
    expect((await other.query(Stats, { streamId })).errors[0]?.extensions.code).toBe('NOT_FOUND')
    expect((await other.query(Stats, {})).data!.recoveryStats).toMatchObject({ restarts: 0, recentAttempts: 0 })
    expect((await other.query(AttemptNode, { id: ids[0]! })).data!.node).toBeNull()
  })

  test('what is no id of a stream is refused', async () => {
    expect((await api.query(Attempts, { streamId: 'x' })).errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
    expect((await api.query(Stats, { streamId: newId('Producer') })).errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })
})
