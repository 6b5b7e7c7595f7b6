/**
 * How long the embedded database takes to open after hours of load and a SIGKILL, with housekeeping and without it.
 *
 *     node bench/database-restart.ts [hours, 12] [streams, 50]
 *
 * The load is what the server writes in that time: every 3 s the leases of all streams are renewed and the node is touched,
 * once a minute each stream changes its state, with its event. Time is compressed: housekeeping goes by a clock that jumps.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eq, sql } from 'drizzle-orm'
import { defaultEventRetention, deleteOldEvents } from '../src/events/retention.ts'
import { appendEvents, numberEvents } from '../src/events/store.ts'
import { newId } from '../src/ids.ts'
import { claimLease, renewLeases } from '../src/nodes/leases-store.ts'
import { registerNode, touchNode } from '../src/nodes/store.ts'
import { createHousekeeping } from '../src/platform/database/housekeeping.ts'
import { openDatabase } from '../src/platform/database/open.ts'
import { projects, streams } from '../src/platform/database/tables.ts'
import { type Logger, silentLogger } from '../src/platform/logs/logger.ts'

const renewEveryMs = 3000
const self = fileURLToPath(import.meta.url)

/** Writes the load into `dataDir` and kills itself; prints what housekeeping took of the thread. */
async function load(dataDir: string, hours: number, streamCount: number, keepHouse: boolean): Promise<never> {
  const database = await openDatabase({ dataDir, logger: silentLogger })
  const { db } = database
  const node = await registerNode(db, {
    id: newId('MediaNode'),
    name: 'bench',
    version: '0.0.0',
    capacity: streamCount,
  })
  await db.insert(projects).values({ id: 'project_bench', name: 'bench' })
  const held = new Map<string, number>()
  for (let i = 0; i < streamCount; i++) {
    const id = newId('Stream')
    await db.insert(streams).values({
      id,
      projectId: 'project_bench',
      name: `stream ${i}`,
      source: { kind: 'RTSP', url: `rtsp://camera-${i}.example/stream` },
      desiredState: 'RUNNING',
      mediaNodeId: node.id,
    })
    held.set(id, (await claimLease(db, id, node.id))!)
  }

  const took: Record<string, { runs: number; totalMs: number; worstMs: number }> = {}
  const logger: Logger = {
    ...silentLogger,
    debug(context) {
      const { task, tookMs } = context as { task: string; tookMs: number }
      took[task] ??= { runs: 0, totalMs: 0, worstMs: 0 }
      const sum = took[task]
      sum.runs++
      sum.totalMs += tookMs
      sum.worstMs = Math.max(sum.worstMs, tookMs)
    },
  }
  const startedAt = Date.now()
  const housekeeping = createHousekeeping({
    database,
    logger,
    startedAt,
    deleteOld: [(now) => deleteOldEvents(db, defaultEventRetention.PGLITE, now)],
  })

  const ticks = (hours * 3_600_000) / renewEveryMs
  for (let tick = 1; tick <= ticks; tick++) {
    await renewLeases(db, node.id, held)
    await touchNode(db, node.id)
    if (tick % 20 === 0) await changeStates([...held.keys()], tick % 40 === 0)
    if (keepHouse) await housekeeping.runDue(startedAt + tick * renewEveryMs)
  }
  process.stdout.write(`${JSON.stringify(took)}\n`, () => process.kill(process.pid, 'SIGKILL'))
  return new Promise(() => {})

  async function changeStates(ids: string[], live: boolean): Promise<void> {
    const [from, to] = live ? (['RECOVERING', 'LIVE'] as const) : (['LIVE', 'RECOVERING'] as const)
    for (const id of ids) {
      await db.transaction(async (tx) => {
        await tx
          .update(streams)
          .set({ state: to, stateSince: sql`now()`, updatedAt: sql`now()` })
          .where(eq(streams.id, id))
        await appendEvents(tx, [
          {
            type: 'stream.state_changed',
            projectId: 'project_bench',
            subjectId: id,
            data: {
              from,
              to,
              reason: live ? null : 'no packets for 5 s',
              cause: live ? null : 'STALLED',
              mediaNodeId: node.id,
            },
          },
        ])
      })
    }
    await numberEvents(db)
  }
}

/** Opens it and prints how long that took, in this process alone. */
async function open(dataDir: string): Promise<void> {
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  const { db, close } = await openDatabase({ dataDir, logger: silentLogger })
  await db.execute(sql`select count(*) from ${streams}`)
  const { user, system } = process.cpuUsage(cpuBefore)
  process.stdout.write(`${JSON.stringify({ wallMs: performance.now() - startedAt, cpuMs: (user + system) / 1000 })}\n`)
  await close()
}

async function run(...args: (string | number)[]): Promise<string> {
  const child = spawn(process.execPath, [self, ...args.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  await once(child, 'close')
  return output.trim()
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => {
    const entry = statSync(join(folder, name))
    return entry.isFile() ? sum + entry.size : sum
  }, 0)
}

const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MB`

function opening(output: string): string {
  const { wallMs, cpuMs } = JSON.parse(output) as { wallMs: number; cpuMs: number }
  return `${wallMs.toFixed(0)} ms (${cpuMs.toFixed(0)} ms of processor)`
}

async function measure(hours: number, streamCount: number, keepHouse: boolean): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'weir-bench-'))
  try {
    const took = await run('load', dataDir, hours, streamCount, keepHouse ? 'yes' : 'no')
    const database = join(dataDir, 'database')
    const [wal, all] = [folderBytes(join(database, 'pg_wal')), folderBytes(database)]
    const killed = opening(await run('open', dataDir))
    const closed = opening(await run('open', dataDir))
    console.log(
      `${keepHouse ? 'with' : 'without'} housekeeping: after ${hours} h of ${streamCount} streams and SIGKILL`,
    )
    console.log(`  write-ahead log ${megabytes(wal)}, database in all ${megabytes(all)}`)
    console.log(`  opens in ${killed}; after a clean close in ${closed}`)
    for (const [task, { runs, totalMs, worstMs }] of Object.entries(
      JSON.parse(took) as Record<string, { runs: number; totalMs: number; worstMs: number }>,
    )) {
      console.log(`  ${task}: ${runs} runs, ${(totalMs / runs).toFixed(0)} ms each, ${worstMs} ms at worst`)
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const [mode = '12', ...rest] = process.argv.slice(2)
if (mode === 'load') await load(rest[0]!, Number(rest[1]), Number(rest[2]), rest[3] === 'yes')
else if (mode === 'open') await open(rest[0]!)
else {
  for (const keepHouse of [true, false]) await measure(Number(mode), Number(rest[0] ?? 50), keepHouse)
}
