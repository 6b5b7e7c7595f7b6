import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { addEvents, addMediaNode, addProducer, addStream, figuresOf } from '../support/rows.ts'

const Health = graphql(/* GraphQL */ `
  query Health {
    viewer {
      scopes
    }
    streams {
      totalCount
      nodes {
        id
        name
        state
        stateSince
        desiredState
        uptimeSeconds
        process {
          status
          healthy
          pid
          cpuPercent
          memoryBytes
          uptimeSeconds
        }
        producers {
          nodes {
            id
            kind
            state
            ssrcs
            uptimeSeconds
          }
        }
        playback {
          whepUrl
        }
      }
    }
  }
`)

/** Each needs READ: the path of the field and the part of the operation that asks for it. */
const guarded: [path: string, operation: string][] = [
  ['stream.source', '{ stream(id: $id) { name source { url } } }'],
  ['stream.labels', '{ stream(id: $id) { name labels } }'],
  ['stream.maxConsumers', '{ stream(id: $id) { name maxConsumers } }'],
  ['stream.project', '{ stream(id: $id) { name project { name } } }'],
  ['stream.mediaNode', '{ stream(id: $id) { name mediaNode { name } } }'],
  ['stream.events', '{ stream(id: $id) { name events { nodes { type } } } }'],
  ['stream.process.lastExit', '{ stream(id: $id) { name process { lastExit { log } } } }'],
  ['stream.producers.nodes.0.bitrateBps', '{ stream(id: $id) { name producers { nodes { bitrateBps } } } }'],
  ['stream.producers.nodes.0.score', '{ stream(id: $id) { name producers { nodes { score } } } }'],
  ['events', '{ stream(id: $id) { name } events { nodes { type } } }'],
  ['mediaNodes', '{ stream(id: $id) { name } mediaNodes { name } }'],
  ['project', '{ stream(id: $id) { name } project { name } }'],
  ['streams', '{ stream(id: $id) { name } streams(filter: { labels: { a: "b" } }) { totalCount } }'],
]

let database: TestDatabase
let api: TestApi
let id: string

beforeAll(async () => {
  database = await openTestDatabase()
  api = await createTestApi(database)
  const node = await addMediaNode(database.db)
  const stream = await addStream(database.db, api.projectId, {
    name: 'open',
    state: 'LIVE',
    desiredState: 'RUNNING',
    mediaNodeId: node.id,
    labels: { a: 'b' },
    source: { kind: 'RTSP', url: 'rtsp://user:hunter2@camera.test/live?token=s3cret' },
    lastExit: { code: 1, signal: null, cause: 'REFUSED', at: 0, log: ['line'] },
    sourceTracks: [],
  })
  const producer = await addProducer(database.db, stream)
  await addEvents(database.db, stream, 2)
  id = stream.id
  api.figures.set(id, figuresOf(id, [producer.id]))
})
afterAll(() => database.close())

const ask = (operation: string, key: string | null, from = api) =>
  from.query<Record<string, unknown>, object>(`query ($id: ID!) ${operation}`, { id }, { key })

