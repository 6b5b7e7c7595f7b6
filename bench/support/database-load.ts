import { eq, sql } from 'drizzle-orm'
import { defaultEventRetention, deleteOldEvents } from '../../src/events/retention.ts'
import { appendEvents, numberEvents } from '../../src/events/store.ts'
import { newId } from '../../src/ids.ts'
import { claimLease, renewLeases } from '../../src/nodes/leases-store.ts'
import { registerNode, touchNode } from '../../src/nodes/store.ts'
import { createHousekeeping } from '../../src/platform/database/housekeeping.ts'
import { openDatabase } from '../../src/platform/database/open.ts'
import { projects, streams } from '../../src/platform/database/tables.ts'
import { type Logger, silentLogger } from '../../src/platform/logs/logger.ts'

/**
 * The other process of database-restart.ts: `load FOLDER HOURS STREAMS yes|no` writes what a server writes in that time, with
 * housekeeping or without, and kills itself; `open FOLDER` opens it. Each prints its figures as one line of JSON.
 *
 * What a server writes: every 3 s the leases of all streams are renewed and the node is touched; once a minute each stream
 * changes its state, with its event. Time is compressed: housekeeping goes by a clock that jumps.
 */
const renewEveryMs = 3000

/** What housekeeping took of the server's thread. */
export interface LoadFigures {
  worstTaskMs: number
  tasks: Record<string, { runs: number; totalMs: number; worstMs: number }>
}

export interface OpenFigures {
  wallMs: number
  cpuMs: number
}

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

  const took: LoadFigures['tasks'] = {}
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
  const worstTaskMs = Math.max(0, ...Object.values(took).map((task) => task.worstMs))
  const figures: LoadFigures = { worstTaskMs, tasks: took }
  process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.kill(process.pid, 'SIGKILL'))
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

async function open(dataDir: string): Promise<void> {
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  const { db, close } = await openDatabase({ dataDir, logger: silentLogger })
  await db.execute(sql`select count(*) from ${streams}`)
  const { user, system } = process.cpuUsage(cpuBefore)
  const figures: OpenFigures = { wallMs: performance.now() - startedAt, cpuMs: (user + system) / 1000 }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  await close()
}

const [mode, dataDir = '', hours, streamCount, keepHouse] = process.argv.slice(2)
if (mode === 'load') await load(dataDir, Number(hours), Number(streamCount), keepHouse === 'yes')
else if (mode === 'open') await open(dataDir)
