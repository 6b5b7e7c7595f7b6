import { sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { sampleTableName } from './tables.ts'
import { floorTo, type Tier, tiers } from './tiers.ts'

/** Any number, the same in every version: who makes or drops a partition holds the advisory lock under it. */
const partitionLock = 7_391_018_247
/** Dropping waits for readers, and everybody else then waits for it: rather not for long, it is tried again. */
const lockTimeout = '2s'

/** The partition of a tier that a time (ms since the epoch) falls into, named for its start. */
export function partitionOf(tier: Tier, at: number): { name: string; from: number; to: number } {
  const from = floorTo(at, tier.partitionMs)
  const digits = new Date(from).toISOString().slice(0, 13).replaceAll(/\D/g, '')
  return { name: `${sampleTableName(tier.name)}_${digits}`, from, to: from + tier.partitionMs }
}

/** When a partition of this name begins; null for what is none of ours. */
export function startOfPartition(name: string): number | null {
  const match = /_(\d{4})(\d{2})(\d{2})(\d{2})$/.exec(name)
  return match && Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:00:00Z`)
}

/** Makes a partition where it is missing. */
export async function ensurePartition(db: Database, tier: Tier, at: number): Promise<void> {
  const { name, from, to } = partitionOf(tier, at)
  const parent = sql.identifier(sampleTableName(tier.name))
  const table = sql.identifier(name)
  // No parameters are possible here; these are our own numbers.
  const bound = (time: number) => sql.raw(`'${new Date(time).toISOString()}'`)
  await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${partitionLock})`)
    const [found] = await tx.execute<{ exists: boolean }>(
      sql`select to_regclass(${name}) is not null as exists`,
      'objects',
    )
    if (found?.exists) return
    // Made first and attached then: that locks out no reader and no writer of the other partitions.
    await tx.execute(sql`create table ${table} (like ${parent} including all)`)
    await tx.execute(
      sql`alter table ${parent} attach partition ${table} for values from (${bound(from)}) to (${bound(to)})`,
    )
  })
}

/** Drops one partition that holds nothing worth keeping; answers with how many it dropped, 0 where there is none. */
export async function dropOldPartition(db: Database, now: Date): Promise<number> {
  for (const tier of tiers) {
    const rows = await db.execute<{ name: string }>(
      sql`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = to_regclass(${sampleTableName(tier.name)}) order by 1`,
      'objects',
    )
    const old = rows.find(({ name }) => isOld(tier, name, now.getTime()))
    if (!old) continue
    await db.transaction(async (tx) => {
      await tx.execute(sql`select set_config('lock_timeout', ${lockTimeout}, true)`)
      await tx.execute(sql`select pg_advisory_xact_lock(${partitionLock})`)
      await tx.execute(sql`drop table if exists ${sql.identifier(old.name)}`)
    })
    return 1
  }
  return 0
}

function isOld(tier: Tier, name: string, now: number): boolean {
  const start = startOfPartition(name)
  return start !== null && start + tier.partitionMs < now - tier.keptMs
}
