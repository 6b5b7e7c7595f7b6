import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { schema } from '../../schema/index.ts'
import type { ConsumerService } from '../../src/consumers/types.ts'
import { createSessionBook } from '../../src/heartbeats/book.ts'
import { createHeartbeats } from '../../src/heartbeats/service.ts'
import { createHeartbeatStore } from '../../src/heartbeats/store.ts'
import { createSessionTokens } from '../../src/heartbeats/tokens.ts'
import type { SessionBook } from '../../src/heartbeats/types.ts'
import { corsMiddleware } from '../../src/http/cors.ts'
import { createGraphql } from '../../src/http/graphql.ts'
import { graphqlRoutes } from '../../src/http/graphql-route.ts'
import { createGraphqlWebSocket } from '../../src/http/graphql-ws.ts'
import { heartbeatConnections } from '../../src/http/heartbeat-connections.ts'
import { heartbeatMessages } from '../../src/http/heartbeat-messages.ts'
import { heartbeatPlans } from '../../src/http/heartbeat-plan.ts'
import { heartbeatRequests } from '../../src/http/heartbeat-requests.ts'
import { createJudgeOrigin } from '../../src/http/origins.ts'
import { type HttpServer, startServer } from '../../src/http/server.ts'
import { newId } from '../../src/ids.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import type { ApiRequest } from '../../src/platform/metrics/api-metrics.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { openTestPglite, type TestDatabase } from '../support/databases.ts'
import { exchange, type Piece } from '../support/raw-exchange.ts'
import { addStream } from '../support/rows.ts'
import { addConsumer } from '../support/sessions.ts'

/** Every origin but one of the two that the tests send. */
const judgeOrigin = createJudgeOrigin({ publicUrl: null, corsOrigins: ['https://player.example'], isProduction: true })
/** One moment for all answers. */
const now = 1_800_000_000_123
const lifeMs = 600_000

let database: TestDatabase
let api: TestApi
let book: SessionBook
let fast: HttpServer
let slow: HttpServer
/** Reads connections itself. */
let first: HttpServer
let fastSockets: string
let slowSockets: string
const closing: (() => unknown)[] = []
/** Operations that the metrics were told of, by who answered. */
const observed = { fast: [] as ApiRequest[], slow: [] as ApiRequest[] }
/** How often Yoga was asked by the server with the fast path. */
let passed = 0
let tokens: Record<string, string | null>
let ids: Record<string, string>

