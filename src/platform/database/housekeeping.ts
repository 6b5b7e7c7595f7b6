import { sql } from 'drizzle-orm'
import type { Logger } from '../logs/logger.ts'
import type { OpenDatabase } from './database.ts'
import { dueTasks, type HousekeepingTask, tablesToVacuum } from './housekeeping-schedule.ts'

/** Deletes one small batch of what is older than it may be; answers with how many rows it deleted, 0 when there are none. */
export type DeleteOld = (now: Date) => Promise<number>

export interface Housekeeping {
  /** Does what is due at `now` (ms since the epoch), a task after the other; at once when nothing is. */
  runDue(now: number): Promise<void>
}

/** Batches of one deletion in one run: what is more waits for the next. */
const maxBatches = 1000

export function createHousekeeping(deps: {
  database: Pick<OpenDatabase, 'db' | 'kind'>
  deleteOld: readonly DeleteOld[]
  logger: Logger
  /** When the last tasks ended, in ms since the epoch: now, as a rule. */
  startedAt: number
}): Housekeeping {
  const { db, kind } = deps.database
  const last: Record<HousekeepingTask, number> = {
    CHECKPOINT: deps.startedAt,
    VACUUM: deps.startedAt,
    DELETE_OLD: deps.startedAt,
  }

  const tasks: Record<HousekeepingTask, (now: number) => Promise<unknown>> = {
    CHECKPOINT: () => db.execute(sql`checkpoint`),
    VACUUM: vacuumChanged,
    async DELETE_OLD(now) {
      for (const deleteBatch of deps.deleteOld) {
        for (let batch = 0; batch < maxBatches && (await deleteBatch(new Date(now))) > 0; batch++) {
          // PGlite works on this thread: let the others come first.
          await new Promise((resolve) => setTimeout(resolve, 0))
        }
      }
    },
  }

  async function vacuumChanged(): Promise<void> {
    // Statistics lag behind by up to a second of work otherwise.
    await db.execute(sql`select pg_stat_force_next_flush()`)
    const rows = await db.execute<{ name: string; rows: unknown; dead: unknown; changed: unknown }>(
      sql`select relname as name, n_live_tup as rows, n_dead_tup as dead, n_mod_since_analyze as changed from pg_stat_user_tables where schemaname = 'public'`,
      'objects',
    )
    const changes = rows.map(({ name, rows, dead, changed }) => ({
      name,
      rows: Number(rows),
      deadRows: Number(dead),
      changedRows: Number(changed),
    }))
    for (const { name, vacuum, analyze } of tablesToVacuum(changes)) {
      const table = sql.identifier(name)
      await db.execute(
        !vacuum ? sql`analyze ${table}` : analyze ? sql`vacuum (analyze) ${table}` : sql`vacuum ${table}`,
      )
    }
  }

  return {
    async runDue(now) {
      for (const task of dueTasks(kind, last, now)) {
        const startedAt = performance.now()
        try {
          await tasks[task](now)
          deps.logger.debug({ task, tookMs: Math.round(performance.now() - startedAt) }, 'housekeeping done')
        } catch (error) {
          deps.logger.warn({ err: error, task }, 'housekeeping failed; again when it is next due')
        }
        last[task] = now
      }
    },
  }
}

const lookEveryMs = 30_000

/** Runs housekeeping for as long as the database is open. */
export function startHousekeeping(deps: Omit<Parameters<typeof createHousekeeping>[0], 'startedAt'>): {
  stop(): Promise<void>
} {
  const housekeeping = createHousekeeping({ ...deps, startedAt: Date.now() })
  let running: Promise<void> | null = null
  const timer = setInterval(() => {
    running ??= housekeeping.runDue(Date.now()).finally(() => {
      running = null
    })
  }, lookEveryMs)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
