import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A TCP server on an address of loopback that does whatever it likes. */
export interface HostileServer extends AsyncDisposable {
  port: number
  connections: number
  /** Those of RTSP that were read. */
  requests: number
}

export interface RtspRequest {
  method: string
  uri: string
  text: string
  /** An answer's head and body, with the request's CSeq and the body's length. */
  answer(status: string, headers?: string[], body?: string): string
}

/** Given each connection, for as long as it likes. */
export async function hostileServer(host: string, take: (socket: Socket) => void): Promise<HostileServer> {
  const sockets = new Set<Socket>()
  const hostile = { port: 0, connections: 0, requests: 0 }
  const server = createServer((socket) => {
    hostile.connections += 1
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    take(socket)
  }).listen(0, host)
  await once(server, 'listening')
  hostile.port = (server.address() as AddressInfo).port
  return Object.assign(hostile, {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  })
}

/** One that reads requests of RTSP. */
export async function hostileCamera(
  host: string,
  respond: (request: RtspRequest, socket: Socket) => void,
): Promise<HostileServer> {
  const server: HostileServer = await hostileServer(host, (socket) => {
    let pending = ''
    socket.setEncoding('latin1').on('data', (text) => {
      pending += text
      for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
        const head = pending.slice(0, end)
        pending = pending.slice(end + 4)
        // Reports between the requests are none.
        const [, method, uri] = /([A-Z_]+) (\S+) RTSP\/1\.0/.exec(head) ?? []
        if (!method) continue
        server.requests += 1
        respond({ method, uri: uri!, text: head, answer: answerTo(head) }, socket)
      }
    })
  })
  return server
}

function answerTo(head: string): RtspRequest['answer'] {
  const sequence = /^cseq: *(\d+)/im.exec(head)?.[1] ?? '0'
  return (status, headers = [], body = '') => {
    const length = body ? [`Content-Length: ${Buffer.byteLength(body)}`] : []
    return [`RTSP/1.0 ${status}`, `CSeq: ${sequence}`, ...headers, ...length, '', body].join('\r\n')
  }
}

/** A description of one H.264 track, with more lines for the whole and for the track. */
export function description(whole: string[] = [], track: string[] = []): string {
  return [
    ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=hostile', 't=0 0', ...whole, 'm=video 0 RTP/AVP 96'],
    'a=rtpmap:96 H264/90000',
    'a=fmtp:96 packetization-mode=1;profile-level-id=42c00d;sprop-parameter-sets=Z0LADdoFB+hAAAADAEAAAAyjxQqo,aM48gA==',
    ...['a=control:trackID=0', ...track, ''],
  ].join('\r\n')
}

/** A camera that is good but for what `differently` answers; null there is the usual answer. */
export function otherwiseGood(
  differently: (request: RtspRequest, socket: Socket) => string | null | undefined,
): (request: RtspRequest, socket: Socket) => void {
  return (request, socket) => {
    const { method, answer } = request
    const given = differently(request, socket)
    if (given === undefined) return
    if (given !== null) socket.write(given, 'latin1')
    else if (method === 'OPTIONS') socket.write(answer('200 OK', ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN']))
    else if (method === 'DESCRIBE') socket.write(answer('200 OK', ['Content-Type: application/sdp'], description()))
    else if (method === 'SETUP')
      socket.write(answer('200 OK', ['Session: 1;timeout=60', 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1']))
    else socket.write(answer('200 OK', ['Session: 1']))
  }
}
