import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ExecutionArgs, GraphQLError } from 'graphql'
import { type Client, createClient } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import { createSchema, createYoga, type Plugin } from 'graphql-yoga'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { WeirError } from '../../src/errors.ts'
import { useGraphqlMetrics } from '../../src/http/graphql-metrics.ts'
import type { ApiRequest } from '../../src/platform/metrics/api-metrics.ts'

const seen: ApiRequest[] = []
let clock = 0

const yoga = createYoga({
  logging: false,
  plugins: [useGraphqlMetrics({ observe: (request) => seen.push(request), now: () => clock })] as Plugin[],
  context: ({ params }) => {
    if (params?.operationName === 'Unauthenticated')
      throw new GraphQLError('no', { extensions: { code: 'UNAUTHENTICATED' } })
    return {}
  },
  schema: createSchema({
    typeDefs: `
      type Query { ok: Int slow: Int missing: Int broken: Int coded(n: Int): Int }
      type Mutation { create: Int }
      type Subscription { ticks: Int refused: Int }
    `,
    resolvers: {
      Query: {
        ok: () => 1,
        slow: () => {
          clock += 1500
          return 1
        },
        missing: () => {
          throw new WeirError('NOT_FOUND', 'nothing')
        },
        broken: () => {
          throw new Error('oops')
        },
        coded: () => {
          throw new GraphQLError('later', { extensions: { code: 'RATE_LIMITED' } })
        },
      },
      Mutation: { create: () => 1 },
      Subscription: {
        ticks: {
          subscribe: async function* () {
            yield { ticks: 1 }
            clock += 9000
            yield { ticks: 2 }
          },
        },
        refused: {
          subscribe: () => {
            throw new WeirError('FORBIDDEN', 'no')
          },
        },
      },
    },
  }),
})

const server = createServer(yoga)
const sockets = new WebSocketServer({ server, path: yoga.graphqlEndpoint })
let address: string
let client: Client

beforeAll(async () => {
  type Args = ExecutionArgs & { rootValue: { execute: typeof yoga.getEnveloped; subscribe: typeof yoga.getEnveloped } }
  useServer(
    {
      execute: (args) => (args as Args).rootValue.execute(args as never) as never,
      subscribe: (args) => (args as Args).rootValue.subscribe(args as never) as never,
      onSubscribe: async (context, _id, payload) => {
        const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
          socket: context.extra.socket,
          params: payload,
        })
        try {
          const document = parse(payload.query)
          const errors = validate(schema, document)
          if (errors.length > 0) return errors as readonly GraphQLError[]
          return {
            schema,
            document,
            operationName: payload.operationName ?? null,
            variableValues: payload.variables ?? {},
            contextValue: await contextFactory(),
            rootValue: { execute, subscribe },
          }
        } catch (error) {
          return [error as GraphQLError]
        }
      },
    },
    sockets,
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `127.0.0.1:${(server.address() as AddressInfo).port}${yoga.graphqlEndpoint}`
  client = createClient({ url: `ws://${address}`, webSocketImpl: WebSocket, retryAttempts: 0 })
})
afterAll(async () => {
  await client.dispose()
  for (const socket of sockets.clients) socket.terminate()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
beforeEach(() => {
  seen.length = 0
  clock = 0
})

async function http(body: object): Promise<void> {
  const response = await fetch(`http://${address}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  await response.text()
}

/** Runs an operation to its end, whatever that is. */
async function webSocket(payload: {
  query: string
  operationName?: string
  variables?: Record<string, unknown>
}): Promise<void> {
  await new Promise<void>((resolve) => {
    client.subscribe(payload, { next() {}, error: () => resolve(), complete: () => resolve() })
  })
}

const operations: [
  string,
  { query: string; operationName?: string; variables?: Record<string, unknown> },
  string,
  number,
][] = [
  ['an answer', { query: '{ ok }' }, 'ok', 200],
  ['a mutation', { query: 'mutation { create }' }, 'create', 200],
  ['an error of the table', { query: '{ missing }' }, 'missing', 404],
  ['an unknown error', { query: '{ broken }' }, 'broken', 500],
  ['an error with a code alone', { query: '{ coded }' }, 'coded', 429],
  ['a part that failed', { query: '{ ok missing }' }, 'ok', 404],
  ['no GraphQL', { query: '{' }, 'other', 400],
  ['a field that is not there', { query: '{ nothing }' }, 'other', 400],
  ['a bad argument', { query: '{ coded(n: "x") }' }, 'coded', 400],
  ['a bad variable', { query: 'query ($n: Int) { coded(n: $n) }', variables: { n: 'x' } }, 'coded', 400],
  ['an operation by its name', { query: 'query A { ok } query B { missing }', operationName: 'B' }, 'missing', 404],
  ['introspection', { query: '{ __schema { queryType { name } } }' }, 'other', 200],
  ['a refused subscription', { query: 'subscription { refused }' }, 'refused', 403],
]

it.each(operations)('counts %s over HTTP, also when it is cached', async (_, operation, endpoint, statusCode) => {
  await http(operation)
  await http(operation)
  const once = { endpoint, method: 'POST', statusCode, seconds: 0 }
  expect(seen).toEqual([once, once])
})

it.each(operations)('counts %s over WebSocket the same', async (_, operation, endpoint, statusCode) => {
  await webSocket(operation)
  expect(seen).toEqual([{ endpoint, method: 'websocket', statusCode, seconds: 0 }])
})

it('counts a caller that is refused while the context is made', async () => {
  await http({ query: 'query Unauthenticated { ok }', operationName: 'Unauthenticated' })
  expect(seen).toEqual([{ endpoint: 'ok', method: 'POST', statusCode: 401, seconds: 0 }])
})

it('counts the method of a GET', async () => {
  await (await fetch(`http://${address}?query={ok}`)).text()
  expect(seen).toMatchObject([{ endpoint: 'ok', method: 'GET', statusCode: 200 }])
})

it('measures to the answer, and a subscription to its beginning, over both', async () => {
  await http({ query: '{ slow }' })
  await webSocket({ query: '{ slow }' })
  await webSocket({ query: 'subscription { ticks }' })
  await (
    await fetch(`http://${address}?query=subscription{ticks}`, { headers: { accept: 'text/event-stream' } })
  ).text()
  expect(seen).toEqual([
    { endpoint: 'slow', method: 'POST', statusCode: 200, seconds: 1.5 },
    { endpoint: 'slow', method: 'websocket', statusCode: 200, seconds: 1.5 },
    { endpoint: 'ticks', method: 'websocket', statusCode: 200, seconds: 0 },
    { endpoint: 'ticks', method: 'GET', statusCode: 200, seconds: 0 },
  ])
})

it('tells operations apart that run at the same time on one document', async () => {
  await Promise.all(Array.from({ length: 50 }, () => http({ query: '{ ok }' })))
  expect(seen).toHaveLength(50)
})
