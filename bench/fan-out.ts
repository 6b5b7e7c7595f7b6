import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { WebSocketServer } from 'ws'
import { startNumbering } from '../src/events/numbering.ts'
import { appendEvents } from '../src/events/store.ts'
import { createGraphqlWebSocket } from '../src/http/graphql-ws.ts'
import { openDatabase } from '../src/platform/database/open.ts'
import { streams } from '../src/platform/database/tables.ts'
import { silentLogger } from '../src/platform/logs/logger.ts'
import { createTestApi } from '../test/support/api.ts'
import { addProducer, addStream } from '../test/support/rows.ts'
import type { ClientAnswer, ClientOrder } from './support/fan-out-clients.ts'
import { type Benchmark, type Figure, percentile } from './support/figure.ts'

const rounds = 30
const goalMs = 250
const goalRatio = 1.3

const watchStreams = `subscription { streams { reset cursor at removedIds changed {
  id name state stateReason stateCause stateSince health { status } producers(first: 5) { nodes { id kind state } }
} } }`
const watchEvents = `subscription { events { __typename ... on Event { id cursor type at subjectId data } ... on Checkpoint { cursor } } }`

/** One change to many subscribers over WebSocket, from its commit to the last byte at each; beside it the same bytes by ws alone. */
export const fanOut: Benchmark = {
  name: 'fan-out',
  title: 'One change to many subscribers',
  async run() {
    const figures: Figure[] = []
    for (const subscribers of [1000, 4000]) figures.push(...(await measure(subscribers)))
    return figures
  },
}

async function measure(subscribers: number): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'weir-fan-out-'))
  const database = await openDatabase({ dataDir, logger: silentLogger })
  const { db } = database
  // Of the tests' API only what holds no test: the schema, its services, and keys of this process.
  const api = await createTestApi({
    ...database,
    url: null,
    countStatements: () => Promise.reject(new Error('unused')),
  })
  const { bus } = api.deps
  const numbering = startNumbering({ db, bus, logger: silentLogger })
  const webSocket = createGraphqlWebSocket(api.graphql, api.deps)
  const ours = await listen(createServer().on('upgrade', webSocket.handleUpgrade))
  const rawServer = createServer()
  const rawSockets = new WebSocketServer({ server: rawServer, perMessageDeflate: false })
  const raw = await listen(rawServer)
  const clients = new Clients()
  try {
    const stream = await addStream(db, api.projectId, { name: 'round 0', state: 'LIVE' })
    await addProducer(db, stream)
    const say = (query: string) => [
      JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${api.key('READ')}` } }),
      JSON.stringify({ id: '00000000-0000-0000-0000-000000000001', type: 'subscribe', payload: { query } }),
    ]
    const protocol = 'graphql-transport-ws'
    const group = { do: 'open', protocol, count: subscribers, ready: '"type":"next"' } as const
    const subjects = [
      {
        what: "a stream's state",
        group: 'streams',
        query: watchStreams,
        async change(marker: string) {
          await db.update(streams).set({ name: marker }).where(eq(streams.id, stream.id))
          const committedAt = nowMs()
          bus.publish('streams', stream.id)
          return committedAt
        },
      },
      {
        what: 'an event of the log',
        group: 'events',
        query: watchEvents,
        async change(marker: string) {
          const data = { name: marker }
          await appendEvents(db, [{ type: 'stream.deleted', projectId: api.projectId, subjectId: stream.id, data }])
          const committedAt = nowMs()
          numbering.wake()
          return committedAt
        },
      },
    ]
    await clients.open({
      do: 'open',
      group: 'raw',
      url: raw,
      protocol: 'raw',
      count: subscribers,
      say: [],
      ready: null,
    })
    const figures: Figure[] = []
    for (const { what, group: name, query, change } of subjects) {
      await clients.open({ ...group, group: name, url: ours, say: say(query) })
      const tookMs: number[] = []
      const rawMs: number[] = []
      for (let round = 0; round < rounds; round++) {
        const marker = `${name} round ${String(round).padStart(4, '0')}`
        const { arrived } = await clients.expect(name, marker)
        const committedAt = await change(marker)
        const { atMs, sample } = await arrived
        tookMs.push(...atMs.map((at) => at - committedAt))
        await pause(50)
        const { arrived: rawArrived } = await clients.expect('raw', marker)
        const sentAt = nowMs()
        for (const socket of rawSockets.clients) socket.send(sample)
        rawMs.push(...(await rawArrived).atMs.map((at) => at - sentAt))
        await pause(50)
      }
      figures.push(...figuresOf(`${what} to ${subscribers} subscribers`, subscribers, tookMs, rawMs))
    }
    return figures
  } finally {
    clients.end()
    await webSocket.close()
    for (const socket of rawSockets.clients) socket.terminate()
    await numbering.stop()
    await database.close()
    await rm(dataDir, { recursive: true })
  }
}

function figuresOf(what: string, subscribers: number, tookMs: number[], rawMs: number[]): Figure[] {
  const value = percentile(tookMs, 0.99)
  const beside = { what: 'ws alone, the same bytes', value: percentile(rawMs, 0.99) }
  const ratio = value / beside.value
  const goal = subscribers > 1000 ? `at most ${goalRatio} times ws alone` : `at most ${goalMs} ms`
  const reached = subscribers > 1000 ? ratio <= goalRatio : value <= goalMs
  return [{ what: `${what}: p99`, value, unit: 'ms', beside, goal, reached }]
}

function nowMs(): number {
  return performance.timeOrigin + performance.now()
}

async function listen(server: Server): Promise<string> {
  await once(server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }), 'listening')
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
}

type Received = Extract<ClientAnswer, { received: string }>

/** The process of the subscribers. */
class Clients {
  readonly #child: ChildProcess = fork(new URL('support/fan-out-clients.ts', import.meta.url))

  async open(order: Extract<ClientOrder, { do: 'open' }>): Promise<void> {
    const opened = this.#next((answer) => 'opened' in answer && answer.opened === order.group)
    this.#child.send(order)
    await opened
  }

  /** Resolves once they look out for it, with when all have it. */
  async expect(group: string, marker: string): Promise<{ arrived: Promise<Received> }> {
    const received = this.#next((answer) => 'received' in answer && answer.received === group)
    const ready = this.#next((answer) => 'opened' in answer && answer.opened === `${group} ${marker}`)
    this.#child.send({ do: 'expect', group, marker } satisfies ClientOrder)
    await ready
    return { arrived: received as Promise<Received> }
  }

  end(): void {
    if (this.#child.connected) this.#child.disconnect()
  }

  #next(wanted: (answer: ClientAnswer) => boolean): Promise<ClientAnswer> {
    return new Promise((resolve, reject) => {
      const onMessage = (answer: ClientAnswer) => {
        if (!wanted(answer)) return
        this.#child.off('message', onMessage)
        this.#child.off('exit', onExit)
        resolve(answer)
      }
      const onExit = () => reject(new Error("the subscribers' process has ended"))
      this.#child.on('message', onMessage)
      this.#child.once('exit', onExit)
    })
  }
}
