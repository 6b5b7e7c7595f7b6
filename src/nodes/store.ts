import { asc, eq, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { mediaNodes } from '../platform/database/tables.ts'

export type MediaNodeRow = typeof mediaNodes.$inferSelect

/** Says that this node has started, now, by the database's clock. Whether it drains is kept. */
export async function registerNode(
  tx: Database,
  node: { id: string; name: string; version: string; capacity: number },
): Promise<MediaNodeRow> {
  const { name, version, capacity } = node
  const [row] = await tx
    .insert(mediaNodes)
    .values(node)
    .onConflictDoUpdate({
      target: mediaNodes.id,
      set: { name, version, capacity, startedAt: sql`now()`, lastSeenAt: sql`now()` },
    })
    .returning()
  return row!
}

/** Says that this node lives. False: it is not registered. */
export async function touchNode(db: Database, id: string): Promise<boolean> {
  const rows = await db
    .update(mediaNodes)
    .set({ lastSeenAt: sql`clock_timestamp()` })
    .where(eq(mediaNodes.id, id))
    .returning({ id: mediaNodes.id })
  return rows.length === 1
}

export async function listNodes(db: Database): Promise<MediaNodeRow[]> {
  return db.select().from(mediaNodes).orderBy(asc(mediaNodes.id))
}
