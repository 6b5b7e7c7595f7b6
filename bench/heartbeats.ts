import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { eq, sql } from 'drizzle-orm'
import { createSessionTokens } from '../src/heartbeats/tokens.ts'
import { newId } from '../src/ids.ts'
import { createBus } from '../src/platform/bus/create.ts'
import type { Database } from '../src/platform/database/database.ts'
import { openDatabase } from '../src/platform/database/open.ts'
import { consumers, heartbeats, projects, streams } from '../src/platform/database/tables.ts'
import { hmacSha256 } from '../src/platform/hmac.ts'
import { silentLogger } from '../src/platform/logs/logger.ts'
import { makeKey } from '../src/projects/keys.ts'
import { insertKey } from '../src/projects/store.ts'
import { startPostgresServer } from '../test/support/postgres-server.ts'
import { type Benchmark, type Figure, median } from './support/figure.ts'
import { document, type LoadAnswer, type LoadOrder, underWayOfGateway } from './support/heartbeat-load.ts'

/**
 * Where Yoga's time goes, profiled with this mutation (some 240 µs each): most of it to what stands around GraphQL, fetch's Request, Response, Headers and streams,
 * promises of its plugins' hooks, and their garbage; execution takes some 5 %, tokens and resolvers 2 %.
 */
const secret = 'of this run'
const sessionCount = 100_000
/** A node takes 16,384 connections; a player's socket is one. */
const socketCount = 10_000
const httpConnections = 64
const gatewaySockets = 64
const gatewaySessions = 20_000
const seconds = 10
const rounds = 3
/** In which a statement begins to be carried out. */
const wayMs = 500
const peers = fileURLToPath(new URL('peers/', import.meta.url))

/**
 * Heartbeats of 100,000 sessions, with tokens and PostgreSQL, beside Mercurius with JIT doing the same mutation on a Map with neither, by the same generator: over HTTP the same
 * bytes on as many connections, which are kept and carry nothing but heartbeats, each whole in one piece. Those Weir reads itself; Mercurius has Fastify and node:http, as
 * it comes. What sends a heartbeat in two pieces, or other requests over the same connection, costs Weir about as much as Mercurius.
 */
