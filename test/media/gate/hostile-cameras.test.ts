import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { probeSource } from '../../../src/media/ffmpeg/probe.ts'
import { type Lookup, systemLookup } from '../../../src/sources/gate/resolve.ts'
import { SourceFailure } from '../../../src/streams/causes.ts'
import type { FailureCause, UrlSource } from '../../../src/streams/model.ts'
import { startCamera } from '../../support/camera.ts'
import { type Canary, startCanary } from '../../support/canary.ts'
import { freeTcpPort } from '../../support/free-ports.ts'
import { gate, rulesAllowing } from '../../support/gate.ts'
import {
  description,
  type HostileServer,
  hostileCamera,
  hostileServer,
  otherwiseGood,
  type RtspRequest,
} from '../../support/hostile-camera.ts'
import { ingestDeps } from '../../support/ingest.ts'

/** Hostile hosts are here; the canary, on 127.0.0.1, is what an inner service is elsewhere. */
const [hostile, second] = ['127.0.0.2', '127.0.0.3']
const rules = rulesAllowing(`${hostile}/32`, `${second}/32`)
/** As the issue orders it. */
const endsWithinMs = 15_000
const requestsAllowed = 50

let canary: Canary
beforeAll(async () => {
  canary = await startCanary()
})
afterAll(() => canary?.[Symbol.asyncDispose]())

/** How the start of a source ends, as the runner would do it. */
async function outcome(source: UrlSource, lookup: Lookup = systemLookup): Promise<FailureCause | 'GOOD'> {
  const startedAt = performance.now()
  try {
    using gated = await gate(source, rules, lookup)
    await probeSource(gated.source, 12_000, { ...ingestDeps, gated })
    return 'GOOD'
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error
    return error.cause
  } finally {
    expect(performance.now() - startedAt).toBeLessThan(endsWithinMs)
    expect(canary.touched).toBe(0)
  }
}

const url = ({ port }: { port: number }, path = '/live', scheme = 'rtsp') => `${scheme}://${hostile}:${port}${path}`
const moved = ({ answer }: RtspRequest, to: string) => answer('302 Moved Temporarily', [`Location: ${to}`])

type Respond = Parameters<typeof otherwiseGood>[0]
const onDescribe =
  (respond: Respond): Respond =>
  (request, socket) =>
    request.method === 'DESCRIBE' ? respond(request, socket) : null
const onPlay =
  (respond: Respond): Respond =>
  (request, socket) =>
    request.method === 'PLAY' ? respond(request, socket) : null

