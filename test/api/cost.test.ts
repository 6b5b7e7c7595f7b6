import { getIntrospectionQuery, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schema } from '../../schema/index.ts'
import { costOf, maxCost } from '../../src/http/graphql-cost.ts'
import { createTestApi } from '../support/api.ts'
import { operate, serveTestApi } from '../support/api-server.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'

const cost = (query: string, variables = {}) => costOf(schema, parse(query), null, variables)

describe('what an operation asks for', () => {
  test.each([
    ['{ viewer { scopes } }', 1],
    ['{ streams(first: 7) { totalCount } }', 7],
    ['{ streams(first: 10) { nodes { id } } }', 20],
    ['{ streams(last: 10) { edges { cursor node { id } } } }', 30],
    ['{ streams { totalCount } }', 20],
    ['{ streams(first: 10) { nodes { producers(first: 5) { nodes { id } } } } }', 10 * (1 + 1 + 5 * 2)],
    ['{ mediaNodes { id } }', 10],
  ])('%s', (query, expected) => {
    expect(cost(query)).toBe(expected)
  })

  test('variables and fragments count as what they stand for', () => {
    expect(cost('query ($n: Int) { streams(first: $n) { totalCount } }', { n: 30 })).toBe(30)
    expect(cost('{ streams(first: 10) { ...list } } fragment list on StreamConnection { nodes { id } }')).toBe(20)
    expect(cost('{ node(id: "x") { ... on Stream { project { id } } } }')).toBe(2)
  })

  test('a bomb of fragments is counted without going off', () => {
    const bomb = Array.from({ length: 60 }, (_, n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`).join(' ')
    expect(cost(`{ ...f0 } ${bomb} fragment f60 on Query { viewer { scopes } }`)).toBeGreaterThan(maxCost)
  })

  test('introspection is free, and a circle ends', () => {
    expect(cost(getIntrospectionQuery())).toBe(0)
    expect(cost('{ ...a } fragment a on Query { ...a viewer { scopes } }')).toBe(1)
  })
})

describe('one that asks for too much', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase()
  })
  afterAll(() => database.close())
  const greedy =
    '{ streams(first: 100) { nodes { producers(first: 100) { nodes { stream { events(first: 100) { nodes { id } } } } } } } }'

  test('is TOO_COMPLEX with what was asked and what there is, and sends no statement', async () => {
    const api = await createTestApi(database)
    const { result, statements } = await database.countStatements(() => api.query(greedy))
    expect(result.status).toBe(400)
    expect(result.data).toBeNull()
    expect(result.errors).toMatchObject([
      { extensions: { code: 'TOO_COMPLEX', needed: cost(greedy), available: maxCost } },
    ])
    expect(statements).toEqual([])
  })

  test('over WebSocket too, and as a subscription', async () => {
    const api = await createTestApi(database)
    const server = await serveTestApi(api)
    const client = server.client(api.key('READ'))
    for (const query of [
      greedy,
      `subscription { streams { changed { ${'producers(first: 100) { nodes { stream { '.repeat(2)} id ${'} } }'.repeat(2)} } } }`,
    ]) {
      const { value } = await operate(client, query).next()
      expect(value.errors).toMatchObject([{ extensions: { code: 'TOO_COMPLEX' } }])
    }
    await server.close()
  })
})
