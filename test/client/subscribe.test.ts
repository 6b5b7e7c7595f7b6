import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Client, type ClientOptions, createClient, document, WeirError } from '../../src/client/index.ts'
import { eventLog, events, streams } from '../../src/platform/database/tables.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { openTestPglite, type TestDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { type LogServer, logEvent, startLogServer } from '../support/log-client.ts'
import { addStream } from '../support/rows.ts'
import { startTcpLine, type TcpLine } from '../support/tcp-line.ts'

/** As who knows nothing of cursors writes it. */
const Log = document<{ events: { __typename: string; subjectId?: string; caughtUp?: boolean; missed?: number } }>(
  'subscription { events { __typename ... on Event { subjectId } ... on Checkpoint { caughtUp } ... on Gap { missed } } }',
)
const Wall = document<{ streams: { reset: boolean; changed: { id: string; name: string }[] } }>(
  'subscription { streams { reset changed { id name } } }',
)
const Health = document<{ streamHealth: { __typename: string } }, { id: string }>(
  'subscription($id: ID!) { streamHealth(streamId: $id, intervalSeconds: 1) { __typename } }',
)

let database: TestDatabase
let api: TestApi
let node: LogServer
let line: TcpLine
let clients: Client[]

beforeAll(async () => {
  database = await openTestPglite()
})
afterAll(() => database?.close())
beforeEach(async () => {
  await database.db.delete(events)
  await database.db.update(eventLog).set({ lastCursor: 0, firstCursor: 1 })
  api = await createTestApi(database)
  node = await startLogServer(api, database.db)
  line = await startTcpLine(Number(new URL(node.server.url).port))
  clients = []
})
afterEach(async () => {
  for (const client of clients) client.close()
  await line.close()
  await node.close()
})

function connect(options: Partial<ClientOptions> = {}): Client {
  const client = createClient({
    url: `http://127.0.0.1:${line.port}`,
    key: api.key('READ'),
    webSocketImpl: WebSocket,
    fetch: ((url: string, init: RequestInit) => api.graphql.fetch(url, init)) as typeof fetch,
    ...options,
  })
  clients.push(client)
  return client
}

const own = (subjectId: string) => logEvent(api.projectId, subjectId)
const named = (from: number, count: number) => Array.from({ length: count }, (_, i) => String(from + i))

describe('the log', () => {
  test('every event once and in order, whatever happens to the line in the middle of a burst', async () => {
    const statuses: string[] = []
    const seen: string[] = []
    const first = Promise.withResolvers<void>()
    connect().subscribe(
      Log,
      {},
      {
        onStatus: (status) => statuses.push(status),
        onData({ events }) {
          first.resolve()
          if (events.__typename === 'Event') seen.push(events.subjectId!)
        },
      },
    )
    await first.promise
    const count = 1500
    for (let sent = 0; sent < count; sent += 100) {
      await node.append(...named(sent, 100).map(own))
      // Somewhere among those that are on their way.
      await eventually(() => expect(seen.length).toBeGreaterThan(sent / 2))
      await line.cut()
      await line.mend()
    }
    await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(count))
    expect(seen).toEqual(named(0, count))
    expect(statuses).toContain('LOST')
  }, 120_000)

  test('what happened while the server was away is told afterwards; nothing shows of how', async () => {
    const messages = connect().subscribe(Log)
    expect((await messages.next()).value).toEqual({ events: { __typename: 'Checkpoint', caughtUp: true } })
    await line.cut()
    await node.append(own('1'), own('2'))
    await line.mend()
    const subjects: (string | undefined)[] = []
    for await (const { events } of messages) {
      if (events.__typename === 'Event') subjects.push(events.subjectId)
      if (subjects.length === 2) break
    }
    expect(subjects).toEqual(['1', '2'])
    await eventually(() => expect(api.listeners()).toBe(1))
  })

  test('a Gap is told where the log no longer reaches back', async () => {
    const messages = connect().subscribe(Log)
    await messages.next()
    await line.cut()
    await node.append(...named(1, 4).map(own))
    await eventually(async () => expect((await database.db.select().from(eventLog))[0]!.lastCursor).toBe(4))
    for (const subjectId of named(1, 3)) await database.db.delete(events).where(eq(events.subjectId, subjectId))
    await database.db.update(eventLog).set({ firstCursor: 4 })
    // A server that has the log from the database alone, behind the same line.
    await node.close()
    node = await startLogServer(api, database.db)
    await line.mend(Number(new URL(node.server.url).port))
    const told: unknown[] = []
    for await (const { events: message } of messages) {
      told.push(message)
      if (message.__typename === 'Event') break
    }
    expect(told).toEqual([
      { __typename: 'Checkpoint', caughtUp: false },
      { __typename: 'Gap', missed: 3 },
      { __typename: 'Event', subjectId: '4' },
    ])
  })

  test('who reads slowly holds nothing up and loses nothing', async () => {
    await node.close()
    node = await startLogServer(api, database.db, { logLimits: { maxWaiting: 50, slowAfterMs: 50 } })
    const slow = await startTcpLine(Number(new URL(node.server.url).port))
    const messages = connect({ url: `http://127.0.0.1:${slow.port}` }).subscribe(Log)
    await messages.next()
    const count = 2600
    for (let sent = 0; sent < count; sent += 200) await node.append(...named(sent, 200).map(own))
    const seen: (string | undefined)[] = []
    for await (const { events } of messages) {
      if (events.__typename === 'Event') seen.push(events.subjectId)
      if (seen.length === count) break
    }
    expect(seen).toEqual(named(0, count))
    await slow.close()
  }, 60_000)

  test('health goes on too, and ends when its stream is gone', async () => {
    const stream = await addStream(database.db, api.projectId)
    let ended = false
    const types: string[] = []
    connect().subscribe(
      Health,
      { id: stream.id },
      {
        onData: ({ streamHealth }) => types.push(streamHealth.__typename),
        onEnd: () => {
          ended = true
        },
      },
    )
    await eventually(() => expect(types.slice(0, 2)).toEqual(['Checkpoint', 'StreamHealth']))
    const before = types.length
    await line.cut()
    await line.mend()
    await eventually(() => expect(types.slice(before)).toContain('Checkpoint'))
    await database.db.delete(streams).where(eq(streams.id, stream.id))
    await eventually(() => expect(ended).toBe(true))
  }, 40_000)
})