beforeAll(async () => {
  database = await openTestPglite()
  const { db } = database
  api = await createTestApi(database, { now: () => now, newRequestId: () => 'request-1' })
  const stream = await addStream(db, api.projectId)
  const open = await addConsumer(db, stream)
  const closed = await addConsumer(db, stream, { state: 'CLOSED', closeReason: 'FORCED', closeMessage: 'Ende "gut"\n' })
  ids = {
    open: open.id,
    closed: closed.id,
    unknown: newId('Consumer'),
    stream: stream.id,
    number: '7',
    empty: '',
    quoted: `${open.id}"`,
  }
  const claims = { streamId: stream.id, projectId: api.projectId, expiresAt: now + lifeMs }
  const make = (consumerId: string, values: Partial<typeof claims> = {}) =>
    api.sessionTokens.make({ ...claims, consumerId, ...values })
  tokens = {
    own: make(open.id),
    due: make(open.id, { expiresAt: now + 1000 }),
    closed: make(closed.id),
    unknown: make(ids.unknown!),
    expired: make(open.id, { expiresAt: now }),
    otherProject: make(open.id, { projectId: newId('Project') }),
    forged: createSessionTokens(() => 'x'.repeat(43)).make({ ...claims, consumerId: open.id }),
    play: api.key('PLAY'),
    read: api.key('READ'),
    write: api.key('WRITE'),
    bad: 'no-such-key',
    none: null,
  }
  book = createSessionBook({
    store: createHeartbeatStore(db),
    bus: api.deps.bus,
    logger: silentLogger,
    now: () => performance.now(),
  })
  const heartbeats = createHeartbeats({
    book,
    tokens: api.sessionTokens,
    intervalMs: 30_000,
    tokenLifeMs: lifeMs,
    count: () => {},
    now: () => now,
  })
  const services = { ...api.deps.services, consumers: heartbeats as ConsumerService }
  const deps = { ...api.deps, services }
  const slowDeps = { ...deps, observe: (request: ApiRequest) => observed.slow.push(request) }
  const fastDeps = {
    ...deps,
    observe: (request: ApiRequest) => observed.fast.push(request),
    authenticate: deps.authenticate,
    heartbeats,
    findPlan: heartbeatPlans(schema),
    judgeOrigin,
  }
  const slowGraphql = createGraphql(slowDeps)
  const fastGraphql = createGraphql(fastDeps)
  const watched = {
    fetch(...args: Parameters<typeof fastGraphql.fetch>) {
      passed += 1
      return fastGraphql.fetch(...args)
    },
  }
  const doors = [corsMiddleware(judgeOrigin)]
  const common = { host: '127.0.0.1', port: 0, logger: silentLogger, newRequestId: () => 'request-1', doors }
  slow = await startServer({ ...common, routes: [graphqlRoutes(slowGraphql)] })
  fast = await startServer({
    ...common,
    routes: [graphqlRoutes(watched as typeof fastGraphql)],
    lookAt: heartbeatRequests(fastDeps),
  })
  first = await startServer({
    ...common,
    routes: [graphqlRoutes(watched as typeof fastGraphql)],
    readFirst: heartbeatConnections(fastDeps),
  })
  closing.push(
    () => slow.close(),
    () => fast.close(),
    () => first.close(),
  )
  const serve = async (sockets: ReturnType<typeof createGraphqlWebSocket>) => {
    const server = createServer().on('upgrade', sockets.handleUpgrade)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    closing.push(async () => {
      await sockets.close()
      server.close()
    })
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
  }
  slowSockets = await serve(createGraphqlWebSocket(slowGraphql, slowDeps))
  fastSockets = await serve(createGraphqlWebSocket(fastGraphql, fastDeps, heartbeatMessages(fastDeps)))
})

afterAll(async () => {
  for (const close of closing) await close()
  await book.stop()
  await database.close()
})

const plain = 'mutation ($id: ID!) { recordHeartbeat(consumerId: $id) { accepted } }'

/** Everything that a client may put into one request, from what is plain to what is nonsense. */
const leaf = fc.constantFrom(
  'accepted',
  'consumerId',
  'refusal',
  'closeReason',
  'closeMessage',
  'at',
  'nextBefore',
  'token',
  '__typename',
  'alias: at',
  'alias: token',
  'accepted: accepted',
  'nonsense',
  'at @include(if: false)',
  '... on Heartbeat { at }',
  '... { accepted }',
  'at { nonsense }',
)
const selection = fc.array(leaf, { minLength: 0, maxLength: 6 }).map((fields) => `{ ${fields.join(' ')} }`)
const goodLeaves = leaf.filter((text) => /^(alias: )?\w+$/.test(text) && text !== 'nonsense')
const goodSelection = fc
  .uniqueArray(goodLeaves, { minLength: 1, maxLength: 6, selector: (text) => text.split(':')[0] })
  .map((fields) => `{ ${fields.join(' ')} }`)