export const heartbeatsBench: Benchmark = {
  name: 'heartbeats',
  title: 'Heartbeats a second',
  async run() {
    installPeers()
    const folder = await mkdtemp(join(tmpdir(), 'weir-heartbeats-'))
    const postgres = await startPostgresServer()
    const databaseUrl = `${postgres.url}postgres`
    const logger = silentLogger
    const { db, close } = await openDatabase({ databaseUrl, dataDir: '', logger })
    const bus = await createBus({ redisUrl: null, databaseUrl, logger })
    const children: ChildProcess[] = []
    const start = async (file: string, ...args: string[]) => {
      const child = fork(new URL(file, import.meta.url), args, { execArgv: ['--expose-gc'] })
      children.push(child)
      return child
    }
    try {
      const sessionsFile = join(folder, 'sessions')
      const { sessions, key } = await addSessions(db, sessionsFile)
      const ours = await start('support/heartbeat-server.ts', databaseUrl, secret)
      const { port } = await nextMessage<{ port: number }>(ours)
      const heapBefore = (await ask<{ heapBytes: number }>(ours)).heapBytes
      const peer = await start('peers/mercurius.mjs')
      const { port: peerPort } = await nextMessage<{ port: number }>(peer)

      const timesFile = join(folder, 'times')
      const common = { sessionsFile, timesFile, warmUpMs: 3000, measureMs: seconds * 1000 }
      const overHttp = { ...common, via: 'http', sessions: sessionCount, connections: httpConnections } as const
      const overSocket = { ...common, via: 'websocket', sessions: socketCount, connections: socketCount } as const
      const overGateway = {
        ...common,
        via: 'gateway',
        sessions: sessionCount,
        connections: gatewaySockets,
        key,
      } as const
      const load = async (order: LoadOrder, server: ChildProcess) => {
        const before = cpuMs(server)
        const generator = await start('support/heartbeat-load.ts')
        generator.send(order)
        const answer = await nextMessage<LoadAnswer>(generator)
        generator.disconnect()
        const cpuUs = ((cpuMs(server) - before) * 1000) / answer.total
        if (answer.failed > 0) throw new Error(`${answer.failed} connections failed`)
        return { ...answer, cpuUs }
      }
      const measured = { http: [], websocket: [], gateway: [], peer: [] } as Record<Way | 'peer', Measured[]>
      let written = Number.POSITIVE_INFINITY
      let closedRefused = true
      for (let round = 0; round < rounds; round++) {
        for (const [way, order] of [
          ['http', { ...overHttp, port }],
          ['websocket', { ...overSocket, port }],
          ['gateway', { ...overGateway, port }],
        ] as const) {
          const victim = sessions[round * 10 + ways.indexOf(way)]!
          const running = load(order, ours)
          // In the midst of it.
          await pause(common.warmUpMs + common.measureMs / 2)
          await closeSession(db, victim.id)
          bus.publish('consumers', victim.id)
          measured[way].push(await running)
          closedRefused &&= await isRefused(port, victim)
          // By then the last of them has to be on disk.
          await pause(1000)
          written = Math.min(written, await countWritten(db, sessions, timesFile, victim.id))
        }
        measured.peer.push(await load({ ...overHttp, port: peerPort }, peer))
      }
      const { sessions: known, heapBytes } = await ask<{ sessions: number; heapBytes: number }>(ours)
      const rate = (answers: LoadAnswer[]) => median(answers.map(({ accepted, seconds }) => accepted / seconds))
      const beside = { what: 'Mercurius with JIT, over HTTP, on a Map', value: rate(measured.peer) }
      const speed = (what: string, way: Way, goal: number): Figure => {
        const value = rate(measured[way])
        const samples = measured[way].map(({ accepted, seconds }) => accepted / seconds)
        return {
          what,
          value,
          unit: '1/s',
          beside,
          goal: `at least ${goal} times`,
          reached: value >= goal * beside.value,
          samples,
        }
      }
      const cpu = (what: string, way: Way, goal: number): Figure => {
        const [value, theirs] = [measured[way], measured.peer].map((all) => median(all.map(({ cpuUs }) => cpuUs)))
        return {
          what: `processor time of the server for each, ${what}`,
          value: value!,
          unit: 'µs',
          beside: { what: 'Mercurius', value: theirs! },
          goal: `at most ${goal} times`,
          reached: value! <= goal * theirs!,
        }
      }
      const memory = (heapBytes - heapBefore) / known
      return [
        speed(`over HTTP, of ${sessionCount} sessions by their tokens, on PostgreSQL`, 'http', 1),
        speed(`over WebSocket, of ${socketCount} sockets with a token each, on PostgreSQL`, 'websocket', 2),
        speed(
          `over WebSocket, of ${gatewaySessions} sessions by ${gatewaySockets} gateways with a key, ${underWayOfGateway} under way on each`,
          'gateway',
          2,
        ),
        cpu('over HTTP', 'http', 1),
        cpu('over WebSocket', 'websocket', 0.5),
        cpu('over WebSocket by gateways', 'gateway', 0.5),
        {
          what: 'sessions whose last heartbeat was in PostgreSQL 1 s after the end (the fewest of all runs)',
          value: written * 100,
          unit: '%',
          goal: '100 %',
          reached: written === 1,
        },
        {
          what: 'sessions closed during a run whose next heartbeat was refused with CLOSED',
          value: closedRefused ? 100 : 0,
          unit: '%',
          goal: '100 %',
          reached: closedRefused,
        },
        {
          what: 'memory a session',
          value: memory,
          unit: 'bytes',
          goal: 'at most 1,000 bytes',
          reached: memory <= 1000,
        },
      ]
    } finally {
      for (const child of children) if (child.connected) child.disconnect()
      await bus.close()
      await close()
      await postgres.stop()
      await rm(folder, { recursive: true })
    }
  },
}

/** Processor time of a process so far, in ms. */
function cpuMs({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

const ways = ['http', 'websocket', 'gateway'] as const
type Way = (typeof ways)[number]

/** `cpuUs`: what one heartbeat took of a processor in the server's process, writing to PostgreSQL included. */
type Measured = LoadAnswer & { cpuUs: number }

function installPeers(): void {
  if (existsSync(join(peers, 'node_modules/mercurius'))) return
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: peers, stdio: 'inherit' })
}

