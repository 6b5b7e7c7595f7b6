import type { OpenDatabase } from './database.ts'

const minute = 60_000

/**
 * What has to be done from time to time, and how often. PGlite is one process without checkpointer and autovacuum, so
 * both are ours there: without checkpoints the write-ahead log grows for good, and the next start after a kill replays all of it.
 */
export const housekeepingTasks = {
  CHECKPOINT: { everyMs: 5 * minute, pgliteOnly: true },
  VACUUM: { everyMs: 15 * minute, pgliteOnly: true },
  DELETE_OLD: { everyMs: 10 * minute, pgliteOnly: false },
} as const satisfies Record<string, { everyMs: number; pgliteOnly: boolean }>

export type HousekeepingTask = keyof typeof housekeepingTasks

/** When each task last ended, in ms since the epoch; a start counts as all of them. */
export type LastRuns = Readonly<Record<HousekeepingTask, number>>

/** The tasks that are due on this kind of database: deleting before vacuuming what was deleted, the checkpoint of both last. */
export function dueTasks(kind: OpenDatabase['kind'], last: LastRuns, now: number): HousekeepingTask[] {
  return (['DELETE_OLD', 'VACUUM', 'CHECKPOINT'] as const).filter((task) => {
    const { everyMs, pgliteOnly } = housekeepingTasks[task]
    return (kind === 'PGLITE' || !pgliteOnly) && now - last[task] >= everyMs
  })
}

/** What the statistics say of one table since it was last vacuumed or analysed. */
export interface TableChanges {
  name: string
  rows: number
  deadRows: number
  changedRows: number
}

/** As autovacuum decides: a fifth of the rows dead, or a tenth of them changed, and more than a few. */
export function tablesToVacuum(tables: readonly TableChanges[]): { name: string; vacuum: boolean; analyze: boolean }[] {
  return tables
    .map(({ name, rows, deadRows, changedRows }) => ({
      name,
      vacuum: deadRows > 50 + rows * 0.2,
      analyze: changedRows > 50 + rows * 0.1,
    }))
    .filter(({ vacuum, analyze }) => vacuum || analyze)
}