const heading = fc.constantFrom('mutation', 'mutation Beat', 'query', 'subscription', 'mutation @skip(if: true)')
const declared = fc.constantFrom(
  '($id: ID!, $stats: PlayerStatsInput)',
  '($id: ID!, $stats: PlayerStatsInput = { freezeCount: 1 })',
  '($stats: PlayerStatsInput, $id: ID!)',
  '($id: String!, $stats: PlayerStatsInput)',
  '($id: ID, $stats: PlayerStatsInput)',
  '($id: ID!, $stats: PlayerStatsInput!)',
  '($id: ID! = "x", $stats: PlayerStatsInput)',
)
const called = fc.constantFrom(
  'recordHeartbeat(consumerId: $id, stats: $stats)',
  'beat: recordHeartbeat(stats: $stats, consumerId: $id)',
  'recordHeartbeat(consumerId: $id, stats: { framesDecoded: 3 })',
  'recordHeartbeat(consumerId: $id, consumerId: $id)',
  'recordHeartbeat(stats: $stats)',
  'recordHeartbeat(consumerId: $id, stats: $stats, other: 1)',
  'recordHeartbeat(consumerId: $id, stats: $stats) @include(if: true)',
)
const document = fc.oneof(
  {
    weight: 4,
    arbitrary: goodSelection.map(
      (fields) =>
        `mutation Beat($id: ID!, $stats: PlayerStatsInput) { beat: recordHeartbeat(consumerId: $id, stats: $stats) ${fields} }`,
    ),
  },
  {
    weight: 2,
    arbitrary: goodSelection.map((fields) => `mutation ($id: ID!) { recordHeartbeat(consumerId: $id) ${fields} }`),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(heading, declared, called, selection).map(([a, b, c, d]) => `${a}${b} { ${c} ${d} }`),
  },
  fc
    .tuple(called, called, goodSelection)
    .map(
      ([one, other, fields]) =>
        `mutation ($id: ID!, $stats: PlayerStatsInput) { ${one} ${fields} second: ${other.replace('beat: ', '')} ${fields} }`,
    ),
  goodSelection.map(
    (fields) => `mutation ($list: [HeartbeatInput!]!) { recordHeartbeats(heartbeats: $list) ${fields} }`,
  ),
  goodSelection.map(
    (fields) => `mutation Beat($id: ID!) { recordHeartbeat(consumerId: $id) ${fields} } query Other { __typename }`,
  ),
  goodSelection.map(
    (fields) => `mutation ($id: ID!) { recordHeartbeat(consumerId: $id) { ...f } } fragment f on Heartbeat ${fields}`,
  ),
  fc.constantFrom(
    plain,
    `# recordHeartbeat\n{ __typename }`,
    'mutation { recordHeartbeat',
    '',
    `${plain} `,
    plain.replace('$id)', '"x")'),
  ),
)

const someId = fc.constantFrom('open', 'open', 'open', 'closed', 'unknown', 'stream', 'number', 'empty', 'quoted')
const idValue = fc.oneof(
  { weight: 8, arbitrary: someId.map((name) => ({ name })) },
  fc.constantFrom<unknown>(7, null, 1.5, [], {}, true, undefined),
)
const number = fc.constantFrom<unknown>(0, 1, 25, 1.5, -1, -0, 2 ** 31, 2 ** 53, 2 ** 53 - 1, '5', null, true, [], [1])
const stats = fc.oneof(
  fc.record(
    {
      framesDecoded: number,
      framesDropped: number,
      freezeCount: number,
      jitterMs: number,
      roundTripMs: number,
      bitrateBps: number,
    },
    { requiredKeys: [] },
  ),
  fc.record({ framesDecoded: fc.nat(), jitterMs: fc.double({ noNaN: true, min: 0, max: 1e6 }) }),
  fc.constantFrom<unknown>(null, undefined, [], [{}], 5, 'x', { other: 1 }, {}),
)
const list = fc.oneof(
  fc.array(fc.record({ consumerId: idValue, stats }, { requiredKeys: ['consumerId'] }), { maxLength: 3 }),
  fc.constantFrom<unknown>(null, {}, [null], [{ consumerId: { name: 'open' }, more: 1 }]),
)
const variables = fc.oneof(
  { weight: 10, arbitrary: fc.record({ id: idValue, stats, list }, { requiredKeys: [] }) },
  {
    weight: 5,
    arbitrary: fc.record({
      id: someId.map((name) => ({ name })),
      list: fc.array(fc.record({ consumerId: someId.map((name) => ({ name })) })),
    }),
  },
  fc.constantFrom<unknown>(null, undefined, [], 'x', 3),
)
const operationName = fc.constantFrom<unknown>(undefined, undefined, undefined, null, 'Beat', 'Beat', 'Other', '', 5)
const more = fc.constantFrom<object>(
  {},
  {},
  {},
  {},
  { extensions: {} },
  { extensions: null },
  { other: 1 },
  { other: null },
)
const params = fc
  .record({ query: document, variables, operationName, more })
  .map(({ more, ...rest }) => ({ ...rest, ...more }))
