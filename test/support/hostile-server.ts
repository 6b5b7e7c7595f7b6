import { createCipheriv } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { FailureCause, UrlSourceKind } from '../../src/streams/model.ts'
import { selfSigned } from './certificate.ts'

export interface HostileCase {
  what: string
  kind: UrlSourceKind & ('HTTP' | 'HLS')
  /** The path that is asked for first. */
  path: string
  expected: FailureCause[]
  isTls?: boolean
}

/** One that does all it can, on 127.0.0.2. */
export interface HostileServer extends AsyncDisposable {
  url(path: string, isTls?: boolean): string
  /** Requests and connections up to a time (ms since the epoch), by the first part of their path; a redirect keeps it. */
  requests(name: string, until: number): number
}

type Act = (request: IncomingMessage, response: ServerResponse, canary: number) => void

const list = (body: string, head = '#EXTM3U\n#EXT-X-TARGETDURATION:1\n'): Act => {
  return (_, response) => void response.end(head + body)
}
const withCanary = (make: (canary: number) => string): Act => {
  return (_, response, canary) => void response.end(`#EXTM3U\n#EXT-X-TARGETDURATION:1\n${make(canary)}`)
}
const redirect = (make: (canary: number, url: string) => string): Act => {
  return (request, response, canary) =>
    void response.writeHead(302, { location: make(canary, request.url ?? '/') }).end()
}
const raw = (write: (socket: Socket, every: (ms: number, act: () => void) => void) => void): Act => {
  return ({ socket }) => {
    write(socket, (ms, act) => {
      const timer = setInterval(act, ms)
      socket.once('close', () => clearInterval(timer))
    })
  }
}
/** Writes as fast as it is read. */
const pour = (socket: Socket, piece: string | Buffer) => {
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  }
  socket.on('drain', more)
  more()
}

