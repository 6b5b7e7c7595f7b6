import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { badInput, errorTable, WeirError } from '../../src/errors.ts'
import { createGraphiqlPage } from '../../src/http/graphiql.ts'
import { newId } from '../../src/ids.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { addStream, figuresOf } from '../support/rows.ts'

let database: TestDatabase
let api: TestApi

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  api = await createTestApi(database)
})

function send(init: RequestInit & { headers?: Record<string, string> }, path = '/graphql', from = api) {
  const headers = { authorization: `Bearer ${from.key('READ', 'WRITE')}`, ...init.headers }
  return from.graphql.fetch(`http://weir.test${path}`, { ...init, headers })
}
const json = { 'content-type': 'application/json' }
const post = (body: unknown, headers: Record<string, string> = json) =>
  send({ method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) })

describe('errors', () => {
  test.each([
    ['a document that does not parse', '{ streams { '],
    ['a field that is not there', '{ streams { nothing } }'],
    ['a mutation that lacks an argument', 'mutation { startStream { id } }'],
    ['a literal of the wrong type', '{ stream(id: ["a"]) { id } }'],
    ['no operation of that name', ''],
  ])('%s is BAD_USER_INPUT with fields', async (_, query) => {
    const answer = await api.query(query)
    expect(answer.data).toBeNull()
    expect(answer.errors.length).toBeGreaterThan(0)
    for (const error of answer.errors) {
      expect(error.extensions.code).toBe('BAD_USER_INPUT')
      expect(error.extensions).not.toHaveProperty('http')
    }
  })

  test.each([
    ['query ($first: Int) { streams(first: $first) { totalCount } }', { first: 'many' }, 'first'],
    [
      'query ($f: StreamFilter) { streams(filter: $f) { totalCount } }',
      { f: { states: ['LIVE', 'DEAD'] } },
      'f.states.1',
    ],
    ['query ($f: EventFilter) { events(filter: $f) { nodes { id } } }', { f: { from: 'yesterday' } }, 'f.from'],
    ['query ($id: ID!) { stream(id: $id) { id } }', {}, 'id'],
  ])('%s with %j names the place: %s', async (query, variables, path) => {
    const answer = await api.query(query, variables as never)
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }])
  })

  test.each([
    ['{ node(id: "nonsense") { id } }', 'id'],
    ['{ node(id: "camera_01h455vb4pex5vsknk084sn02q") { id } }', 'id'],
    ['{ stream(id: "producer_01h455vb4pex5vsknk084sn02q") { id } }', 'id'],
    ['{ producer(id: "stream_01h455vb4pex5vsknk084sn02q") { id } }', 'id'],
    ['{ events(filter: { subjectId: "x" }) { nodes { id } } }', 'filter.subjectId'],
    ['{ events(filter: { types: ["stream.exploded"] }) { nodes { id } } }', 'filter.types.0'],
  ])('%s: a wrong id or word is BAD_USER_INPUT', async (query, path) => {
    const answer = await api.query(query)
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }])
  })

  test("GraphQL's own messages do not repeat credentials", async () => {
    const input = { name: 'x', source: { url: { url: 'rtsp://user:hunter2@camera.test/', nonsense: 1 } } }
    const answer = await api.query('mutation ($i: CreateStreamInput!) { createStream(input: $i) { id } }', {
      i: input,
    } as never)
    expect(answer.errors[0]?.message).toContain('camera.test')
    expect(JSON.stringify(answer)).not.toContain('hunter2')
  })

  test('nodes gives null for what it does not find and blanks alone what is no id, in the order asked', async () => {
    const stream = await addStream(database.db, api.projectId)
    const ids = ['stream_01h455vb4pex5vsknk084sn02q', stream.id, 'nonsense', 'consumer_01h455vb4pex5vsknk084sn02q']
    const answer = await api.query('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', { ids } as never)
    expect(answer.data).toEqual({ nodes: [null, { __typename: 'Stream', id: stream.id }, null, null] })
    expect(answer.errors).toMatchObject([
      { path: ['nodes', 2], extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'ids.2' }] } },
    ])
    const many = await api.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array.from({ length: 101 }, () => stream.id),
    } as never)
    expect(many.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'ids' }] } }])
  })

  test('one failing field blanks one field: what is unknown is INTERNAL, with the id that the log has', async () => {
    const bad = newId('Stream')
    const failing = await createTestApi(database, {
      playback: ({ id }) => {
        if (id === bad) throw new Error('secret inside of the house')
        return { whepUrl: null, hlsUrl: null }
      },
    })
    await addStream(database.db, failing.projectId, { name: 'good' })
    await addStream(database.db, failing.projectId, { id: bad, name: 'bad' })
    const answer = await failing.query('{ streams(orderBy: { field: NAME }) { nodes { name playback { whepUrl } } } }')
    expect(answer.status).toBe(200)
    expect(answer.data).toEqual({
      streams: {
        nodes: [
          { name: 'good', playback: { whepUrl: null } },
          { name: 'bad', playback: null },
        ],
      },
    })
    expect(answer.errors).toHaveLength(1)
    const [error] = answer.errors
    expect(error).toMatchObject({ path: ['streams', 'nodes', 1, 'playback'], extensions: { code: 'INTERNAL' } })
    expect(JSON.stringify(error)).not.toContain('secret')
    expect(failing.logged).toMatchObject([
      { context: { requestId: error!.extensions.requestId, err: { message: 'secret inside of the house' } } },
    ])
  })

  test('a node that does not answer blanks the figures, not the streams', async () => {
    const failing = await createTestApi(database, {
      figures: { read: async () => Promise.reject(new WeirError('UNAVAILABLE', 'node-a does not answer')) },
    })
    await addStream(database.db, failing.projectId, { name: 'still told' })
    const answer = await failing.query('{ streams { nodes { name state process { pid } } } }')
    expect(answer.data).toEqual({ streams: { nodes: [{ name: 'still told', state: 'STOPPED', process: null }] } })
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' }, message: 'node-a does not answer' }])
    expect(failing.logged).toEqual([])
  })

  test('a database that fails is INTERNAL and tells nothing of itself', async () => {
    const broken = await createTestApi(database)
    const db = { query: { streams: { findMany: () => Promise.reject(new Error('password=hunter2')) } } }
    Object.assign(broken.deps, { db })
    const answer = await broken.query('{ streams { nodes { id } } viewer { scopes } }')
    expect(answer.data).toEqual({ streams: null, viewer: { scopes: ['READ', 'WRITE'] } })
    expect(answer.errors).toMatchObject([{ path: ['streams'], extensions: { code: 'INTERNAL' } }])
    expect(JSON.stringify(answer)).not.toContain('hunter2')
  })

  test('limits carry what was needed and what there was', async () => {
    const limited = await createTestApi(database, {
      playback: () => {
        throw new WeirError('CAPACITY_EXCEEDED', 'full', { needed: 3, available: 1, retryAfterSeconds: 5 })
      },
    })
    await addStream(database.db, limited.projectId)
    const answer = await limited.query('{ streams { nodes { playback { hlsUrl } } } }')
    expect(answer.errors[0]?.extensions).toEqual({
      code: 'CAPACITY_EXCEEDED',
      needed: 3,
      available: 1,
      retryAfterSeconds: 5,
    })
    expect(Object.keys(errorTable)).toContain(answer.errors[0]?.extensions.code)
    expect(badInput('a.b', 'no').details.fields).toEqual([{ path: 'a.b', message: 'no' }])
  })
})