const who = fc.constantFrom(
  ...[
    'own',
    'own',
    'own',
    'due',
    'closed',
    'unknown',
    'expired',
    'otherProject',
    'forged',
    'play',
    'read',
    'write',
    'bad',
    'none',
  ],
)

/** What good players and gateways send: most of it is answered without Yoga. */
const good = fc.record({
  who: fc.constantFrom('own', 'own', 'due', 'closed', 'unknown', 'otherProject', 'play', 'write'),
  sent: fc.record({
    query: fc.oneof(
      goodSelection.map(
        (fields) =>
          `mutation Beat($id: ID!, $stats: PlayerStatsInput) { b: recordHeartbeat(stats: $stats, consumerId: $id) ${fields} }`,
      ),
      goodSelection.map((fields) => `mutation ($id: ID!) { recordHeartbeat(consumerId: $id) ${fields} }`),
      goodSelection.map(
        (fields) => `mutation Beat($list: [HeartbeatInput!]!) { recordHeartbeats(heartbeats: $list) ${fields} }`,
      ),
    ),
    variables: fc.record({
      id: fc.constantFrom('open', 'open', 'closed', 'unknown').map((name) => ({ name })),
      stats: fc.option(
        fc.record({
          framesDecoded: fc.nat(),
          freezeCount: fc.nat(9),
          jitterMs: fc.double({ noNaN: true, min: 0, max: 1e6 }),
        }),
      ),
      list: fc.array(fc.record({ consumerId: fc.constantFrom('open', 'closed', 'unknown').map((name) => ({ name })) })),
    }),
  }),
})
const any = fc.oneof({ weight: 2, arbitrary: good }, { weight: 3, arbitrary: fc.record({ who, sent: params }) })

/** Names of sessions become their ids, which are not known before the tests run. */
function filled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filled)
  if (typeof value !== 'object' || value === null) return value
  const { name } = value as { name?: string }
  if (name !== undefined) return ids[name]
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner)]))
}

function requestText(headers: string[], body: string, connection: string | null = 'close'): string {
  const length = Buffer.byteLength(body)
  const head = ['POST /graphql HTTP/1.1', 'Host: weir.test', ...headers, `Content-Length: ${length}`]
  if (connection !== null) head.push(`Connection: ${connection}`)
  return `${head.join('\r\n')}\r\n\r\n${body}`
}

/** What the metrics were told since the last time, without how long it took. */
function told(who: keyof typeof observed) {
  return observed[who].splice(0).map(({ seconds: _, ...request }) => request)
}

async function bothByHttp(headers: string[], body: string): Promise<{ answer: string; isFast: boolean }> {
  const before = passed
  const request = [{ parts: [requestText(headers, body)], requests: 1 }]
  const [expected, answer] = await Promise.all([exchange(slow, request), exchange(fast, request)])
  expect(answer).toBe(expected)
  expect(told('fast')).toEqual(told('slow'))
  return { answer, isFast: passed === before }
}

