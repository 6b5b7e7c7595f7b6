import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LimitName, limits } from '../../src/http/graphql-limits.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { serveTestApi, type TestApiServer } from '../support/api-server.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { limitCases, type Sent } from '../support/limit-cases.ts'
import { type Send, sendings } from '../support/send-everywhere.ts'

let database: TestDatabase
let api: TestApi
let server: TestApiServer
let closed: TestApi
let closedServer: TestApiServer
let everywhere: Record<string, Send>
let closedEverywhere: Record<string, Send>

beforeAll(async () => {
  database = await openTestDatabase()
  api = await createTestApi(database, { introspection: true })
  server = await serveTestApi(api)
  everywhere = sendings(api, server)
  closed = await createTestApi(database)
  closedServer = await serveTestApi(closed)
  closedEverywhere = sendings(closed, closedServer)
})
afterAll(async () => {
  await server.close()
  await closedServer.close()
  await database.close()
})

const names = Object.keys(limits) as LimitName[]
const ways = ['HTTP', 'SSE', 'WebSocket'] as const

describe.each(ways)('over %s', (way) => {
  test.each(names)('%s: as many as are allowed are not too many', async (name) => {
    // A message of a WebSocket is smaller than what HTTP allows.
    const count = way === 'WebSocket' ? Math.min(limits[name].max, 60_000) : limits[name].max
    const errors = await everywhere[way]!(limitCases[name](count))
    expect(errors.map(({ extensions }) => extensions.code)).not.toContain('TOO_COMPLEX')
    expect(errors.map(({ extensions }) => extensions.code)).not.toContain('INTERNAL')
  })

  const small = names.filter((name) => way !== 'WebSocket' || limits[name].max < 60_000)
  test.each(small)('%s: one more is refused, with what there was and what there is', async (name) => {
    const { max, what } = limits[name]
    const { result, statements } = await database.countStatements(() => everywhere[way]!(limitCases[name](max + 1)))
    expect(result).toMatchObject([
      { extensions: { code: 'TOO_COMPLEX', needed: max + 1, available: max }, message: expect.stringContaining(what) },
    ])
    // Nothing but the audit of a mutation.
    expect(statements.filter((text) => !text.startsWith('insert into "events"'))).toEqual([])
  })

  test.each([
    ['{ __schema { queryType { name } } }'],
    ['{ __type(name: "Stream") { name } }'],
    ['{ streams: __schema { queryType { name } } }'],
    ['{ ...f } fragment f on Query { __schema { queryType { name } } }'],
    ['query __schema { ... { ... on Query { __schema { queryType { name } } } } }'],
  ])('the schema is not told where it is not allowed: %s', async (query) => {
    expect(await closedEverywhere[way]!({ query })).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' }, message: expect.stringContaining('INTROSPECTION') },
    ])
    expect(await closedEverywhere[way]!({ query: '{ __typename viewer { __typename } }' })).toEqual([])
    expect(await everywhere[way]!({ query })).toEqual([])
  })

  test('circular introspection is refused where introspection is not', async () => {
    const query = `{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }`
    expect(await everywhere[way]!({ query })).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  test.each<[Sent]>([
    [{ query: '{ streems { id } }' }],
    [{ query: '{ streams(frist: 1) { totalCount } }' }],
    [{ query: '{ viewer { ... on Viewre { scopes } } }' }],
    [{ query: 'query ($a: StreamFilterr) { streams(filter: $a) { totalCount } }', variables: {} }],
    [{ query: '{ streams(filter: { states: [LIV] }) { totalCount } }' }],
    [
      {
        query: 'query ($f: StreamFilter) { streams(filter: $f) { totalCount } }',
        variables: { f: { states: ['LIV'] } },
      },
    ],
    [
      {
        query: 'query ($f: StreamFilter) { streams(filter: $f) { totalCount } }',
        variables: { f: { stats: ['LIVE'] } },
      },
    ],
    [{ query: 'subscription ($f: StreamFilter) { streams(filter: $f) { reset } }', variables: { f: { stats: 1 } } }],
  ])('what there is instead of what is misspelt is not told: %j', async (sent) => {
    const errors = await closedEverywhere[way]!(sent)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    expect(JSON.stringify(errors)).not.toMatch(/did you mean/i)
  })
})

test('a misspelt name is told with what there is in development', async () => {
  const development = await createTestApi(database, { development: true })
  const { errors } = await development.query('{ streems { id } }')
  expect(errors[0]?.message).toMatch(/Did you mean "streams"/)
})
