import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { maxWastedPerMinute } from '../../src/http/graphql-ws-socket.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { bareSocket, serveWholeApi, type WholeApiServer } from '../support/whole-api-server.ts'

let database: TestDatabase
let api: TestApi
let server: WholeApiServer
const watch = 'subscription { streams { reset } }'

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  api = await createTestApi(database)
  server = await serveWholeApi(api)
})
afterEach(() => server.close())

/** A good socket beside the bad one: it is answered. */
async function expectOthersAreAnswered() {
  const { socket, frames, send } = await bareSocket(server.socket())
  send({ id: 'other', type: 'subscribe', payload: { query: '{ viewer { scopes } }' } })
  await eventually(() => expect(frames).toContainEqual({ id: 'other', type: 'complete' }))
  socket.close()
}

describe('what an address has open at once', () => {
  test('WebSockets and event streams count together; what is closed makes room', async () => {
    const few = await serveWholeApi(api, { maxSocketsPerAddress: 3 })
    const first = await bareSocket(few.socket())
    await bareSocket(few.socket())
    const leave = new AbortController()
    const stream = await few.post(watch, { accept: 'text/event-stream', signal: leave.signal })
    expect(stream.headers.get('content-type')).toContain('text/event-stream')

    const [refused] = (await once(few.socket(), 'error')) as [Error]
    expect(refused.message).toContain('429')
    for (const accept of ['text/event-stream', 'multipart/mixed, text/event-stream', '*/*']) {
      const noStream = await few.post(watch, { accept })
      expect([accept, noStream.status, await noStream.json()]).toMatchObject([accept, 429, { code: 'RATE_LIMITED' }])
    }
    expect((await few.post('{ viewer { scopes } }')).status).toBe(200)
    await eventually(() => expect(api.listeners()).toBe(1))

    leave.abort()
    await eventually(() => expect(few.openSockets.total).toBe(2))
    await bareSocket(few.socket())
    first.socket.terminate()
    await eventually(() => expect(few.openSockets.total).toBe(2))
    await few.close()
  })

  const upgrade = (headers: string) =>
    `GET /graphql HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${headers}\r\n`
  const good = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n'
  const protocol = 'Sec-WebSocket-Protocol: graphql-transport-ws\r\n'
  const raw = (text: string, after?: Buffer) => async () => {
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.write(text)
    if (after) {
      await once(socket, 'data')
      socket.end(after)
    } else socket.destroy()
    if (!socket.closed) await once(socket, 'close')
  }
  const over = (leave: (one: Awaited<ReturnType<typeof bareSocket>>) => void) => async () => {
    const one = await bareSocket(server.socket())
    leave(one)
    await one.closed
  }
  const ways: Record<string, () => Promise<void>> = {
    'closed in order': over(({ socket }) => socket.close()),
    cut: over(({ socket }) => socket.terminate()),
    'cut in the midst of an operation': over(({ socket, send }) => {
      send({ id: '1', type: 'subscribe', payload: { query: watch } })
      socket.terminate()
    }),
    'an operation that is refused': over(({ socket, send }) => {
      send({ id: '1', type: 'subscribe', payload: { query: '{' } })
      socket.once('message', () => socket.close())
    }),
    'no JSON': over(({ socket }) => socket.send('{')),
    'a second hello': over(({ send }) => send({ type: 'connection_init' })),
    'a key that is no good': async () => {
      await bareSocket(server.socket(), { authorization: 'Bearer nobody' }).catch(() => {})
    },
    'gone before it is answered': raw(upgrade(good + protocol)),
    'no key of the handshake': raw(upgrade('Sec-WebSocket-Version: 13\r\n')),
    'another version': raw(upgrade(`Sec-WebSocket-Version: 7\r\n${protocol}`)),
    'another protocol': raw(upgrade(`${good}Sec-WebSocket-Protocol: soap\r\n`), Buffer.from([0x88, 0x80, 0, 0, 0, 0])),
    'a frame that is none': raw(upgrade(good + protocol), Buffer.from([0xff, 0xff, 0xff])),
    'an event stream that is left': async () => {
      const leave = new AbortController()
      await server.post(watch, { accept: 'text/event-stream', signal: leave.signal })
      leave.abort()
    },
    'an event stream that is over at once': async () => {
      await (await server.post('{ viewer { scopes } }', { accept: 'text/event-stream' })).text()
    },
  }

  test('comes back to nothing after 10,000 connections that open, fail and close in every way', async () => {
    const [cycles] = fc.sample(
      fc.array(fc.constantFrom(...Object.keys(ways)), { minLength: 10_000, maxLength: 10_000 }),
      1,
    )
    expect(cycles).toHaveLength(10_000)
    let at = 0
    const one = async () => {
      while (at < cycles!.length) await ways[cycles![at++]!]!()
    }
    await Promise.all(Array.from({ length: 50 }, one))
    await eventually(() => expect(server.openSockets.total).toBe(0))
    await eventually(() => expect(api.listeners()).toBe(0))
    await expectOthersAreAnswered()
  }, 240_000)
})