interface Session {
  id: string
  token: string
}

/** Rows of consumers and heartbeats, and the players' file. */
async function addSessions(db: Database, file: string): Promise<{ sessions: Session[]; key: string }> {
  const projectId = newId('Project')
  const streamId = newId('Stream')
  await db.insert(projects).values({ id: projectId, name: 'bench' })
  const { key, prefix, hash } = await makeKey()
  await insertKey(db, { id: newId('ApiKey'), projectId, name: 'gateway', prefix, hash, scopes: ['PLAY'] })
  await db.insert(streams).values({
    id: streamId,
    projectId,
    name: 'bench',
    source: { kind: 'TEST_PATTERN', width: 320, height: 240, fps: 25, tone: true },
    desiredState: 'RUNNING',
  })
  const tokens = createSessionTokens(hmacSha256(secret))
  const expiresAt = Date.now() + 24 * 3_600_000
  const sessions = Array.from({ length: sessionCount }, () => {
    const id = newId('Consumer')
    return { id, token: tokens.make({ consumerId: id, streamId, projectId, expiresAt }) }
  })
  for (let from = 0; from < sessionCount; from += 5000) {
    const ids = `{${sessions.slice(from, from + 5000).map(({ id }) => id)}}`
    await db.execute(
      sql`insert into consumers (id, project_id, stream_id, client_id, protocol, state) select id, ${projectId}, ${streamId}, 'player', 'MEDIASOUP', 'CONNECTED' from unnest(${ids}::text::text[]) id`,
    )
    await db.execute(
      sql`insert into heartbeats (consumer_id, at) select id, now() from unnest(${ids}::text::text[]) id`,
    )
  }
  await db.execute(sql`vacuum analyze heartbeats`)
  await db.execute(sql`vacuum analyze consumers`)
  await writeFile(file, sessions.map(({ id, token }) => `${id} ${token}\n`).join(''))
  return { sessions, key }
}

async function closeSession(db: Database, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx
      .update(consumers)
      .set({ state: 'CLOSED', closedAt: new Date(), closeReason: 'FORCED' })
      .where(eq(consumers.id, id))
    await tx.delete(heartbeats).where(eq(heartbeats.consumerId, id))
  })
}

async function isRefused(port: number, { id, token }: Session): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: document, operationName: 'Beat', variables: { id } }),
  })
  const { data } = (await response.json()) as { data: { recordHeartbeat: { refusal: string | null } } }
  return data.recordHeartbeat.refusal === 'CLOSED'
}

/** The part of all sessions with a heartbeat in this run whose row has the time of the last one: not before it was sent, not more than a statement's way after it was acknowledged. */
async function countWritten(db: Database, sessions: Session[], timesFile: string, closedId: string): Promise<number> {
  const { buffer, byteOffset, byteLength } = await readFile(timesFile)
  const times = new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength))
  const rows = await db.select({ id: heartbeats.consumerId, at: heartbeats.at }).from(heartbeats)
  const atById = new Map(rows.map(({ id, at }) => [id, at?.getTime() ?? 0]))
  let asked = 0
  let good = 0
  for (let i = 0; i * 2 < times.length; i++) {
    const { id } = sessions[i]!
    const [sentAt, acknowledgedAt] = [times[i * 2]!, times[i * 2 + 1]!]
    if (sentAt === 0 || id === closedId || !atById.has(id)) continue
    asked += 1
    const at = atById.get(id)!
    // What is written is how long ago it was: later by what the statement took on its way, and never earlier.
    if (at >= sentAt - 2 && at <= acknowledgedAt + wayMs) good += 1
  }
  if (asked === 0) throw new Error('no heartbeat was accepted')
  return good / asked
}

async function nextMessage<T>(child: ChildProcess): Promise<T> {
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`a process of the benchmark has ended with ${code}`)),
    ),
  ])
  return message as T
}

function ask<T>(child: ChildProcess): Promise<T> {
  const answer = nextMessage<T>(child)
  child.send('?')
  return answer
}
