import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ApiRequest } from '../../src/platform/metrics/api-metrics.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { nextData, operate, serveTestApi, type TestApiServer } from '../support/api-server.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'

let database: TestDatabase
let api: TestApi
let server: TestApiServer
const seen: ApiRequest[] = []

beforeAll(async () => {
  database = await openTestDatabase()
  api = await createTestApi(database, { observe: (request) => seen.push(request), introspection: true })
  server = await serveTestApi(api)
})
afterAll(async () => {
  await server.close()
  await database.close()
})
beforeEach(() => {
  seen.length = 0
})

const read = 'READ'
const operations: [string, string, number][] = [
  ['{ streams { totalCount } }', 'streams', 200],
  ['{ __schema { queryType { name } } }', 'other', 200],
  ['{ nothing }', 'other', 400],
  ['{', 'other', 400],
  ['{ stream(id: "producer_01h455vb4pex5vsknk084sn02q") { id } }', 'stream', 400],
  ['mutation { startStream(id: "stream_01h455vb4pex5vsknk084sn02q") { id } }', 'startStream', 403],
]

test.each(operations)('%s is counted over HTTP', async (document, endpoint, statusCode) => {
  await api.query(document, undefined, { key: api.key(read) })
  expect(seen).toMatchObject([{ endpoint, method: 'POST', statusCode }])
  expect(seen[0]!.seconds).toBeGreaterThan(0)
})

test.each(operations)('%s is counted over WebSocket', async (document, endpoint, statusCode) => {
  // What never became an operation is thrown by the client; here only the count matters.
  await Promise.allSettled([operate(server.client(api.key(read)), document).next()])
  expect(seen).toMatchObject([{ endpoint, method: 'websocket', statusCode }])
})

test('a subscription is counted when it begins', async () => {
  const messages = operate(server.client(api.key(read)), 'subscription { streams { __typename } }')
  await nextData(messages)
  expect(seen).toMatchObject([{ endpoint: 'streams', method: 'websocket', statusCode: 200 }])
  await messages.return?.()
})