describe('heartbeats over HTTP without Yoga', () => {
  it('are answered as Yoga answers them, byte for byte, whatever is sent', async () => {
    let fastOnes = 0
    const header = fc.constantFrom<string[]>(
      ...[[], [], [], ['Accept: */*'], ['Accept: application/json'], ['Accept: application/graphql-response+json']],
      ...[
        ['Accept: application/graphql-response+json, application/json'],
        ['Accept: text/html'],
        ['Accept: application/json, multipart/mixed'],
      ],
      ...[
        ['Origin: https://player.example'],
        ['Origin: https://other.example'],
        ['Origin: null'],
        ['X-Request-Id: mine'],
        ['X-Request-Id: not mine'],
      ],
      ...[['Access-Control-Request-Headers: x'], ['Content-Encoding: gzip'], ['Content-Type: application/json']],
    )
    const type = fc.constantFrom(
      ...Array(6).fill('application/json'),
      'application/json; charset=utf-8',
      'text/plain',
      'application/graphql+json',
    )
    await fc.assert(
      fc.asyncProperty(any, header, type, async ({ sent, who: name }, extra, contentType) => {
        const key = tokens[name]
        const headers = [
          `Content-Type: ${contentType}`,
          ...extra,
          ...(key === null ? [] : [`Authorization: Bearer ${key}`]),
        ]
        const { isFast } = await bothByHttp(headers, JSON.stringify(filled(sent)) ?? '')
        if (isFast) fastOnes += 1
      }),
      { numRuns: 250 },
    )
    // Else nothing would have been compared.
    expect(fastOnes).toBeGreaterThan(20)
  })

  const json = 'Content-Type: application/json'

  it('take the fast path where they are plain: the answer has what it should', async () => {
    const body = JSON.stringify({
      query: plain.replace('accepted', 'accepted at nextBefore token refusal'),
      variables: { id: ids.open },
    })
    const { answer, isFast } = await bothByHttp([json, `Authorization: Bearer ${tokens.own}`], body)
    expect(isFast).toBe(true)
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/)
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toEqual({
      data: {
        recordHeartbeat: {
          accepted: true,
          at: new Date(now).toISOString(),
          nextBefore: new Date(now + 30_000).toISOString(),
          token: null,
          refusal: null,
        },
      },
    })
  })

  it('bring a new token that is good', async () => {
    const body = JSON.stringify({ query: plain.replace('accepted', 'token'), variables: { id: ids.open } })
    const { answer, isFast } = await bothByHttp([json, `Authorization: Bearer ${tokens.due}`], body)
    expect(isFast).toBe(true)
    const { token } = JSON.parse(answer.split('\r\n\r\n')[1]!).data.recordHeartbeat
    expect(api.sessionTokens.read(token, now)).toMatchObject({ consumerId: ids.open, expiresAt: now + lifeMs })
  })

  it('say of a closed session why, and of a token that is no good nothing else', async () => {
    const body = JSON.stringify({
      query: plain.replace('accepted', 'refusal closeReason closeMessage'),
      variables: { id: ids.closed },
    })
    const closed = await bothByHttp([json, `Authorization: Bearer ${tokens.closed}`], body)
    expect(closed.isFast).toBe(true)
    expect(JSON.parse(closed.answer.split('\r\n\r\n')[1]!).data.recordHeartbeat).toEqual({
      refusal: 'CLOSED',
      closeReason: 'FORCED',
      closeMessage: 'Ende "gut"\n',
    })
    for (const name of ['expired', 'forged', 'bad', 'none']) {
      const headers = tokens[name] === null ? [json] : [json, `Authorization: Bearer ${tokens[name]}`]
      expect((await bothByHttp(headers, body)).answer).toContain('UNAUTHENTICATED')
    }
  })

  it.each([
    ['two keys', [json, 'Authorization: Bearer x', 'Authorization: Bearer y'], plain],
    ['no JSON', [json], '{"query":'],
    ['a byte order mark', [json], `\uFEFF{"query":"${plain}"}`],
    ['an array', [json], `[{"query":"${plain}"}]`],
    ['null', [json], 'null'],
  ])('leave to Yoga %s', async (_, headers, body) => {
    expect((await bothByHttp(headers, body)).isFast).toBe(false)
  })

  it('are refused where the body is too large', async () => {
    const body = JSON.stringify({ query: plain, variables: { id: 'x'.repeat(1_100_000) } })
    expect((await bothByHttp([json], body)).answer).toMatch(/^HTTP\/1.1 400/)
  })
})