describe('a camera that', () => {
  const toCanary = (scheme: string) => `${scheme}://127.0.0.1:${canary.port}/live`
  const good = ({ answer }: RtspRequest, sdp: string, headers: string[] = []) =>
    answer('200 OK', ['Content-Type: application/sdp', ...headers], sdp)

  test.concurrent.for<[string, FailureCause, Respond]>([
    ['redirects to itself', 'REDIRECT_LOOP', (request) => moved(request, request.uri)],
    ['redirects DESCRIBE to itself', 'REDIRECT_LOOP', onDescribe((request) => moved(request, request.uri))],
    ['redirects to an inner service', 'BLOCKED', onDescribe((request) => moved(request, toCanary('rtsp')))],
    [
      'redirects to the same, in other words',
      'BLOCKED',
      (request) => moved(request, `rtsp://[::ffff:7f00:1]:${canary.port}/`),
    ],
    ['redirects to HTTP', 'BLOCKED', onDescribe((request) => moved(request, toCanary('http')))],
    ['redirects to a file', 'BLOCKED', onDescribe((request) => moved(request, 'file:///etc/passwd'))],
    ['redirects to a raw connection', 'BLOCKED', onDescribe((request) => moved(request, toCanary('tcp')))],
    ['redirects where it plays', 'REFUSED', onPlay((request) => moved(request, toCanary('rtsp')))],
    [
      'sends headers without end',
      'UNSUPPORTED',
      (_, socket) => forever(socket, 'RTSP/1.0 200 OK\r\n', 'X-Filler: x\r\n'),
    ],
    [
      'sends one header without end',
      'UNSUPPORTED',
      (_, socket) => forever(socket, 'RTSP/1.0 200 OK\r\nX: ', 'x'.repeat(999)),
    ],
    [
      'announces a body without end',
      'UNSUPPORTED',
      onDescribe(({ answer }) => answer('200 OK', ['Content-Length: 999999999'])),
    ],
    [
      'sends a description without end',
      'UNSUPPORTED',
      onDescribe((request, socket) => forever(socket, request.answer('200 OK', ['Content-Length: 131000']), 'a=x\r\n')),
    ],
    [
      'has 500 media',
      'UNSUPPORTED',
      onDescribe((request) =>
        good(request, description([...Array(500).keys()].flatMap((n) => ['m=video 0 RTP/AVP 96', `a=control:t${n}`]))),
      ),
    ],
    ['describes nothing', 'UNSUPPORTED', onDescribe((request) => good(request, '<html>'))],
    ['answers as HTTP', 'UNSUPPORTED', () => 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['answers with garbage', 'UNSUPPORTED', (_, socket) => forever(socket, '', '\x80\x00\xff'.repeat(500))],
    ['answers a byte a second', 'TIMEOUT', (_, socket) => drip(socket, `RTSP/1.0 200 OK\r\nX: ${'x'.repeat(99)}`)],
    ['answers "wait" without end', 'UNSUPPORTED', (_, socket) => forever(socket, '', 'RTSP/1.0 100 Continue\r\n\r\n')],
    [
      'asks back without end',
      'UNSUPPORTED',
      (_, socket) => forever(socket, '', 'OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n'),
    ],
    [
      'wants a new nonce each time',
      'AUTH',
      ({ answer }) =>
        answer('401 Unauthorized', [
          `WWW-Authenticate: Digest realm="a\\", response=\\"", nonce="${Math.random()}", stale=true`,
        ]),
    ],
    [
      'wants what nobody can',
      'AUTH',
      ({ answer }) => answer('401 Unauthorized', [`WWW-Authenticate: Digest ${'realm="x", '.repeat(500)}nonce`]),
    ],
    [
      'sends media by multicast',
      'UNSUPPORTED',
      ({ method, answer }) =>
        method === 'SETUP'
          ? answer('200 OK', ['Session: 1', `Transport: RTP/AVP;multicast;destination=127.0.0.1;port=${canary.port}`])
          : null,
    ],
    [
      'begins a frame and goes on a byte a second',
      'TIMEOUT',
      onPlay(({ answer }, socket) => drip(socket, `${answer('200 OK', ['Session: 1'])}$\x00\xff\xff`, 500)),
    ],
    [
      'plays garbage without end',
      'UNSUPPORTED',
      onPlay(({ answer }, socket) => forever(socket, answer('200 OK', ['Session: 1']), '\x80\xff\x00\r\n'.repeat(99))),
    ],
  ])('%s: %s', { timeout: 60_000 }, async ([, cause, respond]) => {
    await using camera = await hostileCamera(hostile, otherwiseGood(respond))
    const credentials = cause === 'AUTH' ? 'user:s3cr3t@' : ''
    expect(await outcome({ kind: 'RTSP', url: url(camera).replace('//', `//${credentials}`) })).toBe(cause)
    expect(camera.requests).toBeLessThanOrEqual(requestsAllowed)
  })

  test.concurrent('sends round in a ring of two', async () => {
    const ring: HostileServer[] = []
    const to =
      (n: number, host: string): Respond =>
      (request) =>
        moved(request, `rtsp://${host}:${ring[n]!.port}/live`)
    await using one = await hostileCamera(hostile, otherwiseGood(to(1, second)))
    await using two = await hostileCamera(second, otherwiseGood(to(0, hostile)))
    ring.push(one, two)
    expect(await outcome({ kind: 'RTSP', url: url(one) })).toBe('REDIRECT_LOOP')
    expect(one.requests + two.requests).toBeLessThanOrEqual(6)
  })

  test.concurrent('describes inner services and options of FFmpeg as its own is asked itself, and nobody else', async () => {
    const asked: string[] = []
    const sdp = description(
      [`c=IN IP4 127.0.0.1`, 's=-i file:///etc/passwd', `a=control:rtsp://127.0.0.1:${canary.port}/`],
      [
        `a=control:rtsp://127.0.0.1:${canary.port}/x`,
        'a=source-filter: incl IN IP4 * 127.0.0.1',
        `m=audio ${canary.port} RTP/AVP 0`,
        `a=control:http://127.0.0.1:${canary.port}/`,
        'm=-i 0 -f 0',
      ],
    )
    await using camera = await hostileCamera(
      hostile,
      otherwiseGood((request) => {
        asked.push(`${request.method} ${request.uri}`)
        return request.method === 'DESCRIBE'
          ? good(request, sdp, [`Content-Base: rtsp://127.0.0.1:${canary.port}/`, `Location: ${toCanary('rtsp')}`])
          : null
      }),
    )
    expect(await outcome({ kind: 'RTSP', url: url(camera) })).toBe('NO_MEDIA')
    expect(asked.map((line) => line.split(' ')[0])).toContain('PLAY')
  })

  test.concurrent('names others for media over UDP is sent the reports itself', async () => {
    const reports = createSocket('udp4')
    reports.bind(0, hostile)
    await once(reports, 'listening')
    const heard = once(reports, 'message')
    const { port } = reports.address() as AddressInfo
    await using camera = await hostileCamera(
      hostile,
      otherwiseGood(({ method, text, answer }) => {
        const ports = /client_port=\d+-\d+/.exec(text)?.[0]
        const others = `source=127.0.0.1;destination=127.0.0.1;server_port=${port}-${port}`
        return method === 'SETUP'
          ? answer('200 OK', ['Session: 1', `Transport: RTP/AVP;unicast;${others};${ports}`])
          : null
      }),
    )
    expect(await outcome({ kind: 'RTSP', url: url(camera), rtspTransport: 'UDP' })).toBe('NO_MEDIA')
    await heard
    reports.close()
  })

  test.concurrent('changes the address of its name is asked at the address that was looked at', async () => {
    let lookups = 0
    const lookup: Lookup = async () => [{ address: lookups++ === 0 ? hostile : '127.0.0.1', family: 4 }]
    await using camera = await hostileCamera(
      hostile,
      otherwiseGood((request) => moved(request, `rtsp://rebinding.test:${canary.port}/live`)),
    )
    const source: UrlSource = { kind: 'RTSP', url: `rtsp://rebinding.test:${camera.port}/live` }
    expect(await outcome(source, lookup)).toBe('REFUSED')
  })

  test.concurrent('has a name of both an inner address and its own is asked at its own', async () => {
    const lookup: Lookup = async () => [
      { address: '127.0.0.1', family: 4 },
      { address: hostile, family: 4 },
    ]
    await using camera = await hostileCamera(
      hostile,
      otherwiseGood(({ answer }) => answer('404 Not Found')),
    )
    expect(await outcome({ kind: 'RTSP', url: `rtsp://both.test:${camera.port}/` }, lookup)).toBe('NOT_FOUND')
  })
})

test.for(['rtsp', 'rtsps', 'rtmp', 'rtmps', 'srt'])('%s to an inner address is not even tried', async (scheme) => {
  const kind = scheme.startsWith('rtsp') ? 'RTSP' : scheme.startsWith('rtmp') ? 'RTMP' : 'SRT'
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '127.1', '2130706433', '0.0.0.0'])
    expect(await outcome({ kind, url: `${scheme}://${host}:${canary.port}/a/b` })).toBe('BLOCKED')
})

