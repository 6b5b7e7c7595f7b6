import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { OpenDatabase } from '../src/platform/database/database.ts'
import { openDatabase } from '../src/platform/database/open.ts'
import { silentLogger } from '../src/platform/logs/logger.ts'
import { dropOldPartition } from '../src/samples/partitions.ts'
import { createSampleReaders } from '../src/samples/reader.ts'
import { createSampleRecorder } from '../src/samples/recorder.ts'
import { createSampleStore } from '../src/samples/store.ts'
import { midnight, observationOf, well } from '../test/support/past.ts'
import { startPostgresServer } from '../test/support/postgres-server.ts'
import type { Benchmark, Figure } from './support/figure.ts'

const streamCount = 100
const hours = Number(process.env.BENCH_HOURS ?? 3)
const seconds = Math.round(hours * 3600)
/** Of plain rows: they are slow, and each second costs the same. */
const plainSeconds = Math.min(seconds, 300)
const ids = Array.from({ length: streamCount }, (_, index) => `stream_01h455vb4pex5vsknk084s${1000 + index}`)

/** Samples of 100 streams, a second each, on both databases; beside them the same as one plain row a sample. Time is compressed. */
export const samples: Benchmark = {
  name: 'samples',
  title: `Samples of ${streamCount} streams for ${hours} h`,
  async run() {
    const dataDir = mkdtempSync(join(tmpdir(), 'weir-bench-samples-'))
    try {
      const embedded = await openDatabase({ dataDir, logger: silentLogger })
      const figures = await measure('PGlite', embedded)
      await embedded.close()
      const server = await startPostgresServer()
      try {
        const database = await openDatabase({ databaseUrl: `${server.url}postgres`, dataDir: '', logger: silentLogger })
        figures.push(...(await measure('PostgreSQL', database)))
        await database.close()
      } finally {
        await server.stop()
      }
      return figures
    } finally {
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}

async function measure(name: string, { db, kind }: OpenDatabase): Promise<Figure[]> {
  const clock = { now: midnight }
  const now = () => clock.now
  const store = createSampleStore(db)
  const recorder = createSampleRecorder({ store, run: 'bench', now, logger: silentLogger, flushEveryMs: null })
  const walBytes = async () => number('select pg_current_wal_insert_lsn() - $0')
  const number = async (text: string) => {
    const query = sql.raw(text.replace('$0', `'0/0'::pg_lsn`))
    const [row] = await db.execute<{ value: unknown }>(sql`select (${query}) as value`, 'objects')
    return Number(row!.value)
  }

  const walBefore = await walBytes()
  const times: number[] = []
  for (let second = 0; second < seconds; second++) {
    clock.now = midnight + second * 1000
    const startedAt = performance.now()
    for (const [index, id] of ids.entries()) {
      const noise = (second * 7 + index * 13) % 50
      const seen = observationOf(id, clock.now + index, { fps: 25 + noise / 100 })
      Object.assign(seen.process!, {
        bitrateBps: 2_000_000 + noise * 1371,
        cpuPercent: 8 + noise / 10,
        memoryBytes: 60_000_000 + noise * 4096,
      })
      recorder.stream(seen, well)
    }
    await recorder.flush()
    times.push(performance.now() - startedAt)
    if (kind === 'PGLITE' && second % 300 === 299) await db.execute(sql`checkpoint`)
  }
  await recorder.stop()
  const wal = (await walBytes()) - walBefore
  const sizes = await tierBytes(db)

  const readers = createSampleReaders({ store, memory: { unwritten: () => [] }, now })
  const readStart = performance.now()
  await readers.streams.timelines(ids, { from: clock.now - 3_600_000 * hours, to: clock.now, maxPoints: 180 })
  const wallMs = performance.now() - readStart

  const plain = await measurePlain(db)
  const dropStart = performance.now()
  let dropped = 0
  while ((await dropOldPartition(db, new Date(midnight + 500 * 86_400_000))) > 0) dropped += 1
  const dropMs = (performance.now() - dropStart) / Math.max(1, dropped)

  const mean = times.reduce((sum, each) => sum + each, 0) / times.length
  const worst = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]!
  const perStreamDay = (bytes: number) => ((bytes / streamCount / seconds) * 86_400) / 1024
  return [
    {
      what: `${name}: to take, roll up and write one second of all streams`,
      value: mean,
      unit: 'ms',
      beside: { what: 'a plain row a sample', value: plain.mean },
      goal: 'at most 10 ms',
      reached: mean <= 10,
    },
    {
      what: `${name}: the same, of 100 seconds the slowest but one`,
      value: worst,
      unit: 'ms',
      goal: 'at most 50 ms',
      reached: worst <= 50,
    },
    {
      what: `${name}: write-ahead log a stream and day`,
      value: perStreamDay(wal),
      unit: 'KiB',
      beside: { what: 'a plain row a sample', value: ((plain.wal / streamCount / plainSeconds) * 86_400) / 1024 },
      goal: 'at most 10,000 KiB',
      reached: perStreamDay(wal) <= 10_000,
    },
    ...sizes.map(({ tier, bytes }) => ({
      what: `${name}: kept in the tier ${tier} a stream and day`,
      value: perStreamDay(bytes),
      unit: 'KiB',
      goal: 'to be seen',
      reached: true,
    })),
    {
      what: `${name}: a timeline of all streams, 180 points`,
      value: wallMs,
      unit: 'ms',
      goal: 'at most 1000 ms',
      reached: wallMs <= 1000,
    },
    {
      what: `${name}: to delete a partition`,
      value: dropMs,
      unit: 'ms',
      beside: { what: `to delete ${plainSeconds} s of plain rows`, value: plain.deleteMs },
      goal: 'at most 50 ms',
      reached: dropMs <= 50,
    },
  ]

  async function measurePlain(database: OpenDatabase['db']) {
    await database.execute(
      sql`create table plain_samples (stream_id text, at timestamptz, live boolean, status text, fps float8, bitrate_bps int8, cpu_percent float8, memory_bytes int8, consumers int, primary key (stream_id, at))`,
    )
    const before = await walBytes()
    const startedAt = performance.now()
    for (let second = 0; second < plainSeconds; second++) {
      const at = new Date(midnight + second * 1000).toISOString()
      const rows = ids.map((id) => sql`(${id}, ${at}::timestamptz, true, 'HEALTHY', 25.1, 2000000, 8.1, 60000000, 2)`)
      await database.execute(sql`insert into plain_samples values ${sql.join(rows, sql`, `)}`)
    }
    const mean = (performance.now() - startedAt) / plainSeconds
    const wal = (await walBytes()) - before
    const deleteStart = performance.now()
    await database.execute(sql`delete from plain_samples`)
    const deleteMs = performance.now() - deleteStart
    await database.execute(sql`drop table plain_samples`)
    return { mean, wal, deleteMs }
  }
}

async function tierBytes(db: OpenDatabase['db']): Promise<{ tier: string; bytes: number }[]> {
  const rows = await db.execute<{ parent: string; bytes: unknown }>(
    sql`select inhparent::regclass::text as parent, sum(pg_total_relation_size(inhrelid)) as bytes from pg_inherits join pg_class c on c.oid = inhrelid where c.relkind = 'r' and inhparent::regclass::text like 'samples_%' group by 1 order by 1`,
    'objects',
  )
  return rows.map(({ parent, bytes }) => ({ tier: parent.slice('samples_'.length), bytes: Number(bytes) }))
}