/** What players' HTTP clients send besides, and what may not be read in two ways. */
const harmless = fc.constantFrom<string[]>(
  [],
  [],
  [],
  ['Accept: application/json'],
  ['Accept: */*', 'User-Agent: player/1.0 (x; y)', 'Accept-Encoding: gzip, deflate, br'],
  ['Origin: https://player.example', 'Sec-Fetch-Mode: cors', 'sec-ch-ua: "Not;A=Brand";v="8"'],
  ['accept: application/graphql-response+json', 'X-Request-Id: mine'],
)
const doubtful = fc.constantFrom<string[]>(
  ['Accept: text/html'],
  ['Accept: */*', 'Accept: application/json'],
  ['Origin: null'],
  ['X-Request-Id: not mine'],
  ['Content-Type: application/json'],
  ['Access-Control-Request-Headers: x'],
  ['Content-Encoding: gzip'],
  ['Host: other.test'],
  ['Content-Length: 5'],
  ['Transfer-Encoding: chunked'],
  ['Transfer-Encoding : chunked'],
  ['Transfer-Encoding:\tchunked'],
  ['X: a\r\n folded'],
  ['X: a\nY: b'],
  ['X: a\rY: b'],
  ['X : a'],
  ['X:a'],
  ['X:  a'],
  ['X: a '],
  ['X:'],
  ['X: \u00e9'],
  ['no colon'],
  [': nameless'],
  ['Expect: 100-continue'],
  ['Upgrade: h2c'],
  ['Connection: close'],
)
/** How a client sends a request: in one piece, in two, or together with the next one. */
const wire = fc.constantFrom(...Array(6).fill('whole'), 'in parts', 'with another')

describe('heartbeats over HTTP without node:http', () => {
  const json = 'Content-Type: application/json'
  const heartbeat = fc.record({
    sent: good,
    headers: fc.oneof({ weight: 6, arbitrary: harmless }, doubtful),
    connection: fc.constantFrom(null, null, 'keep-alive', 'Keep-Alive', 'close'),
    change: fc.constantFrom<(text: string) => string>(
      ...Array(12).fill((text: string) => text),
      (text) => text.replace('POST', 'GET'),
      (text) => text.replace('/graphql', '/graphql?a=1'),
      (text) => text.replace('/graphql', '/health'),
      (text) => text.replace('HTTP/1.1', 'HTTP/1.0'),
      (text) => text.replace('POST ', 'POST  '),
      (text) => text.replace('Content-Length: ', 'Content-Length: +'),
      (text) => text.replace('Content-Length: ', 'Content-Length: 0'),
      (text) => `\r\n${text}`,
      (text) => text.replace('mutation', 'mutati\u00f6n'),
    ),
  })

  it('are answered over one connection as Yoga answers them, byte for byte, whatever is sent and however it is cut', async () => {
    let ownOnes = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(heartbeat, wire), { minLength: 1, maxLength: 3 }), async (list) => {
        const pieces = list.map(([{ sent, headers, connection, change }, cut]): Piece => {
          const who = [json, `Authorization: Bearer ${tokens[sent.who]}`]
          const body = JSON.stringify(filled(sent.sent))
          // What follows upon a request that ends its connection may be refused before that is answered, or after: then it is alone.
          if (cut === 'with another')
            return { parts: [requestText(who, body, null) + requestText([json], '{}', null)], requests: 2 }
          const text = change(requestText([...who, ...headers], body, connection))
          const half = text.length >> 1
          return { parts: cut === 'whole' ? [text] : [text.slice(0, half), text.slice(half)], requests: 1 }
        })
        // The last one asks for the end, should none before have done so.
        pieces.push({ parts: [requestText([json], '{}')], requests: 1 })
        const before = passed
        const [expected, answer] = await Promise.all([exchange(slow, pieces), exchange(first, pieces)])
        expect(answer).toBe(expected)
        expect(told('fast')).toEqual(told('slow'))
        // All but the last one.
        if (passed === before + 1) ownOnes += list.length
      }),
      { numRuns: 150 },
    )
    // Else nothing would have been compared.
    expect(ownOnes).toBeGreaterThan(20)
  })
})

