import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'

/**
 * The other process of heartbeats.ts: players that share no event loop with the server. Bare sockets with one heartbeat under way on each and frames that are
 * made once: a generator that costs more than the server would measure itself. Told of by IPC; answers with counts, and writes when each session's last heartbeat was sent
 * and acknowledged (ms of the machine's clock, 0 where none was).
 */
export interface LoadOrder {
  /** `gateway`: sockets with a key, each carrying heartbeats of all sessions, several under way at a time. */
  via: 'http' | 'websocket' | 'gateway'
  port: number
  /** Lines of session and token. */
  sessionsFile: string
  /** How many of the file's sessions, from its first. */
  sessions: number
  /** Of a gateway. */
  key?: string
  connections: number
  warmUpMs: number
  measureMs: number
  /** Where the times go: sentAt and acknowledgedAt of each session, as doubles. */
  timesFile: string
}
export interface LoadAnswer {
  accepted: number
  refused: number
  failed: number
  /** Of the whole run, warm-up and all. */
  total: number
  seconds: number
  p50Ms: number
  p99Ms: number
}

export const document =
  'mutation Beat($id: ID!) { recordHeartbeat(consumerId: $id) { consumerId accepted refusal at nextBefore token } }'

const nowMs = () => performance.timeOrigin + performance.now()
const accepted = Buffer.from('"accepted":true')
const endOfHead = Buffer.from('\r\n\r\n')
const complete = Buffer.from('"type":"complete"')
const connectedAtOnce = 200
/** How many heartbeats a gateway has under way on a socket. */
export const underWayOfGateway = 16

class Load {
  readonly #order: LoadOrder
  readonly #sessions: { id: string; token: string }[]
  readonly #times: Float64Array
  readonly #answer: LoadAnswer = { accepted: 0, refused: 0, failed: 0, total: 0, seconds: 0, p50Ms: 0, p99Ms: 0 }
  readonly #tookMs: number[] = []
  readonly #sockets: Socket[] = []
  #next = 0
  #isCounting = false
  #isOver = false
  #underWay = 0
  #drained: (() => void) | null = null

