import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * What is wrong with the camera: `hang` accepts the connection and never answers, `silent` answers everything and then sends no media,
 * `close` hangs up at once, `refuse` has nothing at the port, `redirect` sends to itself, `drip` answers and then sends its media a byte a
 * second; a number is the status of every answer.
 */
export type RtspFault = 'hang' | 'silent' | 'close' | 'refuse' | 'redirect' | 'drip' | 401 | 403 | 404 | 500

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
  if (fault === 'redirect') return reply('302 Moved Temporarily', [`Location: ${request.split(' ')[1]}`])
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

/**
 * An RTSP server on a loopback port that is broken, or that stands before a real one and breaks when it is told to: then it ends all
 * connections, as a camera that fails does.
 */
export class FaultyCamera implements AsyncDisposable {
  readonly #sockets = new Set<Socket>()
  readonly #targetPort: number | null
  #server: Server | null = null
  #fault: RtspFault | null
  port = 0
  /** Connections since the start. */
  connections = 0
  /** The most that were open at the same time. */
  mostOpen = 0
  /** Requests that were answered here. */
  requests = 0

  constructor(fault: RtspFault | null, targetPort: number | null = null) {
    this.#fault = fault
    this.#targetPort = targetPort
  }

  async listen(): Promise<this> {
    const server = createServer((socket) => this.#take(socket))
    this.#server = server
    server.listen(this.port, '127.0.0.1')
    await once(server, 'listening')
    this.port = (server.address() as { port: number }).port
    return this
  }

  get url(): string {
    return `rtsp://127.0.0.1:${this.port}/live`
  }

  /** Behaves so from now on; null passes everything to the real camera. */
  async become(fault: RtspFault | null): Promise<void> {
    this.#fault = fault
    await this.#close()
    if (fault !== 'refuse') await this.listen()
  }

  #take(socket: Socket): void {
    const fault = this.#fault
    this.connections += 1
    this.#sockets.add(socket)
    this.mostOpen = Math.max(this.mostOpen, this.#sockets.size)
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => socket.destroy())
    if (fault === 'close') socket.destroy()
    else if (fault === null) pass(socket, this.#targetPort!)
    // What is not read never ends: a client that has left would count as connected for ever.
    else if (fault === 'hang') socket.resume()
    else this.#answer(socket, fault)
  }

  #answer(socket: Socket, fault: RtspFault): void {
    let pending = ''
    socket.setEncoding('latin1').on('data', (text) => {
      pending += text
      for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
        this.requests += 1
        socket.write(answer(fault, pending.slice(0, end + 2)))
        if (fault === 'drip' && pending.startsWith('PLAY ')) drip(socket)
        pending = pending.slice(end + 4)
      }
    })
  }

  async #close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    if (!this.#server) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server = null
    await closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close()
  }
}

function pass(socket: Socket, targetPort: number): void {
  const target = connect(targetPort, '127.0.0.1')
  target.on('error', () => socket.destroy()).on('close', () => socket.destroy())
  socket.on('close', () => target.destroy())
  socket.pipe(target)
  target.pipe(socket)
}

/** An RTP packet that would be 1,200 bytes long, a byte a second. */
function drip(socket: Socket): void {
  const packet = Buffer.concat([Buffer.from([0x24, 0, 0x04, 0xb0, 0x80, 0x60]), Buffer.alloc(1198)])
  let at = 0
  const timer = setInterval(() => socket.write(packet.subarray(at, ++at)), 1000)
  socket.once('close', () => clearInterval(timer))
}

/** A broken camera that is there; for `refuse` its port has been free a moment ago. */
export async function faultyCamera(fault: RtspFault): Promise<FaultyCamera> {
  const camera = await new FaultyCamera(fault).listen()
  if (fault === 'refuse') await camera[Symbol.asyncDispose]()
  return camera
}

/** Stands before the real camera on this port and passes everything, until it is told to fail. */
export function breakableCamera(targetPort: number): Promise<FaultyCamera> {
  return new FaultyCamera(null, targetPort).listen()
}