describe('a client that does what it should not loses its own socket, and no other does', () => {
  test.each([
    ['reserved bits', [0xf1, 0x80, 0, 0, 0, 0], 1002],
    ['an unknown kind of frame', [0x83, 0x80, 0, 0, 0, 0], 1002],
    ['no mask', [0x81, 0x02, 0x7b, 0x7d], 1002],
    ['a ping in pieces', [0x09, 0x80, 0, 0, 0, 0], 1002],
    ['a length that is too large', [0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0], 1009],
    ['text that is no UTF-8', [0x81, 0x82, 0, 0, 0, 0, 0xff, 0xff], 1007],
    ['a goodbye with a wrong code', [0x88, 0x82, 0, 0, 0, 0, 0x00, 0x01], 1002],
  ])('%s', async (_, bytes, code) => {
    const bad = await bareSocket(server.socket())
    ;(bad.socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.from(bytes))
    expect((await bad.closed)[0]).toBe(code)
    await expectOthersAreAnswered()
    expect(api.logged).toEqual([])
  })

  test.each([
    ['no JSON', 'streams'],
    ['no object', '[]'],
    ['no type', '{}'],
    ['an unknown type', '{"type":"shout"}'],
    ['no id', '{"type":"subscribe","payload":{"query":"{a}"}}'],
    ['no query', '{"type":"subscribe","id":"1","payload":{}}'],
    ['a query that is none', '{"type":"subscribe","id":"1","payload":{"query":7}}'],
    ['variables that are none', '{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":"x"}}'],
    ['much nesting', `{"type":"subscribe","id":"1","payload":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
  ])('a message with %s', async (_, text) => {
    const bad = await bareSocket(server.socket())
    bad.socket.send(text)
    expect((await bad.closed)[0]).toBe(4400)
    await expectOthersAreAnswered()
    expect(api.logged).toEqual([])
  })

  const floods: [string, (bad: Awaited<ReturnType<typeof bareSocket>>, n: number) => void][] = [
    ['pings of the protocol', ({ send }) => send({ type: 'ping' })],
    ['pongs of the protocol', ({ send }) => send({ type: 'pong' })],
    ['pings of WebSocket', ({ socket }) => socket.ping()],
    ['documents that are refused', ({ send }, n) => send({ id: `${n}`, type: 'subscribe', payload: { query: '{' } })],
    ['subscriptions', ({ send }, n) => send({ id: `${n}`, type: 'subscribe', payload: { query: watch } })],
  ]
  test.each(floods)('a flood of %s ends with 4429', async (what, flood) => {
    const bad = await bareSocket(server.socket())
    for (let n = 0; n < 20_000 && bad.socket.readyState === bad.socket.OPEN; n++) flood(bad, n)
    // So many pings at once that their pongs pile up are cut by ws.
    const isCut = what === 'pings of WebSocket'
    expect((await bad.closed)[0]).toBeOneOf(isCut ? [4429, 1006] : [4429])
    // A hundred that were let in, and their ends.
    expect(bad.frames.length).toBeLessThanOrEqual(maxWastedPerMinute + 300)
    await expectOthersAreAnswered()
    await eventually(() => expect(api.listeners()).toBe(0))
  })
})