  constructor(order: LoadOrder) {
    this.#order = order
    const lines = readFileSync(order.sessionsFile, 'utf8').trimEnd().split('\n').slice(0, order.sessions)
    this.#sessions = lines.map((line) => {
      const [id = '', token = ''] = line.split(' ')
      return { id, token }
    })
    this.#times = new Float64Array(this.#sessions.length * 2)
  }

  async run(): Promise<LoadAnswer> {
    const { via, connections, warmUpMs, measureMs, timesFile } = this.#order
    // A server that is busy with those that are open lets new ones in slowly.
    const starts: (() => void)[] = []
    for (let from = 0; from < connections; from += connectedAtOnce) {
      const size = Math.min(connectedAtOnce, connections - from)
      const opened = await Promise.all(Array.from({ length: size }, (_, i) => this.#openBy(via, from + i)))
      starts.push(...opened)
    }
    for (const start of starts) start()
    await new Promise((resolve) => setTimeout(resolve, warmUpMs))
    const startedAt = performance.now()
    this.#isCounting = true
    await new Promise((resolve) => setTimeout(resolve, measureMs))
    this.#isCounting = false
    this.#answer.seconds = (performance.now() - startedAt) / 1000
    this.#isOver = true
    if (this.#underWay > 0)
      await new Promise<void>((resolve) => {
        this.#drained = resolve
      })
    for (const socket of this.#sockets) socket.destroy()
    writeFileSync(timesFile, Buffer.from(this.#times.buffer))
    const sorted = Float64Array.from(this.#tookMs).sort()
    const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
    return { ...this.#answer, p50Ms: at(0.5), p99Ms: at(0.99) }
  }

  /** Resolves with the way to begin. */
  #openBy(via: LoadOrder['via'], index: number): Promise<() => void> {
    if (via === 'http') return this.#openHttp()
    return via === 'gateway' ? this.#openGateway() : this.#openWebSocket(index)
  }

  async #open(): Promise<Socket> {
    const socket = connect({ port: this.#order.port, host: '127.0.0.1', noDelay: true })
    this.#sockets.push(socket)
    await once(socket, 'connect')
    socket.on('error', () => {
      this.#answer.failed += 1
    })
    return socket
  }

  /** Each connection takes the next session, one after the other: all of them have their turn. */
  async #openHttp(): Promise<() => void> {
    const socket = await this.#open()
    const head = `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: application/json\r\n`
    let session = 0
    let sentAt = 0
    let received: Buffer | null = null
    const send = () => {
      if (this.#isOver) return
      session = this.#next
      this.#next = (session + 1) % this.#sessions.length
      const { id, token } = this.#sessions[session]!
      const body = `{"query":"${document}","operationName":"Beat","variables":{"id":"${id}"}}`
      sentAt = nowMs()
      this.#underWay += 1
      socket.write(`${head}Authorization: Bearer ${token}\r\nContent-Length: ${body.length}\r\n\r\n${body}`, 'latin1')
    }
    socket.on('data', (chunk: Buffer) => {
      received = received ? Buffer.concat([received, chunk]) : chunk
      const bodyAt = received.indexOf(endOfHead)
      if (bodyAt < 0) return
      const length = /content-length: (\d+)/i.exec(received.toString('latin1', 0, bodyAt))
      if (!length) throw new Error('an answer without its length')
      if (received.length < bodyAt + 4 + Number(length[1])) return
      const isAccepted = received.includes(accepted)
      received = null
      this.#done(session, sentAt, isAccepted)
      send()
    })
    return send
  }

  /** Each socket is one session's, by its own token. */
  async #openWebSocket(session: number): Promise<() => void> {
    const { id, token } = this.#sessions[session]!
    const socket = await this.#openSocket(token)
    const payload = { query: document, operationName: 'Beat', variables: { id } }
    const beat = frame(JSON.stringify({ id: '1', type: 'subscribe', payload }))
    let sentAt = 0
    let isAccepted = false
    const send = () => {
      if (this.#isOver) return
      isAccepted = false
      sentAt = nowMs()
      this.#underWay += 1
      socket.write(beat)
    }
    socket.on('data', (chunk: Buffer) => {
      if (chunk.includes(accepted)) isAccepted = true
      if (!chunk.includes(complete)) return
      this.#done(session, sentAt, isAccepted)
      send()
    })
    return send
  }

  /** Upgraded and let in. */
  async #openSocket(credential: string): Promise<Socket> {
    const socket = await this.#open()
    socket.write(
      'GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
    )
    await once(socket, 'data')
    socket.write(frame(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${credential}` } })))
    const [ack] = (await once(socket, 'data')) as [Buffer]
    if (!ack.includes('connection_ack')) throw new Error(`a socket was not let in: ${ack}`)
    return socket
  }

  /** Several operations at a time, each taking the next session when it has its answer. */
  async #openGateway(): Promise<() => void> {
    const socket = await this.#openSocket(this.#order.key!)
    const operations = Array.from({ length: underWayOfGateway }, () => ({ session: 0, sentAt: 0, isAccepted: false }))
    const next = (id: number) => {
      if (this.#isOver) return null
      const operation = operations[id]!
      operation.session = this.#next
      this.#next = (operation.session + 1) % this.#sessions.length
      operation.sentAt = nowMs()
      operation.isAccepted = false
      this.#underWay += 1
      const variables = `{"id":"${this.#sessions[operation.session]!.id}"}`
      const payload = `{"query":"${document}","operationName":"Beat","variables":${variables}}`
      return frame(`{"id":"${id}","type":"subscribe","payload":${payload}}`)
    }
    let received: Buffer = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      received = received.length > 0 ? Buffer.concat([received, chunk]) : chunk
      const beats: Buffer[] = []
      let at = 0
      for (;;) {
        const size = frameSize(received, at)
        if (size === null || at + size > received.length) break
        const text = received.toString('latin1', at, at + size)
        at += size
        const id = Number(/"id":"(\d+)"/.exec(text)?.[1])
        const operation = operations[id]
        if (!operation) continue
        if (text.includes('"accepted":true')) operation.isAccepted = true
        if (!text.includes('"type":"complete"')) continue
        this.#done(operation.session, operation.sentAt, operation.isAccepted)
        const beat = next(id)
        if (beat) beats.push(beat)
      }
      received = received.subarray(at)
      if (beats.length > 0) socket.write(Buffer.concat(beats))
    })
    return () => {
      const first = operations.flatMap((_, id) => next(id) ?? [])
      if (first.length > 0) socket.write(Buffer.concat(first))
    }
  }

  #done(session: number, sentAt: number, isAccepted: boolean): void {
    const at = nowMs()
    if (isAccepted) {
      this.#times[session * 2] = sentAt
      this.#times[session * 2 + 1] = at
    }
    this.#underWay -= 1
    this.#answer.total += 1
    if (this.#isOver && this.#underWay === 0) this.#drained?.()
    if (!this.#isCounting) return
    if (isAccepted) this.#answer.accepted += 1
    else this.#answer.refused += 1
    this.#tookMs.push(at - sentAt)
  }
}

/** A client's text frame: masked, as servers insist, by a mask that changes nothing. */
function frame(text: string): Buffer {
  const { length } = text
  const head = length < 126 ? [0x81, 0x80 | length] : [0x81, 0x80 | 126, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), Buffer.from(text, 'latin1')])
}

/** Of a server's frame that begins at `at`, head and all; null where that can't be told yet. */
function frameSize(bytes: Buffer, at: number): number | null {
  if (bytes.length < at + 4) return null
  const length = bytes[at + 1]! & 127
  return length < 126 ? length + 2 : bytes.readUInt16BE(at + 2) + 4
}

process.on('message', (order: LoadOrder) => {
  new Load(order).run().then((answer) => process.send!(answer))
})
process.on('disconnect', () => process.exit())
