import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readHeartbeatRequest } from '../../src/http/heartbeat-head.ts'

interface Seen {
  method: string
  url: string
  headers: Record<string, unknown>
  keepsAlive: boolean
  body: string
}

/** Answers with what node:http has understood. */
let server: Server
/** All requests of the connection. */
let seen: Seen[] = []

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = await textOf(request)
    const { method = '', url = '', headers } = request
    seen.push({ method, url, headers, keepsAlive: response.shouldKeepAlive, body })
    response.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterAll(() => server.close())

/** What node:http makes of a text that is all that comes over a connection. */
async function asNode(text: string): Promise<Seen[]> {
  seen = []
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => {}).resume()
  socket.end(text, 'latin1')
  await new Promise((resolve) => socket.once('close', resolve))
  return seen
}

const lines = fc.constantFrom(
  'Accept: application/json',
  'Accept: */*',
  'Origin: https://player.example:8443',
  'X-Request-Id: abc',
  'X-Pulse-Key: key',
  'Authorization: Bearer token',
  'Connection: keep-alive',
  'Connection: close',
  'User-Agent: a b  c',
  'Transfer-Encoding: chunked',
  'Content-Length: 4',
  'Content-Length: 9',
  'Expect: 100-continue',
  'Upgrade: websocket',
  'Content-Encoding: gzip',
  'TE: trailers',
)
const request = fc
  .tuple(
    fc.uniqueArray(lines, { maxLength: 5 }),
    fc.constantFrom('{}', '{"a":1}', '0\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n'),
  )
  .map(([more, body]) =>
    [
      'POST /graphql HTTP/1.1',
      'Host: weir.test',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      ...more,
      '',
      body,
    ].join('\r\n'),
  )
/** A change at some place: what hides a header, or makes two of one. */
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.constantFrom(0, 0, 1, 2),
  put: fc.constantFrom(
    '',
    '',
    ' ',
    '\t',
    '\r',
    '\n',
    '\r\n',
    '\r\n\r\n',
    ':',
    '\0',
    '\x0b',
    ',',
    ';',
    '0',
    '+',
    'x',
    '\x85',
    '\xa0',
  ),
})
const edited = fc.tuple(request, fc.array(edit, { maxLength: 2 })).map(([text, edits]) =>
  edits.reduce((given, { at, removed, put }) => {
    const place = Math.floor(at * given.length)
    return given.slice(0, place) + put + given.slice(place + removed)
  }, text),
)

it('what is read as one plain request is the same one request to node:http', async () => {
  let count = 0
  await fc.assert(
    fc.asyncProperty(edited, async (text) => {
      const own = readHeartbeatRequest(Buffer.from(text, 'latin1'))
      if (!own) return
      count += 1
      const [theirs, ...others] = await asNode(text)
      expect(others).toEqual([])
      expect(theirs).toMatchObject({ method: 'POST', url: '/graphql', keepsAlive: true, body: own.body })
      for (const [name, value] of Object.entries(own.headers)) expect(theirs!.headers[name]).toBe(value)
      for (const name of ['accept', 'origin', 'authorization', 'x-pulse-key', 'x-request-id'] as const)
        expect(own.headers[name]).toBe(theirs!.headers[name])
      for (const name of ['transfer-encoding', 'content-encoding', 'upgrade', 'expect'])
        expect(theirs!.headers).not.toHaveProperty(name)
    }),
    { numRuns: 3000 },
  )
  // Else nothing would have been compared.
  expect(count).toBeGreaterThan(100)
})

const plain = 'POST /graphql HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'

it.each([
  ['a part', plain.slice(0, -1)],
  ['more than one', plain + plain],
  ['a head that is too long', plain.replace('Host', `X: ${'x'.repeat(8200)}\r\nHost`)],
  ['a body that is too long', plain.replace('2\r\n\r\n{}', `200001\r\n\r\n${'x'.repeat(200_001)}`)],
  ['no length', plain.replace('Content-Length: 2\r\n', '')],
  ['two lengths', plain.replace('Host', 'Content-Length: 2\r\nHost')],
  ['two lengths in one', plain.replace('Length: 2', 'Length: 2, 2')],
  ['chunks', plain.replace('Host', 'Transfer-Encoding: chunked\r\nHost')],
  ['an end of the connection', plain.replace('Host', 'Connection: close\r\nHost')],
  ['another path', plain.replace('/graphql', '/graphql/')],
  ['another version', plain.replace('HTTP/1.1', 'HTTP/1.0')],
])('passes on %s', (_, text) => {
  expect(readHeartbeatRequest(Buffer.from(plain))).not.toBeNull()
  expect(readHeartbeatRequest(Buffer.from(text, 'latin1'))).toBeNull()
})