/** One operation by a socket of its own: all frames until it is over. */
async function operate(url: string, key: string | null, frames: string[]): Promise<string[]> {
  const socket = new WebSocket(url, 'graphql-transport-ws')
  const received: string[] = []
  const over = Promise.withResolvers<void>()
  socket.on('message', (data) => {
    const text = String(data)
    received.push(text)
    if (text.includes('connection_ack')) for (const frame of frames) socket.send(frame)
    if (/"type":"(complete|error)"/.test(text)) over.resolve()
  })
  socket.on('close', (code) => {
    received.push(`closed ${code}`)
    over.resolve()
  })
  await once(socket, 'open')
  socket.send(
    JSON.stringify({ type: 'connection_init', payload: key === null ? {} : { authorization: `Bearer ${key}` } }),
  )
  await over.promise
  const answers = [...received]
  socket.terminate()
  return answers
}

describe('heartbeats over WebSocket without Yoga', () => {
  it('are answered as graphql-ws and Yoga answer them, frame for frame, whatever is sent', async () => {
    const id = fc.constantFrom<unknown>('1', '1', '1', 'a "b"', '__proto__', '', 5)
    await fc.assert(
      fc.asyncProperty(any, id, async ({ sent, who: name }, id) => {
        const frame = JSON.stringify({ id, type: 'subscribe', payload: filled(sent) })
        const [theirs, ours] = await Promise.all([
          operate(slowSockets, tokens[name]!, [frame]),
          operate(fastSockets, tokens[name]!, [frame]),
        ])
        expect(ours).toEqual(theirs)
        const [told, asTold] = [observed.fast.splice(0), observed.slow.splice(0)].map((requests) =>
          requests.map(({ seconds: _, ...request }) => request),
        )
        expect(told).toEqual(asTold)
      }),
      { numRuns: 200 },
    )
  })

  it('go on with the new token that a heartbeat brought', async () => {
    const query = plain.replace('accepted', 'token')
    const frame = (id: string) =>
      JSON.stringify({ id, type: 'subscribe', payload: { query, variables: { id: ids.open } } })
    for (const url of [fastSockets, slowSockets]) {
      const socket = new WebSocket(url, 'graphql-transport-ws')
      const answers: string[] = []
      const over = Promise.withResolvers<void>()
      socket.on('message', (data) => {
        const text = String(data)
        if (text.includes('"next"')) answers.push(text)
        if (/connection_ack|complete/.test(text)) {
          if (answers.length === 2) over.resolve()
          else socket.send(frame(String(answers.length)))
        }
      })
      await once(socket, 'open')
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${tokens.due}` } }))
      await over.promise
      expect(answers[0]).toContain('weir_s_')
      expect(answers[1]).toContain('"token":null')
      socket.terminate()
    }
  })

  it('leave in one write, next and complete together', async () => {
    const socket = new WebSocket(fastSockets, 'graphql-transport-ws')
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${tokens.own}` } }))
    await once(socket, 'message')
    const reads: Buffer[] = []
    const raw = (socket as unknown as { _socket: NodeJS.EventEmitter })._socket
    raw.on('data', (chunk: Buffer) => reads.push(chunk))
    const complete = Promise.withResolvers<void>()
    socket.on('message', (data) => String(data).includes('"complete"') && complete.resolve())
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: plain, variables: { id: ids.open } } }))
    await complete.promise
    socket.terminate()
    expect(reads).toHaveLength(1)
  })
})
