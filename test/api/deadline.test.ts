import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestApi, type TestApi } from '../support/api.ts'
import { serveTestApi, type TestApiServer } from '../support/api-server.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { addStream, figuresOf } from '../support/rows.ts'
import { type Send, sendings } from '../support/send-everywhere.ts'

let database: TestDatabase
let api: TestApi
let server: TestApiServer
let everywhere: Record<'HTTP' | 'SSE' | 'WebSocket', Send>
let streamId: string
let playbackAsked: number
/** Lets the figures' node answer at last. */
let answer: () => void
const ways = ['HTTP', 'SSE', 'WebSocket'] as const

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  const gate = Promise.withResolvers<void>()
  answer = gate.resolve
  playbackAsked = 0
  api = await createTestApi(database, {
    executionMs: 50,
    figures: {
      async read(ids) {
        await gate.promise
        return new Map(ids.map((id) => [id, figuresOf(id)]))
      },
    },
    playback() {
      playbackAsked += 1
      return { whepUrl: null, hlsUrl: null }
    },
  })
  streamId = (await addStream(database.db, api.projectId)).id
  server = await serveTestApi(api)
  everywhere = sendings(api, server)
  return () => server.close()
})

describe.each(ways)('over %s', (way) => {
  test('a query that takes too long is TIMEOUT', async () => {
    const query = `query ($id: ID!) { stream(id: $id) { process { pid } producers { nodes { stream { id playback { hlsUrl } } } } } }`
    const errors = await everywhere[way]({ query, variables: { id: streamId } })
    expect(errors).toMatchObject([
      { extensions: { code: 'TIMEOUT' }, message: expect.stringContaining('EXECUTION_TIMEOUT') },
    ])
    expect(JSON.stringify(errors)).not.toContain('nevertheless')
    answer()
  })

  test('a mutation that takes too long is told that it may have been done', async () => {
    const query = `mutation ($id: ID!) { updateStream(id: $id, input: { name: "after" }) { process { pid } } second: updateStream(id: $id, input: { name: "never" }) { playback { hlsUrl } } }`
    expect(await everywhere[way]({ query, variables: { id: streamId } })).toMatchObject([
      { extensions: { code: 'TIMEOUT' }, message: expect.stringContaining('may have been done nevertheless') },
    ])
    // The first was done; the second is never begun.
    answer()
    const { data } = await api.query<{ stream: { name: string } }, unknown>(`{ stream(id: "${streamId}") { name } }`)
    expect(data?.stream.name).toBe('after')
    expect(playbackAsked).toBe(0)
  })

  test('one that is in time is answered', async () => {
    answer()
    expect(await everywhere[way]({ query: '{ streams { nodes { process { pid } } } }' })).toEqual([])
  })
})