/** An encrypted piece whose plain text is a playlist: only who decrypts it can see. */
function encryptedList(canary: number): Buffer {
  const plain = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n${`#EXTINF:1,\nhttp://127.0.0.1:${canary}/x.ts\n`.repeat(400)}`
  const cipher = createCipheriv('aes-128-cbc', Buffer.alloc(16, 7), Buffer.alloc(16, 0))
  return Buffer.concat([cipher.update(plain), cipher.final()])
}

const zeros = Buffer.alloc(64 * 1024)
const bomb = gzipSync(Buffer.alloc(16 * 1024 * 1024, '#EXTM3U\n'))
const redirects: FailureCause[] = ['REDIRECT_LOOP']
const blocked: FailureCause[] = ['BLOCKED']
const unsupported: FailureCause[] = ['UNSUPPORTED']

/** By name; the rest of a path is the source's own. */
interface Hostile extends Omit<HostileCase, 'path'> {
  act: Act
  /** It answers for what its lists name, too. */
  ownPieces?: boolean
}

const acts: Record<string, Hostile> = {
  'redirect-self': { what: 'redirects to itself', kind: 'HTTP', expected: redirects, act: redirect((_, url) => url) },
  'redirect-new': {
    what: 'redirects to ever new addresses',
    kind: 'HLS',
    expected: redirects,
    act: redirect((_, url) => `${url}x`),
  },
  'redirect-v4': {
    what: 'redirects to loopback',
    kind: 'HTTP',
    expected: blocked,
    act: redirect((canary) => `http://127.0.0.1:${canary}/`),
  },
  'redirect-v6': {
    what: 'redirects to loopback by IPv6',
    kind: 'HLS',
    expected: blocked,
    act: redirect((canary) => `http://[::1]:${canary}/`),
  },
  'redirect-mapped': {
    what: 'redirects to loopback by a mapped address',
    kind: 'HTTP',
    expected: blocked,
    act: redirect((canary) => `http://[::ffff:127.0.0.1]:${canary}/`),
  },
  'redirect-number': {
    what: 'redirects to loopback written as a number',
    kind: 'HTTP',
    expected: blocked,
    act: redirect((canary) => `http://2130706433:${canary}/`),
  },
  'redirect-name': {
    what: 'redirects to loopback by a name',
    kind: 'HLS',
    expected: blocked,
    act: redirect((canary) => `http://localhost:${canary}/`),
  },
  'redirect-metadata': {
    what: 'redirects to a metadata service',
    kind: 'HTTP',
    expected: blocked,
    act: redirect(() => 'http://169.254.169.254/latest/meta-data/'),
  },
  'redirect-file': {
    what: 'redirects to a file',
    kind: 'HTTP',
    expected: blocked,
    act: redirect(() => 'file:///etc/passwd'),
  },
  'redirect-rtsp': {
    what: 'redirects to RTSP on loopback',
    kind: 'HTTP',
    expected: blocked,
    act: redirect((canary) => `rtsp://127.0.0.1:${canary}/`),
  },
  'own-variant': {
    what: 'is a list of itself',
    kind: 'HLS',
    expected: redirects,
    act: list('#EXT-X-STREAM-INF:BANDWIDTH=1\nlist.m3u8\n'),
  },
  'new-variants': {
    what: 'is a list of ever new lists',
    kind: 'HLS',
    expected: redirects,
    act: (request, response) =>
      void response.end(`#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${request.url!.slice(0, -5)}x.m3u8\n`),
  },
  'own-piece': {
    what: 'is a piece of itself',
    kind: 'HLS',
    expected: redirects,
    act: list('#EXTINF:1,\nlist.m3u8\n'.repeat(3)),
  },
  'own-piece-query': {
    what: 'is a piece of itself, by another query',
    kind: 'HLS',
    expected: redirects,
    act: list('#EXTINF:1,\nlist.m3u8?1\n'.repeat(3)),
  },
  'file-piece': {
    what: 'has files for pieces',
    kind: 'HLS',
    expected: blocked,
    act: list('#EXTINF:1,\nfile:///etc/passwd\n'),
  },
  'subfile-piece': {
    what: 'has parts of files for pieces',
    kind: 'HLS',
    expected: ['UNSUPPORTED', 'NOT_FOUND', ...blocked],
    act: list('#EXTINF:1,\nsubfile,,start,0,end,0,,:/etc/passwd\n'),
  },
  'concat-piece': {
    what: 'has files one after the other for pieces',
    kind: 'HLS',
    expected: blocked,
    act: list('#EXTINF:1,\nconcat:/etc/passwd|/etc/group\n'),
  },
  'crypto-piece': {
    what: 'has encrypted files for pieces',
    kind: 'HLS',
    expected: blocked,
    act: list('#EXTINF:1,\ncrypto+file:/etc/passwd\n'),
  },
  'data-key': {
    what: 'has its key in the list',
    kind: 'HLS',
    expected: blocked,
    act: list('#EXT-X-KEY:METHOD=AES-128,URI="data:text/plain;base64,AAAA"\n#EXTINF:1,\na.ts\n'),
  },
  'option-pieces': {
    what: 'has pieces with names like options',
    kind: 'HLS',
    expected: ['UNSUPPORTED', 'NOT_FOUND'],
    act: list('#EXTINF:1,\n-f\n#EXTINF:1,\n|tee\n#EXTINF:1,\n-i%20/etc/passwd\n'),
  },
  'million-lines': {
    what: 'is a list of a million lines',
    kind: 'HLS',
    expected: unsupported,
    act: list('#EXTINF:1,\na.ts\n'.repeat(500_000)),
  },
  'empty-pieces': {
    ownPieces: true,
    what: 'has thousands of pieces with nothing in them',
    kind: 'HLS',
    expected: [...redirects, 'NO_MEDIA', 'UNSUPPORTED'],
    act: (request, response) =>
      void (request.url!.endsWith('.m3u8')
        ? response.end(
            `#EXTM3U\n#EXT-X-TARGETDURATION:1\n${Array.from({ length: 5000 }, (_, at) => `#EXTINF:1,\n${at}.ts\n`).join('')}#EXT-X-ENDLIST\n`,
          )
        : response.end()),
  },
  'inner-key': {
    what: 'has its key on loopback',
    kind: 'HLS',
    expected: blocked,
    act: withCanary((canary) => `#EXT-X-KEY:METHOD=AES-128,URI="http://127.0.0.1:${canary}/k"\n#EXTINF:1,\na.ts\n`),
  },
  'inner-map': {
    what: 'has its head on loopback',
    kind: 'HLS',
    expected: blocked,
    act: withCanary((canary) => `#EXT-X-MAP:URI="http://[::1]:${canary}/i.mp4"\n#EXTINF:1,\na.m4s\n`),
  },
  'inner-pieces': {
    what: 'has its pieces on loopback',
    kind: 'HLS',
    expected: blocked,
    act: withCanary((canary) => `#EXTINF:1,\nhttp://127.0.0.1:${canary}/a.ts\n`.repeat(5)),
  },
  'inner-variant': {
    what: 'has its lists on loopback',
    kind: 'HLS',
    expected: blocked,
    act: withCanary(
      (canary) =>
        `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="http://localhost:${canary}/a.m3u8"\n#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"\nhttp://127.0.0.1:${canary}/v.m3u8\n`,
    ),
  },
  'list-piece': {
    ownPieces: true,
    what: 'has pieces that are lists of loopback',
    kind: 'HLS',
    expected: unsupported,
    act: (request, response, canary) =>
      void (request.url!.endsWith('.m3u8')
        ? response.end('#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\na.ts\n')
        : response.end(`#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:${canary}/\n`)),
  },
  'encrypted-list-piece': {
    ownPieces: true,
    what: 'has encrypted pieces that are lists of loopback',
    kind: 'HLS',
    // FFmpeg refuses it by itself.
    expected: unsupported,
    act: (request, response, canary) => {
      if (request.url!.endsWith('.key')) response.end(Buffer.alloc(16, 7))
      else if (request.url!.endsWith('.ts')) response.end(encryptedList(canary))
      else
        response.end(
          `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-KEY:METHOD=AES-128,URI="a.key",IV=0x${'0'.repeat(32)}\n#EXTINF:1,\na.ts\n#EXT-X-ENDLIST\n`,
        )
    },
  },
  'gzip-list': {
    what: 'packs a list a thousandfold',
    kind: 'HLS',
    expected: unsupported,
    act: (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  },
  'gzip-media': {
    what: 'packs nothing a thousandfold',
    kind: 'HTTP',
    expected: unsupported,
    act: (_, response) =>
      void response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'video/mp2t' }).end(bomb),
  },
  'endless-headers': {
    what: 'sends headers without end',
    kind: 'HTTP',
    expected: unsupported,
    act: raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      pour(socket, `x-more: ${'y'.repeat(1000)}\r\n`)
    }),
  },
  'slow-headers': {
    what: 'sends a header a second',
    kind: 'HTTP',
    expected: ['TIMEOUT'],
    act: raw((socket, every) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      every(1000, () => socket.write('x-more: y\r\n'))
    }),
  },
  'slow-list': {
    what: 'sends a list byte by byte',
    kind: 'HLS',
    expected: ['TIMEOUT'],
    act: raw((socket, every) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n#EXTM3U\n')
      every(500, () => socket.write('#'))
    }),
  },
  'slow-media': {
    what: 'sends media byte by byte',
    kind: 'HTTP',
    expected: ['TIMEOUT'],
    act: raw((socket, every) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      every(200, () => socket.write('G'))
    }),
  },
  'endless-list': {
    what: 'sends a list without end',
    kind: 'HLS',
    expected: unsupported,
    act: raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n#EXTM3U\n')
      pour(socket, '#EXTINF:1,\na.ts\n'.repeat(1000))
    }),
  },
  'endless-zeros': {
    what: 'sends nothing but zeros without end',
    kind: 'HTTP',
    expected: ['UNSUPPORTED', 'NO_MEDIA', 'TIMEOUT'],
    act: raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: video/mp2t\r\n\r\n')
      pour(socket, zeros)
    }),
  },
  'http-list': {
    what: 'answers with a list',
    kind: 'HTTP',
    expected: unsupported,
    act: withCanary((canary) => `#EXTINF:1,\nhttp://127.0.0.1:${canary}/a.ts\n`),
  },
  'http-sdp': {
    what: 'answers with an SDP',
    kind: 'HTTP',
    expected: unsupported,
    act: (_, response, canary) =>
      void response
        .writeHead(200, { 'content-type': 'application/sdp' })
        .end(
          `v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n${`m=video ${canary} RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n`.repeat(500)}`,
        ),
  },
  'http-concat': {
    what: 'answers with a list of files',
    kind: 'HTTP',
    expected: unsupported,
    act: (_, response) => void response.end("ffconcat version 1.0\nfile '/etc/passwd'\n"),
  },
  'chunk-garbage': {
    what: 'sends broken pieces',
    kind: 'HTTP',
    expected: unsupported,
    act: raw((socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\ngarbage\r\n')),
  },
  'no-http': {
    what: 'speaks no HTTP',
    kind: 'HTTP',
    expected: [...unsupported, 'REFUSED'],
    act: raw((socket) => socket.end('\0\0\0garbage\r\n\r\n')),
  },
  'bad-certificate': {
    what: 'has a certificate of its own',
    kind: 'HTTP',
    expected: ['TLS'],
    isTls: true,
    act: (_, response) => void response.end(),
  },
}

/** For a name whose answers change: its pieces are on names that have not been looked up yet. */
const byName: Record<string, Act> = {
  rebinding: (request, response) => {
    const { port } = request.socket.address() as AddressInfo
    response.end(`#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://inner.example:${port}/a.ts\n`)
  },
  'redirect-name-of-dns': (request, response) => {
    const { port } = request.socket.address() as AddressInfo
    response.writeHead(302, { location: `http://inner.example:${port}/a.ts` }).end()
  },
}

export const hostileCases: HostileCase[] = Object.entries(acts).map(
  ([name, { what, kind, expected, isTls = false }]) => ({
    ...{ what, kind, expected, isTls },
    path: `/${name}/${kind === 'HLS' ? 'list.m3u8' : 'live.ts'}`,
  }),
)

export async function startHostileServer(canaryPort: number): Promise<HostileServer> {
  const times = new Map<string, number[]>()
  const sockets = new Set<Socket>()
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const [, name = ''] = (request.url ?? '').split('/')
    times.set(name, [...(times.get(name) ?? []), Date.now()])
    const found = acts[name]
    const named = byName[name]
    if (named) return named(request, response, canaryPort)
    response.on('error', () => {})
    if (!found || isPieceOf(found, request.url ?? '')) response.writeHead(404).end()
    else found.act(request, response, canaryPort)
  }
  const open = async (server: Server) => {
    server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('error', () => {}).once('close', () => sockets.delete(socket))
    })
    server.listen(0, '127.0.0.2')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const plain = createServer(listener)
  const tls = createTlsServer(await selfSigned(), listener)
  const [port, tlsPort] = [await open(plain), await open(tls)]
  return {
    url: (path, isTls = false) => (isTls ? `https://127.0.0.2:${tlsPort}${path}` : `http://127.0.0.2:${port}${path}`),
    requests: (name, until) => (times.get(name) ?? []).filter((at) => at <= until).length,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await Promise.all([closed(plain), closed(tls)])
    },
  }
}

/** What a list names is not there, where it does not answer for it itself. */
function isPieceOf({ kind, ownPieces }: Hostile, url: string): boolean {
  return kind === 'HLS' && !ownPieces && !/\/[^/]*\.m3u8(\?|$)|\/x*$/.test(url) && !url.includes('redirect-')
}

async function closed(server: Server): Promise<void> {
  const done = once(server, 'close')
  server.close()
  await done
}
