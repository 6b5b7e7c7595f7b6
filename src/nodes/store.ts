import { and, asc, desc, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import { appendEvents } from '../events/store.ts'
import type { Database } from '../platform/database/database.ts'
import { cluster, mediaNodes, streams } from '../platform/database/tables.ts'
import type { NodeAddress } from './call.ts'

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
      set: {
        name,
        version,
        capacity,
        startedAt: sql`now()`,
        lastSeenAt: sql`now()`,
        stoppedAt: null,
        lostAt: null,
        consumers: 0,
        cpuPercent: null,
      },
    })
    .returning()
  return row!
}

/** What a node tells of itself. */
export interface NodeFigures {
  consumers: number
  /** Of all cores together, 0 to 100; null where it isn't known (yet). */
  cpuPercent: number | null
}

/** Says that this node lives, and how it is. False: it is not registered. */
export async function touchNode(db: Database, id: string, figures?: NodeFigures): Promise<boolean> {
  const rows = await db
    .update(mediaNodes)
    .set({ lastSeenAt: sql`clock_timestamp()`, lostAt: null, ...figures })
    .where(eq(mediaNodes.id, id))
    .returning({ id: mediaNodes.id })
  return rows.length === 1
}

/** Says where the others reach it. */
export async function saveNodeUrl(db: Database, id: string, url: string): Promise<void> {
  await db.update(mediaNodes).set({ url }).where(eq(mediaNodes.id, id))
}

/** Says that this node ends in order. */
export async function nodeStopped(tx: Database, id: string): Promise<void> {
  await tx
    .update(mediaNodes)
    .set({ stoppedAt: sql`clock_timestamp()`, consumers: 0, cpuPercent: null })
    .where(eq(mediaNodes.id, id))
}

export async function listNodes(db: Database): Promise<MediaNodeRow[]> {
  return db.select().from(mediaNodes).orderBy(asc(mediaNodes.id))
}

/** Those that have neither ended nor been lost, the newest signs of life first. */
export async function runningNodes(db: Database, limit: number): Promise<MediaNodeRow[]> {
  return db
    .select()
    .from(mediaNodes)
    .where(and(isNull(mediaNodes.stoppedAt), isNull(mediaNodes.lostAt)))
    .orderBy(desc(mediaNodes.lastSeenAt), asc(mediaNodes.id))
    .limit(limit)
}

/**
 * Writes down, with its event in the log of `projectId`, that a node is lost that was last seen as `node` says. False: it has shown itself
 * since, or another was first to notice.
 */
export async function markNodeLost(
  db: Database,
  projectId: string,
  node: Pick<MediaNodeRow, 'id' | 'name' | 'lastSeenAt'>,
): Promise<boolean> {
  const { id, name, lastSeenAt } = node
  return db.transaction(async (tx) => {
    const rows = await tx
      .update(mediaNodes)
      .set({ lostAt: sql`now()`, consumers: 0, cpuPercent: null })
      .where(
        and(
          eq(mediaNodes.id, id),
          eq(mediaNodes.lastSeenAt, lastSeenAt),
          isNull(mediaNodes.lostAt),
          isNull(mediaNodes.stoppedAt),
        ),
      )
      .returning({ id: mediaNodes.id })
    if (rows.length === 0) return false
    const data = { name, lastSeenAt: lastSeenAt.toISOString() }
    await appendEvents(tx, [{ type: 'node.lost', projectId, subjectId: id, data }])
    return true
  })
}

/** The row, locked until the transaction ends. */
export async function lockNode(tx: Database, id: string): Promise<MediaNodeRow | null> {
  const rows = await tx.select().from(mediaNodes).where(eq(mediaNodes.id, id)).for('update')
  return rows[0] ?? null
}

export async function saveDraining(tx: Database, id: string, draining: boolean): Promise<MediaNodeRow> {
  const [row] = await tx.update(mediaNodes).set({ draining }).where(eq(mediaNodes.id, id)).returning()
  return row!
}

/** What the nodes of one database know each other by: `fresh` is kept where there is none yet. */
export async function nodeSecret(db: Database, fresh: string): Promise<string> {
  await db.insert(cluster).values({ id: 1, nodeSecret: fresh }).onConflictDoNothing()
  const [row] = await db.select({ secret: cluster.nodeSecret }).from(cluster).where(eq(cluster.id, 1))
  return row!.secret
}

/** Which other node runs each of these streams, and where it is reached; what no other node runs is absent. */
export async function otherOwners(
  db: Database,
  selfId: string,
  streamIds: string[],
): Promise<Map<string, NodeAddress>> {
  const { id, name, url } = mediaNodes
  const rows = await db
    .select({ streamId: streams.id, id, name, url })
    .from(streams)
    .innerJoin(mediaNodes, eq(mediaNodes.id, streams.mediaNodeId))
    .where(and(inArray(streams.id, streamIds), ne(mediaNodes.id, selfId)))
  return new Map(rows.map(({ streamId, ...node }) => [streamId, node]))
}