test('state begins anew after a break, on the one socket with all else', async () => {
  const stream = await addStream(database.db, api.projectId)
  let sockets = 0
  const client = connect({ onConnection: (status) => status === 'CONNECTED' && sockets++ })
  const wall = client.subscribe(Wall)
  const log = client.subscribe(Log)
  const whole = { streams: { reset: true, changed: [{ id: stream.id, name: stream.name }] } }
  expect((await wall.next()).value).toEqual(whole)
  await log.next()
  expect(sockets).toBe(1)
  await line.cut()
  await line.mend()
  expect((await wall.next()).value).toEqual(whole)
  expect(sockets).toBe(2)
})

describe('refusals', () => {
  const refusal = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => null,
      (error: unknown) => error,
    )
    expect(error).toBeInstanceOf(WeirError)
    return error as WeirError
  }

  test.each([
    ['a wrong key', 'weir_wrong', 'UNAUTHENTICATED'],
    ['none', null, 'UNAUTHENTICATED'],
  ])('%s ends a subscription with a typed error', async (_, key, code) => {
    expect((await refusal(connect({ key }).subscribe(Log).next())).code).toBe(code)
    expect((await refusal(connect({ key }).request('{ events { nodes { id } } }', {}))).code).toBe(code)
  })

  test('a key without the scope, and a document that is wrong', async () => {
    const client = connect({ key: api.key('PLAY') })
    expect((await refusal(client.subscribe(Log).next())).code).toBe('FORBIDDEN')
    const wrong = await refusal(connect().subscribe('subscription { events(after: "x") { __typename } }').next())
    expect(wrong).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'after' }] })
    expect(() => connect().subscribe('{ viewer { scopes } }')).toThrow(TypeError)
  })

  test('a key that is asked for is asked again once it is refused', async () => {
    const keys = ['weir_old', api.key('READ')]
    const messages = connect({ key: () => (keys.length > 1 ? keys.shift()! : keys[0]!) }).subscribe(Log)
    expect((await messages.next()).value).toMatchObject({ events: { __typename: 'Checkpoint' } })
  })

  test('close ends what goes on', async () => {
    const client = connect()
    const messages = client.subscribe(Log)
    await messages.next()
    client.close()
    expect(await messages.next()).toEqual({ done: true, value: undefined })
    await eventually(() => expect(api.listeners()).toBe(1))
  })
})
