import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gate } from '../../../support/gate.ts'

let server: Server
let next = Buffer.alloc(0)
let connections = 0
beforeAll(async () => {
  server = createServer((socket) => {
    connections += 1
    socket.on('error', () => {}).once('data', () => socket.end(next))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.close()
})

const line = fc.oneof(
  fc.constantFrom(
    'HTTP/1.1 200 OK',
    'HTTP/1.1 206 Partial',
    'HTTP/1.1 101 Switching',
    'HTTP/1.1 100 Continue',
    'ICY 200 OK',
  ),
  fc.constantFrom('HTTP/1.1 302 Found', 'HTTP/1.1 401 No', 'HTTP/1.1 999 x', 'HTTP/9.9 200', 'RTSP/1.0 200 OK', ''),
  fc.constantFrom(
    'Content-Length: 5',
    'Content-Length: -1',
    'Content-Length: 99999999999999999999',
    'Content-Length: 7',
  ),
  fc.constantFrom(
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip, chunked',
    'Content-Encoding: br',
    'Trailer: x',
  ),
  fc.constantFrom('Upgrade: websocket', 'Connection: upgrade', 'Connection: keep-alive', 'Connection: close'),
  fc.constantFrom('Location: /', 'Location: //[', 'Location: file:///etc/passwd', 'Location: http://127.0.0.1:1/'),
  fc.constantFrom(
    'WWW-Authenticate: Digest nonce="',
    'WWW-Authenticate: Digest realm="x",nonce="\x7f",qop=auth',
    'Set-Cookie: a=\x00',
  ),
  fc.constantFrom(
    'Content-Type: video/mp2t',
    'icy-name: \xff\xfe',
    'icy-metaint: 5',
    '5\r\nhello\r\n0',
    'ffffffffffffffffff',
  ),
  fc.constantFrom(
    '#EXTM3U',
    '#EXTINF:1,',
    'a.ts',
    '#EXT-X-KEY:METHOD=AES-128,URI="k"',
    '#EXT-X-STREAM-INF:',
    'v=0',
    'GGGGG',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

test('whatever a source answers, the gate says something to FFmpeg and stays', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 12 }),
      fc.constantFrom('HTTP', 'HLS'),
      fc.boolean(),
      async (lines, kind, user) => {
        next = Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1')
        connections = 0
        const { port } = server.address() as AddressInfo
        const url = `http://${user ? 'viewer:pa55word@' : ''}127.0.0.1:${port}/live.m3u8`
        using gated = await gate({ kind, url })
        const [answer] = (await once(get(gated.source.url), 'response')) as [IncomingMessage]
        let body = ''
        const ended = once(answer, 'close')
        answer
          .on('error', () => {})
          .setEncoding('latin1')
          .on('data', (text: string) => {
            body += text
          })
        await ended
        expect([200, 206, 403, 404, 416, 502]).toContain(answer.statusCode)
        if (answer.statusCode === 502) expect(gated.failure()).not.toBeNull()
        if (kind === 'HLS') expect(body).not.toMatch(/^(?!#|http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/|$)/m)
        expect(connections).toBeLessThanOrEqual(20)
      },
    ),
    { numRuns: 400 },
  )
})
