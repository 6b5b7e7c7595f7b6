import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { NodeAddress } from '../nodes/call.ts'
import type { Database } from '../platform/database/database.ts'
import { consumers, heartbeats, mediaNodes, projects, streams } from '../platform/database/tables.ts'
import type { Quotas } from '../reservations/model.ts'
import type { StreamRow } from '../streams/types.ts'
import type { ConsumerRow } from './types.ts'

/** A stream as whoever opens a session on it has to know it. */
export interface StreamToWatch {
  stream: StreamRow
  quotas: Quotas
}

/**
 * A stream, kept from being ordered about or deleted until the transaction ends; many may hold it so. One that starts on demand is not held: who opens
 * a session there locks it alone. Null: not there, deleted, or another project's.
 */
export async function holdStream(tx: Database, projectId: string, id: string): Promise<StreamToWatch | null> {
  const read = (onDemand: boolean) =>
    tx
      .select({ stream: streams, quotas: projects.quotas })
      .from(streams)
      .innerJoin(projects, eq(projects.id, streams.projectId))
      .where(
        and(
          eq(streams.id, id),
          eq(streams.projectId, projectId),
          isNull(streams.deletedAt),
          eq(streams.onDemand, onDemand),
        ),
      )
  const [held] = await read(false).for('key share', { of: streams })
  return held ?? (await read(true))[0] ?? null
}

/** The stream, without a lock; deleted ones too. Null: not there. */
export async function findStream(db: Database, id: string): Promise<StreamRow | null> {
  const rows = await db.select().from(streams).where(eq(streams.id, id))
  return rows[0] ?? null
}

/** A session that is open from now on, with its first sign of life. Its place is taken in the same transaction. */
export async function insertConsumer(tx: Database, row: typeof consumers.$inferInsert): Promise<ConsumerRow> {
  const [inserted] = await tx.insert(consumers).values(row).returning()
  await tx.insert(heartbeats).values({ consumerId: inserted!.id, at: sql`now()` })
  return inserted!
}

export async function findConsumer(db: Database, id: string): Promise<ConsumerRow | null> {
  const rows = await db.select().from(consumers).where(eq(consumers.id, id))
  return rows[0] ?? null
}

export async function lockConsumer(tx: Database, id: string): Promise<ConsumerRow | null> {
  const rows = await tx.select().from(consumers).where(eq(consumers.id, id)).for('update')
  return rows[0] ?? null
}

/** A transport is to come, in place of an earlier one: what is told of that from now on is told too late. */
export async function saveReopened(tx: Database, row: ConsumerRow, mediaNodeId: string | null): Promise<ConsumerRow> {
  const [reopened] = await tx
    .update(consumers)
    .set({ state: 'NEW', stateSince: sql`now()`, incarnation: row.incarnation + 1, mediaNodeId })
    .where(eq(consumers.id, row.id))
    .returning()
  await tx.update(heartbeats).set({ at: sql`now()` }).where(eq(heartbeats.consumerId, row.id))
  return reopened!
}

/** Where the transport of an open session is about to be made. False: it was closed or reopened meanwhile. */
export async function saveMediaNode(
  db: Database,
  { id, incarnation }: Pick<ConsumerRow, 'id' | 'incarnation'>,
  mediaNodeId: string,
): Promise<boolean> {
  const rows = await db
    .update(consumers)
    .set({ mediaNodeId })
    .where(and(eq(consumers.id, id), eq(consumers.incarnation, incarnation), sql`${consumers.state} <> 'CLOSED'`))
    .returning({ id: consumers.id })
  return rows.length === 1
}

/** Where nodes are reached; unknown ones are absent. */
export async function findNodes(db: Database, ids: readonly string[]): Promise<Map<string, NodeAddress>> {
  if (ids.length === 0) return new Map()
  const { id, name, url } = mediaNodes
  const rows = await db
    .select({ id, name, url })
    .from(mediaNodes)
    .where(inArray(mediaNodes.id, [...ids]))
  return new Map(rows.map((node) => [node.id, node]))
}
