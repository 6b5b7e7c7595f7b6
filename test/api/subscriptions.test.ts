import { once } from 'node:events'
import { eq } from 'drizzle-orm'
import type { Client } from 'graphql-ws'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import { producers, streams } from '../../src/platform/database/tables.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { nextData, operate, serveTestApi, type TestApiServer } from '../support/api-server.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { addProducer, addStream, figuresOf } from '../support/rows.ts'

const WatchStreams = graphql(/* GraphQL */ `
  subscription WatchStreams($filter: StreamFilter) {
    streams(filter: $filter) {
      reset
      complete
      changed {
        id
        name
        state
        producers(first: 5) {
          nodes {
            state
          }
        }
      }
      removedIds
    }
  }
`)

const WatchFigures = graphql(/* GraphQL */ `
  subscription WatchFigures {
    streams(intervalSeconds: 1) {
      reset
      changed {
        id
        process {
          cpuPercent
        }
      }
    }
  }
`)

const WatchNode = graphql(/* GraphQL */ `
  subscription WatchNode($id: ID!) {
    node(id: $id) {
      id
      ... on Stream {
        name
        deletedAt
      }
      ... on Producer {
        state
        stream {
          name
        }
      }
    }
  }
`)

describeOnBothDatabases('subscriptions', (database) => {
  let api: TestApi
  let server: TestApiServer
  let client: Client

  beforeEach(async () => {
    api = await createTestApi(database())
    server = await serveTestApi(api)
    client = server.client(api.key('READ'))
  })
  afterEach(() => server.close())

  /** Changes a stream as the store does: the row, then word of it. */
  async function change(id: string, values: Partial<typeof streams.$inferInsert>): Promise<void> {
    await database().db.update(streams).set(values).where(eq(streams.id, id))
    api.deps.bus.publish('streams', id)
  }

  describe('streams', () => {
    test('first the whole truth, then what is new, different, and gone', async () => {
      const a = await addStream(database().db, api.projectId, { name: 'a' })
      const b = await addStream(database().db, api.projectId, { name: 'b' })
      const messages = operate(client, WatchStreams, {})
      const first = (await nextData(messages)).streams
      expect(first).toMatchObject({ reset: true, complete: true, removedIds: [] })
      expect(first.changed.map(({ name }) => name)).toEqual(['a', 'b'])

      await change(a.id, { state: 'LIVE' })
      expect((await nextData(messages)).streams).toMatchObject({
        reset: false,
        changed: [{ id: a.id, state: 'LIVE' }],
        removedIds: [],
      })

      const c = await addStream(database().db, api.projectId, { name: 'c' })
      api.deps.bus.publish('streams', c.id)
      expect((await nextData(messages)).streams.changed.map(({ name }) => name)).toEqual(['c'])

      await addProducer(database().db, b)
      api.deps.bus.publish('streams', b.id)
      expect((await nextData(messages)).streams.changed).toMatchObject([
        { id: b.id, producers: { nodes: [{ state: 'ACTIVE' }] } },
      ])

      await database().db.update(producers).set({ state: 'PAUSED' }).where(eq(producers.streamId, b.id))
      api.deps.bus.publish('streams', b.id)
      expect((await nextData(messages)).streams.changed).toMatchObject([
        { id: b.id, producers: { nodes: [{ state: 'PAUSED' }] } },
      ])

      await change(a.id, { deletedAt: new Date() })
      expect((await nextData(messages)).streams).toMatchObject({ changed: [], removedIds: [a.id] })
    })

    test('an empty list is a truth too; word of what did not change or is not ours tells nothing', async () => {
      const elsewhere = await addStream(database().db, (await createTestApi(database())).projectId)
      const messages = operate(client, WatchStreams, {})
      expect((await nextData(messages)).streams).toMatchObject({ reset: true, changed: [], removedIds: [] })
      api.deps.bus.publish('streams', elsewhere.id)
      const own = await addStream(database().db, api.projectId)
      api.deps.bus.publish('streams', own.id)
      api.deps.bus.publish('streams', own.id)
      expect((await nextData(messages)).streams.changed).toMatchObject([{ id: own.id }])
      await change(own.id, { name: 'renamed' })
      expect((await nextData(messages)).streams.changed).toMatchObject([{ name: 'renamed' }])
    })

    test('what comes to match is told, what no longer does is removed', async () => {
      const stream = await addStream(database().db, api.projectId)
      const messages = operate(client, WatchStreams, { filter: { states: ['LIVE'] } })
      expect((await nextData(messages)).streams.changed).toEqual([])
      await change(stream.id, { state: 'LIVE' })
      expect((await nextData(messages)).streams.changed).toMatchObject([{ id: stream.id }])
      await change(stream.id, { state: 'ERROR' })
      expect((await nextData(messages)).streams.removedIds).toEqual([stream.id])
    })

    test('a change whose word was lost is found by looking', async () => {
      const stream = await addStream(database().db, api.projectId)
      const messages = operate(client, WatchStreams, {})
      await nextData(messages)
      await database().db.update(streams).set({ name: 'silent' }).where(eq(streams.id, stream.id))
      expect((await nextData(messages)).streams.changed).toMatchObject([{ name: 'silent' }])
    })

    test('new figures come by the clock, only of streams that have any', async () => {
      const measured = await addStream(database().db, api.projectId)
      await addStream(database().db, api.projectId)
      api.figures.set(measured.id, figuresOf(measured.id))
      const messages = operate(client, WatchFigures)
      expect((await nextData(messages)).streams.changed).toHaveLength(2)
      const figures = figuresOf(measured.id)
      figures.process!.cpuPercent = 77
      figures.process!.measuredAt += 1000
      api.figures.set(measured.id, figures)
      expect((await nextData(messages)).streams).toEqual({
        reset: false,
        changed: [{ id: measured.id, process: { cpuPercent: 77 } }],
      })
    })

    test('a reader that does not read gets the latest of each, not every step', async () => {
      const stream = await addStream(database().db, api.projectId, { name: 'step 0' })
      const iterator = await subscribeDirectly()
      expect((await iterator.next()).value.data.streams.changed).toMatchObject([{ name: 'step 0' }])
      for (let step = 1; step <= 200; step++) await change(stream.id, { name: `step ${step}` })
      expect((await iterator.next()).value.data.streams.changed).toMatchObject([{ name: 'step 200' }])
      await change(stream.id, { name: 'after' })
      expect((await iterator.next()).value.data.streams.changed).toMatchObject([{ name: 'after' }])
      await iterator.return()
      // A look that is under way ends first.
      await eventually(() => expect(api.listeners()).toBe(0))
    })

    /** Without a socket in between, which would read ahead. */
    async function subscribeDirectly() {
      const initial = { requestId: 'test', credentials: { key: api.key('READ'), address: null } }
      const { schema, parse, contextFactory, subscribe } = api.graphql.getEnveloped(initial as never)
      return (await subscribe({
        schema,
        document: parse('subscription { streams { changed { name } } }'),
        contextValue: await contextFactory(),
      })) as AsyncGenerator<{ data: { streams: { changed: { name: string }[] } } }, never, void> & { return(): unknown }
    }

    test.each([0, 61])('an interval of %d s is refused', async (seconds) => {
      const messages = operate(client, `subscription { streams(intervalSeconds: ${seconds}) { reset } }`)
      const { value } = await messages.next()
      expect(value.errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'intervalSeconds' }] } },
      ])
      expect(value.errors[0].extensions).not.toHaveProperty('http')
    })
  })

  describe('node', () => {
    test('a stream, whole, at every change, and to its end', async () => {
      const stream = await addStream(database().db, api.projectId, { name: 'one' })
      const messages = operate(client, WatchNode, { id: stream.id })
      expect((await nextData(messages)).node).toEqual({ id: stream.id, name: 'one', deletedAt: null })
      await change(stream.id, { name: 'two' })
      expect((await nextData(messages)).node).toMatchObject({ name: 'two' })
      await change(stream.id, { deletedAt: new Date('2026-01-02T03:04:05Z') })
      expect((await nextData(messages)).node).toMatchObject({ deletedAt: '2026-01-02T03:04:05.000Z' })
    })

    test('a producer, by word of its stream', async () => {
      const stream = await addStream(database().db, api.projectId, { name: 'its stream' })
      const producer = await addProducer(database().db, stream, { state: 'CREATED' })
      const messages = operate(client, WatchNode, { id: producer.id })
      expect((await nextData(messages)).node).toEqual({
        id: producer.id,
        state: 'CREATED',
        stream: { name: 'its stream' },
      })
      await database().db.update(producers).set({ state: 'ACTIVE' }).where(eq(producers.id, producer.id))
      api.deps.bus.publish('streams', stream.id)
      expect((await nextData(messages)).node).toMatchObject({ state: 'ACTIVE' })
    })

    test('NOT_FOUND for what is not there, BAD_USER_INPUT for what is no id', async () => {
      const gone = await operate(client, WatchNode, { id: 'stream_01h455vb4pex5vsknk084sn02q' }).next()
      expect(gone.value.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
      const wrong = await operate(client, WatchNode, { id: 'nonsense' }).next()
      expect(wrong.value.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'id' }] } }])
    })
  })

  describe('listeners are let go', () => {
    test('when the client completes', async () => {
      const messages = operate(client, WatchStreams, {})
      await nextData(messages)
      expect(api.listeners()).toBe(1)
      await messages.return?.()
      await eventually(() => expect(api.listeners()).toBe(0))
    })

    test('when the socket breaks', async () => {
      const socket = server.socket()
      await once(socket, 'open')
      socket.send(JSON.stringify({ type: 'connection_init' }))
      await once(socket, 'message')
      for (let id = 0; id < 10; id++)
        socket.send(
          JSON.stringify({
            id: `${id}`,
            type: 'subscribe',
            // Filters of their own: equal ones share one look, and one listener.
            payload: { query: `subscription { streams(filter: { name: "${id}" }) { reset } }` },
          }),
        )
      await eventually(() => expect(api.listeners()).toBe(10))
      socket.terminate()
      await eventually(() => expect(api.listeners()).toBe(0))
    })

    test('when an SSE client goes', async () => {
      const gone = new AbortController()
      const response = await api.graphql.fetch('http://weir.test/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          authorization: `Bearer ${api.key('READ')}`,
        },
        body: JSON.stringify({ query: WatchStreams.toString() }),
        signal: gone.signal,
      })
      expect(response.headers.get('content-type')).toContain('text/event-stream')
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
      const stream = await addStream(database().db, api.projectId, { name: 'over SSE' })
      let text = ''
      while (!text.includes('"reset":true')) text += (await reader.read()).value
      expect(api.listeners()).toBe(1)
      api.deps.bus.publish('streams', stream.id)
      while (!text.includes('over SSE')) text += (await reader.read()).value
      await reader.cancel()
      await eventually(() => expect(api.listeners()).toBe(0))
    })

    test('when the server closes: sockets end with 1001, operations with them', async () => {
      const messages = operate(client, WatchStreams, {})
      await nextData(messages)
      const socket = server.socket()
      await once(socket, 'open')
      const closed = once(socket, 'close')
      await server.close()
      expect((await closed)[0]).toBe(1001)
      await eventually(() => expect(api.listeners()).toBe(0))
    })
  })
})
