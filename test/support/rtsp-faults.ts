import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'

/**
 * What is wrong with the camera: `hang` accepts the connection and never answers, `silent` answers everything and then sends no media,
 * `close` hangs up at once, `refuse` has nothing at the port; a number is the status of every answer.
 */
export type RtspFault = 'hang' | 'silent' | 'close' | 'refuse' | 401 | 403 | 404 | 500

const reasons: Record<number, string> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  500: 'Internal Server Error',
}

const sdp = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=silent',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=fmtp:96 packetization-mode=1;profile-level-id=42c00d;sprop-parameter-sets=Z0LADdoFB+hAAAADAEAAAAyjxQqo,aM48gA==',
  'a=control:trackID=0',
  '',
].join('\r\n')

function answer(fault: RtspFault, request: string): string {
  const [method] = request.split(' ')
  const sequence = /^cseq: *(\d+)/im.exec(request)?.[1] ?? '0'
  const reply = (status: string, headers: string[] = [], body = '') =>
    [`RTSP/1.0 ${status}`, `CSeq: ${sequence}`, ...headers, '', body].join('\r\n')
  if (method === 'OPTIONS') return reply('200 OK', ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN'])
  if (typeof fault === 'number') {
    const challenge = fault === 401 ? ['WWW-Authenticate: Digest realm="camera", nonce="0123456789abcdef"'] : []
    return reply(`${fault} ${reasons[fault]}`, challenge)
  }
  if (method === 'DESCRIBE') {
    return reply('200 OK', ['Content-Type: application/sdp', `Content-Length: ${Buffer.byteLength(sdp)}`], sdp)
  }
  if (method === 'SETUP') {
    return reply('200 OK', ['Session: 1;timeout=60', 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1'])
  }
  return reply('200 OK', ['Session: 1'])
}

/** A broken RTSP server on a loopback port. */
export class FaultyCamera implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  port = 0
  /** Connections since the start. */
  connections = 0
  /** The most that were open at the same time. */
  mostOpen = 0

  constructor(fault: RtspFault) {
    this.#server = createServer((socket) => {
      this.connections += 1
      this.#sockets.add(socket)
      this.mostOpen = Math.max(this.mostOpen, this.#sockets.size)
      socket.on('close', () => this.#sockets.delete(socket)).on('error', () => socket.destroy())
      if (fault === 'close') return void socket.destroy()
      let pending = ''
      socket.setEncoding('latin1').on('data', (text) => {
        if (fault === 'hang') return
        pending += text
        for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
          socket.write(answer(fault, pending.slice(0, end + 2)))
          pending = pending.slice(end + 4)
        }
      })
    })
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.port = (this.#server.address() as { port: number }).port
    return this
  }

  get url(): string {
    return `rtsp://127.0.0.1:${this.port}/live`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }
}

/** A broken camera that is there; for `refuse` its port has been free a moment ago. */
export async function faultyCamera(fault: RtspFault): Promise<FaultyCamera> {
  const camera = await new FaultyCamera(fault).listen()
  if (fault === 'refuse') await camera[Symbol.asyncDispose]()
  return camera
}
