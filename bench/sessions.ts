import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sql } from 'drizzle-orm'
import { Sweep } from '../src/consumers/sweep.ts'
import { createSessionBook } from '../src/heartbeats/book.ts'
import { createHeartbeatStore } from '../src/heartbeats/store.ts'
import { newId } from '../src/ids.ts'
import { createInProcessBus } from '../src/platform/bus/in-process.ts'
import type { Database, OpenDatabase } from '../src/platform/database/database.ts'
import { openDatabase } from '../src/platform/database/open.ts'
import { consumers, heartbeats, places } from '../src/platform/database/tables.ts'
import { silentLogger } from '../src/platform/logs/logger.ts'
import { createTestApi } from '../test/support/api.ts'
import { startPostgresServer } from '../test/support/postgres-server.ts'
import { addStream } from '../test/support/rows.ts'
import { type Benchmark, type Figure, median, percentile } from './support/figure.ts'

const sessionCount = Number(process.env.BENCH_SESSIONS ?? 100_000)
const streamCount = 100
const sweeps = 20
const crowd = 1000
const pages = 50
const timeoutMs = 60_000
const thousands = `${(sessionCount / 1000).toLocaleString('en')},000`
const stated = 'is stated'

const pageOf =
  '{ consumers(first: 100) { nodes { id state clientId source protocol openedAt lastHeartbeatAt sessionSeconds } } }'

/** Sessions that are open all at once: what the book of heartbeats keeps of each, a look of the sweep, and a page of the list. */
export const sessions: Benchmark = {
  name: 'sessions',
  title: `${thousands} open sessions`,
  async run() {
    const server = await startPostgresServer()
    const dataDir = mkdtempSync(join(tmpdir(), 'weir-bench-sessions-'))
    try {
      const database = await openDatabase({ databaseUrl: `${server.url}postgres`, dataDir: '', logger: silentLogger })
      const figures = await measure('PostgreSQL', database)
      await database.close()
      const embedded = await openDatabase({ dataDir, logger: silentLogger })
      figures.push(...(await measure('PGlite', embedded)))
      await embedded.close()
      return figures
    } finally {
      await server.stop()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}

async function measure(name: string, database: OpenDatabase): Promise<Figure[]> {
  const { db } = database
  const api = await createTestApi({
    ...database,
    url: null,
    countStatements: () => Promise.reject(new Error('unused')),
  })
  const ids = await addSessions(db, api.projectId)
  const figures: Figure[] = []
  if (name === 'PostgreSQL') figures.push(await measureBook(db, api.projectId, ids))

  const clock = { ahead: 0 }
  const sweep = new Sweep({
    ...{ db, timeoutMs, stalledUntil: () => 0, closed: () => {} },
    monotonic: () => performance.now() + clock.ahead,
  })
  clock.ahead = timeoutMs
  await db.execute(sql`update ${heartbeats} set at = now()`)
  await db.execute(sql`vacuum analyze`)
  await sweep.run()
  const quiet: number[] = []
  for (let round = 0; round < sweeps; round++) quiet.push(await timed(() => sweep.run()))
  figures.push(stating(`${name}: a look of the sweep that closes nobody, one statement`, quiet))
  await db.execute(
    sql`update ${heartbeats} set at = now() - interval '2 minutes'
      where consumer_id in (select consumer_id from ${heartbeats} limit ${crowd})`,
  )
  let closed = 0
  const crowdMs = await timed(async () => {
    closed = await sweep.run()
  })
  if (closed !== crowd) throw new Error(`the sweep closed ${closed} sessions, not ${crowd}`)
  figures.push(stating(`${name}: the sweep after ${crowd} fell silent at once`, [crowdMs]))

  const key = api.key('READ')
  const list = (after: string | null) =>
    api.query(after ? pageOf.replace('first: 100', `first: 100, after: "${after}"`) : pageOf, undefined, { key })
  const took: number[] = []
  for (let page = 0; page < pages; page++) {
    took.push(
      await timed(async () => {
        const { data, errors } = await list(null)
        const nodes = (data as { consumers: { nodes: unknown[] } } | null)?.consumers.nodes
        if (nodes?.length !== 100) throw new Error(`a page is not whole: ${JSON.stringify(errors)}`)
      }),
    )
  }
  figures.push(stating(`${name}: a page of 100 sessions by GraphQL, median`, took))
  const p99 = stating(`${name}: the same, p99`, took)
  figures.push({ ...p99, value: percentile(took, 0.99) })
  return figures
}

/** Heap that one session takes in the book once it has been heard of; with its id, which nobody else keeps. */
async function measureBook(db: Database, projectId: string, ids: string[]): Promise<Figure> {
  const book = createSessionBook({
    store: createHeartbeatStore(db),
    bus: createInProcessBus(silentLogger),
    logger: silentLogger,
    now: () => performance.now(),
  })
  const before = heapBytes()
  // Strings of its own, as they come in a request.
  for (const id of ids) book.opened(projectId, Buffer.from(id).toString())
  const value = (heapBytes() - before) / ids.length
  if (book.size !== ids.length) throw new Error('the book has forgotten sessions')
  await book.stop()
  return { what: 'memory of an open session at a node', value, unit: 'bytes', goal: stated, reached: true }
}

async function addSessions(db: Database, projectId: string): Promise<string[]> {
  const streams: string[] = []
  for (let index = 0; index < streamCount; index++) {
    const values = { name: `camera ${index}`, desiredState: 'RUNNING', state: 'LIVE' } as const
    streams.push((await addStream(db, projectId, values)).id)
  }
  const ids: string[] = []
  const atOnce = 1000
  for (let from = 0; from < sessionCount; from += atOnce) {
    const rows = Array.from({ length: Math.min(atOnce, sessionCount - from) }, (_, index) => ({
      id: newId('Consumer'),
      projectId,
      streamId: streams[(from + index) % streamCount]!,
      clientId: `player ${from + index}`,
      source: `agency ${index % 10}`,
      protocol: 'MEDIASOUP' as const,
      state: 'CONNECTED' as const,
    }))
    await db.insert(consumers).values(rows)
    await db.insert(heartbeats).values(rows.map(({ id }) => ({ consumerId: id, at: new Date() })))
    ids.push(...rows.map(({ id }) => id))
  }
  const share = sessionCount / streamCount
  await db
    .insert(places)
    .values([
      { projectId, scope: 'CONSUMERS_OF_PROJECT', key: projectId, taken: sessionCount },
      ...streams.map((key) => ({ projectId, scope: 'CONSUMERS_OF_STREAM' as const, key, taken: share })),
    ])
  return ids
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function stating(what: string, samples: number[]): Figure {
  return { what, value: median(samples), unit: 'ms', goal: stated, reached: true, samples }
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  collect()
  collect()
  return process.memoryUsage().heapUsed
}
