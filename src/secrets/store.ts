import { eq, isNotNull } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { cluster, streams } from '../platform/database/tables.ts'

/** What was sealed with the database's key to know it by; null where none has been told yet. The row is locked until the transaction ends. */
export async function lockKeyCheck(tx: Database): Promise<string | null> {
  const [row] = await tx.select({ check: cluster.secretKeyCheck }).from(cluster).where(eq(cluster.id, 1)).for('update')
  if (!row) throw new TypeError('the row of the cluster is missing')
  return row.check
}

export async function saveKeyCheck(tx: Database, check: string): Promise<void> {
  await tx.update(cluster).set({ secretKeyCheck: check }).where(eq(cluster.id, 1))
}

/** Is anything sealed in this database? */
export async function hasSealed(tx: Database): Promise<boolean> {
  const rows = await tx.select({ id: streams.id }).from(streams).where(isNotNull(streams.sourceSecret)).limit(1)
  return rows.length > 0
}
