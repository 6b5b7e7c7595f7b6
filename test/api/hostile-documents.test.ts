import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorTable } from '../../src/errors.ts'
import { type ApiError, createTestApi, type TestApi } from '../support/api.ts'
import { serveTestApi, type TestApiServer } from '../support/api-server.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { hostileDocuments } from '../support/hostile-documents.ts'
import { type Send, sendings } from '../support/send-everywhere.ts'

let database: TestDatabase
let api: TestApi
let server: TestApiServer
let everywhere: Record<'HTTP' | 'SSE' | 'WebSocket', Send>

beforeAll(async () => {
  database = await openTestDatabase()
  api = await createTestApi(database)
  server = await serveTestApi(api)
  everywhere = sendings(api, server)
})
afterAll(async () => {
  await server.close()
  await database.close()
})

/** Of our table, short, few, and nothing of the inside. */
function expectTyped(errors: ApiError[]) {
  expect(errors.length).toBeLessThan(25)
  for (const { message, extensions } of errors) {
    expect(Object.keys(errorTable)).toContain(extensions.code)
    expect(extensions.code, message).not.toBe('INTERNAL')
    expect(message.length).toBeLessThan(1200)
    expect(message).not.toMatch(/did you mean|node_modules|\.ts:\d|\.js:\d|RangeError|call stack|select "|insert into/i)
  }
  expect(api.logged).toEqual([])
}

test('there are more than 40', () => expect(hostileDocuments.length).toBeGreaterThan(60))

describe.each(hostileDocuments)('%s', (_, sent) => {
  test('is answered with little work, and alike everywhere', async () => {
    const { result, statements } = await database.countStatements(() => everywhere.HTTP(sent))
    expectTyped(result)
    // What is not refused reads next to nothing; a mutation's refusal is written down.
    expect(statements.length).toBeLessThan(5)
    // Which of two reasons is told first may differ: Yoga looks for the operation before anything is validated.
    const verdict = (errors: ApiError[]) => (errors.length > 0 ? 'refused' : 'answered')
    expect(verdict(await everywhere.SSE(sent))).toEqual(verdict(result))
    // A socket's message is smaller: one that is larger ends it.
    if (JSON.stringify(sent).length < 65_000) expect(verdict(await everywhere.WebSocket(sent))).toEqual(verdict(result))
  })
})

describe('whatever is sent', () => {
  const words = fc.constantFrom(
    ...[
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      '...',
      ':',
      '!',
      '=',
      '|',
      '&',
      '$',
      '@',
      ',',
      '"',
      '"""',
      '#',
      '\n',
      '\\',
      '-',
      '.',
    ],
    ...['query', 'mutation', 'subscription', 'fragment', 'on', 'true', 'null', '__schema', '__type', '__typename', 'a'],
    ...[
      'streams',
      'stream',
      'node',
      'nodes',
      'viewer',
      'scopes',
      'Stream',
      'Query',
      'id',
      'first',
      'filter',
      '$a',
      '@skip(if: true)',
    ],
    ...['1', '-1', '1e400', '99999999999', '"x"', '\u0000', '\uD800', 'ü', '\uFEFF'],
  )
  const balanced = fc.letrec<{ selection: string }>((tie) => ({
    selection: fc
      .array(
        fc.oneof(
          { depthSize: 'small', withCrossShrink: true },
          fc.constantFrom('id', 'name', '__typename', 'state', 'totalCount', 'a: id', '...f', 'scopes'),
          fc
            .tuple(
              fc.constantFrom(
                'streams',
                'nodes',
                'viewer',
                'stream(id: $a)',
                'node(id: "x")',
                'producers(first: $n)',
                '... on Stream',
                '...',
              ),
              tie('selection'),
            )
            .map(([field, inner]) => `${field} ${inner}`),
        ),
        { minLength: 1, maxLength: 5 },
      )
      .map((parts) => `{ ${parts.join(' ')} }`),
  })).selection
  const query = fc.oneof(
    fc.array(words, { maxLength: 60 }).map((parts) => parts.join(' ')),
    fc.string({ unit: 'binary', maxLength: 80 }),
    balanced,
    fc
      .tuple(balanced, balanced)
      .map(([one, other]) => `query ($a: ID = "x", $n: Int) ${one} fragment f on Stream ${other}`),
  )
  const json = fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom('x', 1, [], {}, null))
  const sent = fc.record(
    {
      query,
      operationName: fc.string({ maxLength: 10 }),
      variables: fc.dictionary(fc.constantFrom('a', 'n', 'f', '__proto__', 'x'), json),
    },
    { requiredKeys: ['query'] },
  )

  test('over HTTP: typed errors alone', async () => {
    await fc.assert(
      fc.asyncProperty(sent, async (sent) => {
        expectTyped(await everywhere.HTTP(sent as never))
      }),
      { numRuns: 1500 },
    )
  }, 120_000)

  test('as a body that is no operation: typed errors alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string({ unit: 'binary' }),
          fc.constantFrom('[]', 'null', '{"query":{}}', '[{"query":"{a}"}]'),
        ),
        async (body) => {
          const response = await api.graphql.fetch('http://weir.test/graphql', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body,
          })
          expect(response.status).toBeLessThan(500)
          expectTyped(((await response.json()) as { errors: ApiError[] }).errors)
        },
      ),
      { numRuns: 500 },
    )
  }, 120_000)

  test('over WebSocket, as messages: typed errors, or that socket ends', async () => {
    const message = fc.oneof(
      sent.map((payload) => ({ id: '1', type: 'subscribe', payload })),
      fc.record(
        {
          type: fc.constantFrom('subscribe', 'complete', 'ping', 'pong', 'connection_init', 'next', 'x'),
          id: fc.oneof(fc.string(), fc.integer()),
          payload: json,
        },
        { requiredKeys: [] },
      ),
      json,
    )
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 5 }), fc.boolean(), async (messages, saysHello) => {
        const socket = server.socket()
        const frames: { type: string; payload?: unknown }[] = []
        const closed = new Promise<number>((resolve) => socket.once('close', resolve))
        socket.on('message', (text) => frames.push(JSON.parse(String(text))))
        await new Promise((resolve) => socket.once('open', resolve))
        if (saysHello) socket.send('{"type":"connection_init"}')
        for (const message of messages) socket.send(JSON.stringify(message))
        socket.close(1000)
        expect([1000, 1005, 4400, 4401, 4409, 4429]).toContain(await closed)
        for (const { type, payload } of frames) {
          if (type === 'error') expectTyped(payload as ApiError[])
          if (type === 'next') expectTyped((payload as { errors?: ApiError[] }).errors ?? [])
        }
        expect(api.logged).toEqual([])
      }),
      { numRuns: 400 },
    )
  }, 120_000)

  test('over WebSocket, as bytes: no other socket is hurt', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        const socket = server.socket()
        socket.on('error', () => {})
        const closed = new Promise((resolve) => socket.once('close', resolve))
        await new Promise((resolve) => socket.once('open', resolve))
        const { _socket: line } = socket as unknown as { _socket: import('node:net').Socket }
        line.end(Buffer.from(bytes))
        await closed
      }),
      { numRuns: 400 },
    )
    expect(await everywhere.WebSocket({ query: '{ viewer { scopes } }' })).toEqual([])
    expect(api.logged).toEqual([])
  }, 120_000)
})