describe('scalars', () => {
  test('BigInt and DateTime are plain JSON; what is not measured is null, never 0', async () => {
    const stream = await addStream(database.db, api.projectId, { stateSince: new Date('2026-02-03T04:05:06.789Z') })
    const figures = figuresOf(stream.id)
    api.figures.set(stream.id, figures)
    const query = `{ streams { nodes { stateSince uptimeSeconds process { memoryBytes bitrateBps droppedFrames cpuPercent } } } }`
    expect((await api.query(query)).data).toEqual({
      streams: {
        nodes: [
          {
            stateSince: '2026-02-03T04:05:06.789Z',
            uptimeSeconds: null,
            process: { memoryBytes: 3_000_000_000, bitrateBps: 1_234_568, droppedFrames: null, cpuPercent: 12.5 },
          },
        ],
      },
    })
    api.figures.clear()
    expect(JSON.stringify((await api.query(query)).data)).toContain(
      '"process":{"memoryBytes":null,"bitrateBps":null,"droppedFrames":null,"cpuPercent":null}',
    )
    figures.process!.frames = 2 ** 53
    api.figures.set(stream.id, figures)
    const tooLarge = await api.query('{ streams { nodes { process { frames pid } } } }')
    expect(tooLarge.data).toMatchObject({ streams: { nodes: [{ process: { frames: null, pid: 4711 } }] } })
    expect(tooLarge.errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }])
  })
})

describe('what a page of another origin could send', () => {
  const startBody = 'mutation { deleteStream(id: "stream_01h455vb4pex5vsknk084sn02q") { id } }'

  test.each([
    ['application/x-www-form-urlencoded', `query=${encodeURIComponent(startBody)}`],
    [
      'multipart/form-data; boundary=x',
      `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query: startBody })}\r\n--x--`,
    ],
    ['text/plain', JSON.stringify({ query: startBody })],
    ['application/graphql', startBody],
    ['', startBody],
  ])('a form or text (%s) is refused with 415', async (type, body) => {
    const response = await post(body, { 'content-type': type })
    expect(response.status).toBe(415)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
  })

  test('a mutation by GET is refused, a query is not', async () => {
    const refused = await send({ method: 'GET' }, `/graphql?query=${encodeURIComponent(startBody)}`)
    expect(refused.status).toBe(405)
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
    const answered = await send({ method: 'GET' }, '/graphql?query={viewer{scopes}}')
    expect(await answered.json()).toEqual({ data: { viewer: { scopes: ['READ', 'WRITE'] } } })
  })
})

describe('bounds', () => {
  test('a body of more than 1 MB is refused', async () => {
    const response = await post({ query: '{ viewer { scopes } }', variables: { padding: 'x'.repeat(1_000_001) } })
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
  })

  test('a document of more than 5000 tokens is refused before it is validated', async () => {
    const answer = await api.query(`{ ${'viewer { scopes } '.repeat(2000)} }`)
    expect(answer.errors).toMatchObject([{ extensions: { code: 'TOO_COMPLEX', available: 5000 } }])
    expect(answer.errors[0]!.message).toMatch(/tokens/)
  })

  test('a batch of operations is refused', async () => {
    const response = await post([{ query: '{ viewer { scopes } }' }, { query: '{ viewer { scopes } }' }])
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
  })
})

test('GraphiQL is there in development only', async () => {
  const browser = { method: 'GET', headers: { accept: 'text/html' } }
  expect(await (await send(browser)).text()).not.toContain('GraphiQL')
  const development = await createTestApi(database, { development: true, renderGraphiql: createGraphiqlPage().render })
  const page = await (await send(browser, '/graphql', development)).text()
  expect(page).toContain('renderYogaGraphiQL')
  // It works offline: nothing of it comes from elsewhere.
  expect(page).not.toMatch(/<(?:script|link|img)[^>]+(?:src|href)=["']?https?:/)
})
