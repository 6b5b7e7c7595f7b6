import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import type { SessionFigures } from '../../src/consumers/media.ts'
import type { ConsumerRow } from '../../src/consumers/types.ts'
import { newId } from '../../src/ids.ts'
import { consumers, heartbeats } from '../../src/platform/database/tables.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { nextData, operate, serveTestApi, type TestApiServer } from '../support/api-server.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addStream } from '../support/rows.ts'
import { addConsumer } from '../support/sessions.ts'

const Sessions = graphql(/* GraphQL */ `
  query Sessions($filter: ConsumerFilter, $first: Int, $after: String) {
    consumers(filter: $filter, first: $first, after: $after) {
      totalCount
      nodes {
        id
        clientId
        source
        state
        protocol
        openedAt
        lastHeartbeatAt
        closedAt
        closeReason
        closeMessage
        sessionSeconds
        bitrateBps
        bytesSent
        packetsLost
        roundTripMs
        measuredAt
        playerStats
        tracks {
          id
          producerId
          kind
          paused
          consumerOptions
        }
        stream {
          id
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

const SessionsOfStreams = graphql(/* GraphQL */ `
  query SessionsOfStreams($first: Int, $filter: ConsumerFilter) {
    streams(first: $first) {
      nodes {
        id
        consumerCounts {
          total
          active
        }
        health {
          consumers {
            total
            active
          }
        }
        consumers(first: 3, filter: $filter) {
          nodes {
            id
            state
            lastHeartbeatAt
            bitrateBps
          }
        }
      }
    }
  }
`)

const OneSession = graphql(/* GraphQL */ `
  query OneSession($id: ID!) {
    consumer(id: $id) {
      id
      clientId
      state
      stream {
        name
        labels
      }
    }
  }
`)

const WatchSession = graphql(/* GraphQL */ `
  subscription WatchSession($id: ID!) {
    node(id: $id) {
      id
      ... on Consumer {
        state
        closeReason
        closeMessage
      }
    }
  }
`)

describeOnBothDatabases('sessions', (database) => {
  let api: TestApi
  let stream: Awaited<ReturnType<typeof addStream>>

  beforeEach(async () => {
    api = await createTestApi(database())
    stream = await addStream(database().db, api.projectId, { name: 'lobby', labels: { floor: '1' } })
  })

  /** What a node would measure of a session. */
  const measured = (id: string): SessionFigures => ({
    consumerId: id,
    bitrateBps: 1_500_000.4,
    bytesSent: 9_000_000_000,
    packetsLost: 4,
    roundTripMs: 12.5,
    tracks: [
      {
        id: 'track-1',
        producerId: newId('Producer'),
        kind: 'VIDEO',
        paused: false,
        consumerOptions: {
          id: 'track-1',
          producerId: 'p',
          kind: 'video',
          rtpParameters: { codecs: [], headerExtensions: [], encodings: [], rtcp: {} },
        },
      },
    ],
    measuredAt: Date.now(),
  })

  describe('read', () => {
    test('a session with all that is known of it; what is not measured is null', async () => {
      const openedAt = new Date(Date.now() - 30_000)
      const at = new Date(Date.now() - 5000)
      const open = await addConsumer(database().db, stream, { clientId: 'kiosk', source: 'agency', openedAt })
      await database()
        .db.update(heartbeats)
        .set({ at, stats: { framesDecoded: 700 } })
        .where(eq(heartbeats.consumerId, open.id))
      const unmeasured = await addConsumer(database().db, stream)
      const figures = measured(open.id)
      api.sessionFigures.set(open.id, figures)
      const answer = await api.query(Sessions, {})
      expect(answer.errors).toEqual([])
      const { nodes, totalCount } = answer.data!.consumers!
      expect(totalCount).toBe(2)
      expect(nodes.map((node) => node!.id)).toEqual([unmeasured.id, open.id])
      expect(nodes[1]).toMatchObject({
        clientId: 'kiosk',
        source: 'agency',
        state: 'CONNECTED',
        protocol: 'MEDIASOUP',
        openedAt: openedAt.toISOString(),
        lastHeartbeatAt: at.toISOString(),
        closedAt: null,
        closeReason: null,
        bitrateBps: 1_500_000,
        bytesSent: 9_000_000_000,
        packetsLost: 4,
        roundTripMs: 12.5,
        measuredAt: new Date(figures.measuredAt).toISOString(),
        playerStats: { framesDecoded: 700 },
        tracks: figures.tracks,
        stream: { id: stream.id, name: 'lobby' },
      })
      expect(nodes[1]!.sessionSeconds).toBeGreaterThanOrEqual(30)
      expect(nodes[0]).toMatchObject({ bitrateBps: null, bytesSent: null, measuredAt: null, tracks: null })
    })

    test('a closed one says why, how long it was, and what its player told last', async () => {
      const openedAt = new Date('2026-01-01T10:00:00.000Z')
      const closedAt = new Date('2026-01-01T10:01:30.000Z')
      await addConsumer(database().db, stream, {
        state: 'CLOSED',
        openedAt,
        closedAt,
        closeReason: 'FORCED',
        closeMessage: 'The library closes.',
        lastHeartbeatAt: new Date('2026-01-01T10:01:00.000Z'),
        playerStats: { freezeCount: 2 },
      })
      const answer = await api.query(Sessions, {})
      expect(answer.errors).toEqual([])
      expect(answer.data!.consumers!.nodes).toMatchObject([
        {
          state: 'CLOSED',
          sessionSeconds: 90,
          closeReason: 'FORCED',
          closeMessage: 'The library closes.',
          lastHeartbeatAt: '2026-01-01T10:01:00.000Z',
          playerStats: { freezeCount: 2 },
          tracks: [],
          bitrateBps: null,
        },
      ])
      expect(api.sessionFigureReads).toEqual([])
    })

    test('filters and pages, newest first; what is no filter is refused', async () => {
      const { db } = database()
      const other = await addStream(db, api.projectId, { name: 'yard' })
      const rows: ConsumerRow[] = []
      for (let index = 0; index < 5; index++)
        rows.push(await addConsumer(db, stream, { clientId: `c${index}`, source: index % 2 ? 'odd' : 'even' }))
      const closed = await addConsumer(db, other, { state: 'CLOSED', closeReason: 'CLIENT' })
      const ids = async (filter: object, page: object = {}) => {
        const answer = await api.query(Sessions, { filter, ...page })
        return answer.errors[0]?.extensions.fields ?? answer.data!.consumers!.nodes.map((node) => node!.id)
      }
      const newestFirst = rows.map(({ id }) => id).reverse()
      expect(await ids({ streamId: stream.id })).toEqual(newestFirst)
      expect(await ids({ streamId: other.id })).toEqual([closed.id])
      expect(await ids({ clientId: 'c3' })).toEqual([rows[3]!.id])
      expect(await ids({ source: 'odd' })).toEqual([rows[3]!.id, rows[1]!.id])
      expect(await ids({ states: ['CONNECTED', 'PAUSED'] })).toEqual(newestFirst)
      expect(await ids({ states: ['CLOSED'] })).toEqual([closed.id])
      expect(await ids({ states: [] })).toEqual([])
      expect(await ids({ streamId: 'stream_x' })).toMatchObject([{ path: 'filter.streamId' }])
      expect(await ids({ clientId: 'a\0b' })).toMatchObject([{ path: 'filter.clientId' }])
      expect(await ids({}, { first: 101 })).toMatchObject([{ path: 'first' }])
      const first = await api.query(Sessions, { filter: { streamId: stream.id }, first: 2 })
      const { pageInfo, totalCount } = first.data!.consumers!
      expect([totalCount, pageInfo.hasNextPage]).toEqual([5, true])
      expect(await ids({ streamId: stream.id }, { first: 3, after: pageInfo.endCursor })).toEqual(newestFirst.slice(2))
    })

    test('streams with their sessions and counts', async () => {
      const { db } = database()
      for (const state of ['NEW', 'CONNECTED', 'PAUSED', 'STALE', 'CLOSED'] as const)
        await addConsumer(db, stream, { state })
      const answer = await api.query(SessionsOfStreams, { filter: { states: ['STALE', 'CLOSED'] } })
      expect(answer.errors).toEqual([])
      expect(answer.data!.streams!.nodes).toMatchObject([
        {
          consumerCounts: { total: 4, active: 2 },
          health: { consumers: { total: 4, active: 2 } },
          consumers: { nodes: [{ state: 'CLOSED' }, { state: 'STALE' }] },
        },
      ])
    })

    test('a page of 100 takes as few statements as one of 5, and one question for all figures', async () => {
      const { db, countStatements } = database()
      for (let index = 0; index < 100; index++) {
        const row = await addConsumer(db, index % 2 ? stream : await addStream(db, api.projectId))
        api.sessionFigures.set(row.id, measured(row.id))
      }
      const few = await countStatements(() => api.query(Sessions, { first: 5 }))
      const many = await countStatements(() => api.query(Sessions, { first: 100 }))
      expect(many.result.errors).toEqual([])
      expect(many.result.data!.consumers!.nodes.every((node) => node!.tracks!.length === 1)).toBe(true)
      // The page, the count, signs of life, and the streams: which of them the caller may see, then what is asked of them.
      expect([few.statements.length, many.statements.length]).toEqual([5, 5])
      expect(api.sessionFigureReads.map((ids) => ids.length)).toEqual([5, 100])

      const fewStreams = await countStatements(() => api.query(SessionsOfStreams, { first: 5 }))
      const manyStreams = await countStatements(() => api.query(SessionsOfStreams, { first: 51 }))
      expect(manyStreams.result.errors).toEqual([])
      expect([fewStreams.statements.length, manyStreams.statements.length]).toEqual([3, 3])
    })
  })

  describe('who may read', () => {
    test("a session's token opens itself, and its stream no further than that is public", async () => {
      const own = await addConsumer(database().db, stream)
      const another = await addConsumer(database().db, stream)
      const token = api.token(own)
      const answer = await api.query(OneSession, { id: own.id }, { key: token })
      expect(answer.data!.consumer).toEqual({
        id: own.id,
        clientId: 'player',
        state: 'CONNECTED',
        stream: { name: 'lobby', labels: null },
      })
      expect(answer.errors).toMatchObject([
        { path: ['consumer', 'stream', 'labels'], extensions: { code: 'FORBIDDEN' } },
      ])
      expect((await api.query(OneSession, { id: another.id }, { key: token })).data).toEqual({ consumer: null })
      const nodes = await api.query(
        'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
        { ids: [another.id, own.id] } as never,
        {
          key: token,
        },
      )
      expect(nodes.data).toEqual({ nodes: [null, { id: own.id }] })
      for (const list of ['consumers { totalCount }', 'events { nodes { id } }', 'mediaNodes { id }', 'project { id }'])
        expect((await api.query(`{ ${list} }`, undefined, { key: token })).errors).toMatchObject([
          { extensions: { code: 'FORBIDDEN' } },
        ])
    })

    test('where nothing is public a token opens its session alone; one of another project no stream of this', async () => {
      const closed = await createTestApi(database(), { publicHealth: false })
      const theirs = await addStream(database().db, closed.projectId, { name: 'secret' })
      const own = await addConsumer(database().db, theirs)
      const answer = await closed.query(OneSession, { id: own.id }, { key: closed.token(own) })
      expect(answer.errors).toEqual([])
      expect(answer.data!.consumer).toMatchObject({ id: own.id, stream: null })
      expect(
        (await closed.query('{ streams { totalCount } }', undefined, { key: closed.token(own) })).errors,
      ).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
      // The same token at a server whose own project is public: the session, and nothing of its stream.
      const elsewhere = await api.query(OneSession, { id: own.id }, { key: api.token(own) })
      expect(elsewhere.data!.consumer).toMatchObject({ id: own.id, stream: null })
    })

    test('one that is altered or has expired is refused whole', async () => {
      const own = await addConsumer(database().db, stream)
      const token = api.token(own)
      const altered = token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
      for (const key of [altered, `${token}x`, 'weir_s_', api.token(own, Date.now() - 1)]) {
        const answer = await api.query(OneSession, { id: own.id }, { key })
        expect([answer.status, answer.data]).toEqual([401, null])
        expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
      }
    })

    test.each([
      [null, 'UNAUTHENTICATED'],
      ['PUBLISH', 'FORBIDDEN'],
    ] as const)('not the key %s: %s', async (scope, code) => {
      const { id } = await addConsumer(database().db, stream)
      const key = scope && api.key(scope)
      for (const operation of ['consumer(id: $id) { id }', 'node(id: $id) { id }']) {
        const answer = await api.query(`query ($id: ID!) { ${operation} }`, { id } as never, { key })
        expect(answer.errors).toMatchObject([{ extensions: { code } }])
      }
      const list = await api.query('{ consumers { totalCount } }', undefined, { key })
      expect(list.errors).toMatchObject([{ extensions: { code } }])
    })

    test("another project's key finds nothing", async () => {
      const { id } = await addConsumer(database().db, stream)
      const other = await createTestApi(database())
      const answer = await other.query(OneSession, { id }, { key: other.key('ADMIN') })
      expect([answer.data, answer.errors]).toEqual([{ consumer: null }, []])
      expect((await other.query(Sessions, {})).data!.consumers!.totalCount).toBe(0)
    })
  })

  describe('watched', () => {
    let server: TestApiServer
    beforeEach(async () => {
      server = await serveTestApi(api)
    })
    afterEach(() => server.close())

    async function change(id: string, values: Partial<typeof consumers.$inferInsert>): Promise<void> {
      await database().db.update(consumers).set(values).where(eq(consumers.id, id))
      api.deps.bus.publish('consumers', id)
    }

    test('by its own token: each change, its end with the reason, and then no more', async () => {
      const own = await addConsumer(database().db, stream, { state: 'NEW' })
      const messages = operate(server.client(api.token(own)), WatchSession, { id: own.id })
      expect((await nextData(messages)).node).toMatchObject({ id: own.id, state: 'NEW' })
      await change(own.id, { state: 'CONNECTED' })
      expect((await nextData(messages)).node).toMatchObject({ state: 'CONNECTED' })
      await change(own.id, { state: 'CLOSED', closeReason: 'FORCED', closeMessage: 'Time to go.' })
      expect((await nextData(messages)).node).toEqual({
        id: own.id,
        state: 'CLOSED',
        closeReason: 'FORCED',
        closeMessage: 'Time to go.',
      })
      expect((await messages.next()).done).toBe(true)
      expect(api.listeners()).toBe(0)
    })

    test('not by the token of another', async () => {
      const own = await addConsumer(database().db, stream)
      const another = await addConsumer(database().db, stream)
      const { value } = await operate(server.client(api.token(another)), WatchSession, { id: own.id }).next()
      expect(value.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    })

    test('a thousand wait at one place of the bus', async () => {
      const rows = await Promise.all([1, 2, 3].map(() => addConsumer(database().db, stream)))
      const client = server.client(api.key('READ'))
      const all = rows.map(({ id }) => operate(client, WatchSession, { id }))
      await Promise.all(all.map((messages) => nextData(messages)))
      expect(api.listeners()).toBe(1)
      await Promise.all(rows.map(({ id }) => change(id, { state: 'CLOSED', closeReason: 'CLIENT' })))
      for (const messages of all) expect((await nextData(messages)).node).toMatchObject({ closeReason: 'CLIENT' })
    })
  })
})