describe('without a key', () => {
  test('the health that is public is all there, without an error', async () => {
    const answer = await api.query(Health, {}, { key: null })
    expect(answer.errors).toEqual([])
    expect(answer.data!.streams!.nodes).toMatchObject([
      {
        name: 'open',
        state: 'LIVE',
        uptimeSeconds: expect.any(Number),
        process: {
          status: 'RUNNING',
          healthy: true,
          pid: 4711,
          cpuPercent: 12.5,
          memoryBytes: 3_000_000_000,
          uptimeSeconds: 60,
        },
        producers: { nodes: [{ state: 'ACTIVE', ssrcs: [4_000_000_001], uptimeSeconds: expect.any(Number) }] },
        playback: { whepUrl: expect.stringContaining(id) },
      },
    ])
    expect(answer.data!.viewer!.scopes).toEqual([])
  })

  test.each(guarded)('%s is refused by itself; what stands beside it is answered', async (path, operation) => {
    const answer = await ask(operation, null)
    expect(answer.status).toBe(200)
    expect(answer.data).toMatchObject({ stream: { name: 'open' } })
    expect(answer.errors.map((error) => [error.path?.join('.'), error.extensions.code])).toEqual([
      [path, 'UNAUTHENTICATED'],
    ])
  })

  test.each(guarded)('%s with a READ key is answered', async (_, operation) => {
    expect((await ask(operation, api.key('READ'))).errors).toEqual([])
  })

  test('nothing secret stands in what anybody may read', async () => {
    const text = JSON.stringify([
      await api.query(Health, {}, { key: null }),
      ...(await Promise.all(guarded.map(([, operation]) => ask(operation, null)))),
    ])
    expect(text).not.toMatch(/hunter2|s3cret|camera\.test/)
  })

  test('a mutation is UNAUTHENTICATED', async () => {
    const refused = await api.query('mutation { startStream(id: "x") { id } }', undefined, { key: null })
    expect(refused.data).toEqual({ startStream: null })
    expect(refused.errors).toMatchObject([{ path: ['startStream'], extensions: { code: 'UNAUTHENTICATED' } }])
  })

  test('PUBLIC_HEALTH=false closes everything, subscriptions too', async () => {
    const closed = await createTestApi(database, { publicHealth: false })
    const answer = await ask('{ stream(id: $id) { name } streams { totalCount } viewer { scopes } }', null, closed)
    expect(answer.data).toEqual({ stream: null, streams: null, viewer: null })
    expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual([
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
    ])
    const response = await closed.graphql.fetch('http://weir.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { streams { reset } }' }),
    })
    expect(await response.text()).toContain('UNAUTHENTICATED')
    expect(closed.listeners()).toBe(0)
  })
})

describe('with a key', () => {
  test('credentials in URLs are never shown', async () => {
    const answer = await ask('{ stream(id: $id) { source { kind url options } } }', api.key('ADMIN'))
    expect(answer.data).toMatchObject({ stream: { source: { kind: 'RTSP' } } })
    const text = JSON.stringify(answer.data)
    expect(text).toContain('camera.test')
    expect(text).not.toMatch(/hunter2|s3cret/)
  })

  test('FORBIDDEN where the scope is missing', async () => {
    const mutation = await api.query('mutation { startStream(id: "x") { id } }', undefined, { key: api.key('READ') })
    expect(mutation.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    const keys = await ask(
      '{ project { name apiKeys { nodes { prefix } } } stream(id: $id) { name } }',
      api.key('READ', 'WRITE'),
    )
    expect(keys.data).toMatchObject({ project: { name: 'Test', apiKeys: null } })
    expect(keys.errors).toMatchObject([{ path: ['project', 'apiKeys'], extensions: { code: 'FORBIDDEN' } }])
    const source = await ask('{ stream(id: $id) { source { kind } } }', api.key('PLAY'))
    expect(source.errors).toMatchObject([{ path: ['stream', 'source'], extensions: { code: 'FORBIDDEN' } }])
  })

  test('another project sees nothing of it', async () => {
    const other = await createTestApi(database)
    const answer = await ask(
      '{ stream(id: $id) { name } node(id: $id) { id } streams { nodes { name } } events { nodes { id } } }',
      other.key('ADMIN'),
      other,
    )
    expect(answer.errors).toEqual([])
    expect(answer.data).toEqual({ stream: null, node: null, streams: { nodes: [] }, events: { nodes: [] } })
  })

  test.each([
    ['unknown', { authorization: 'Bearer nobody' }],
    ['of another kind', { authorization: 'Basic dTpw' }],
    ['unknown, in X-Pulse-Key', { 'x-pulse-key': 'nobody' }],
  ])('one that is %s is refused whole, not taken for none', async (_, headers) => {
    const response = await api.graphql.fetch('http://weir.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers } as Record<string, string>,
      body: '{"query":"{ streams { totalCount } }"}',
    })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  })

  test('X-Pulse-Key is as good as Authorization', async () => {
    const response = await api.graphql.fetch('http://weir.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-pulse-key': api.key('READ') },
      body: '{"query":"{ viewer { scopes project { name } } }"}',
    })
    expect(await response.json()).toEqual({ data: { viewer: { scopes: ['READ'], project: { name: 'Test' } } } })
  })
})