describe('a server of RTMP that', () => {
  test.concurrent.for<[string, FailureCause, Parameters<typeof hostileServer>[1]]>([
    ['answers with garbage', 'UNSUPPORTED', (socket) => socket.write(Buffer.alloc(5000, 0xff))],
    ['answers a byte a second', 'TIMEOUT', (socket) => drip(socket, '\x03'.repeat(99))],
    [
      'shakes hands and then sends garbage',
      'UNSUPPORTED',
      (socket) => socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(3072), Buffer.alloc(100_000, 0xff)])),
    ],
    ['hangs up', 'REFUSED', (socket) => socket.destroy()],
    ['never answers', 'TIMEOUT', (socket) => socket.resume()],
  ])('%s: %s', { timeout: 60_000 }, async ([, cause, take]) => {
    await using server = await hostileServer(hostile, take)
    expect(await outcome({ kind: 'RTMP', url: url(server, '/live/key', 'rtmp') })).toBe(cause)
    expect(server.connections).toBeLessThanOrEqual(requestsAllowed)
  })
})

test('SRT where nothing listens', async () => {
  expect(await outcome({ kind: 'SRT', url: `srt://${hostile}:${await freeTcpPort()}` })).toBe('REFUSED')
})

test('after all of them a good camera is as good as ever', async () => {
  await using camera = await startCamera()
  using gated = await gate({ kind: 'RTSP', url: camera.url() })
  expect(await probeSource(gated.source, 20_000, { ...ingestDeps, gated })).toMatchObject([{ codec: 'h264' }])
})

/** Sends the start, and then the same again and again, as fast as it is taken. */
function forever(socket: Socket, start: string, again: string): undefined {
  socket.write(start, 'latin1')
  const more = () => {
    while (!socket.destroyed && socket.write(again.repeat(50), 'latin1'));
  }
  socket.on('drain', more)
  more()
}

/** Sends a byte a second, behind so many that come at once; again and again. */
function drip(socket: Socket, text: string, atOnce = 0): undefined {
  let at = atOnce
  socket.write(text.slice(0, atOnce), 'latin1')
  const timer = setInterval(() => socket.write(text[at++ % text.length]!, 'latin1'), 1_000)
  socket.once('close', () => clearInterval(timer)).resume()
}
