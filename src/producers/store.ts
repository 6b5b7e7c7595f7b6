import { and, desc, eq, inArray, ne, sql } from 'drizzle-orm'
import { appendEvents } from '../events/store.ts'
import { newId } from '../ids.ts'
import type { Database } from '../platform/database/database.ts'
import { type EventActor, producers } from '../platform/database/tables.ts'
import type { MediaKind } from '../streams/model.ts'
import type { StreamRow } from '../streams/types.ts'
import type { ProducerCloseReason, ProducerState } from './model.ts'
import type { ProducerRow } from './types.ts'

/** The codec in which each kind leaves Weir by WebRTC. */
export const producerCodecs: Record<MediaKind, string> = { VIDEO: 'H264', AUDIO: 'opus' }

export async function insertProducer(
  tx: Database,
  stream: StreamRow,
  kind: MediaKind,
  ssrc: number,
  actor?: EventActor,
): Promise<ProducerRow> {
  const [row] = await tx
    .insert(producers)
    .values({
      id: newId('Producer'),
      projectId: stream.projectId,
      streamId: stream.id,
      kind,
      codec: producerCodecs[kind],
      ssrcs: [ssrc],
      state: 'CREATED',
      startOrder: stream.startOrder,
    })
    .returning()
  await appendEvents(tx, [
    {
      projectId: stream.projectId,
      type: 'producer.created',
      subjectId: row!.id,
      ...(actor ? { actor } : {}),
      data: { streamId: stream.id, kind, codec: row!.codec },
    },
  ])
  return row!
}

export async function lockProducer(tx: Database, projectId: string, id: string): Promise<ProducerRow | null> {
  const rows = await tx
    .select()
    .from(producers)
    .where(and(eq(producers.id, id), eq(producers.projectId, projectId)))
    .for('update')
  return rows[0] ?? null
}

export async function findProducer(db: Database, id: string): Promise<ProducerRow | null> {
  const rows = await db.select().from(producers).where(eq(producers.id, id))
  return rows[0] ?? null
}

export async function newestProducer(tx: Database, streamId: string, kind: MediaKind): Promise<ProducerRow | null> {
  const rows = await tx
    .select()
    .from(producers)
    .where(and(eq(producers.streamId, streamId), eq(producers.kind, kind)))
    .orderBy(desc(producers.id))
    .limit(1)
  return rows[0] ?? null
}

/** Every producer that is not closed, and how old it is by the database's clock. */
export async function openProducersWithAge(db: Database) {
  return db
    .select({
      id: producers.id,
      streamId: producers.streamId,
      state: producers.state,
      uptimeSeconds: sql<number>`greatest(0, extract(epoch from now() - ${producers.createdAt}))::float8`.mapWith(
        Number,
      ),
    })
    .from(producers)
    .where(ne(producers.state, 'CLOSED'))
}

/** Closes what is open of these producers, with an event each. `startOrder`: the stream's, to know until when it holds. */
export async function closeProducers(
  tx: Database,
  ids: string[],
  reason: ProducerCloseReason,
  startOrder: number,
  actor?: EventActor,
): Promise<ProducerRow[]> {
  if (ids.length === 0) return []
  const rows = await tx
    .update(producers)
    .set({ state: 'CLOSED', stateSince: sql`now()`, closedAt: sql`now()`, closeReason: reason, startOrder })
    .where(and(inArray(producers.id, ids), ne(producers.state, 'CLOSED')))
    .returning()
  await appendEvents(
    tx,
    rows.map((row) => ({
      projectId: row.projectId,
      type: 'producer.closed' as const,
      subjectId: row.id,
      ...(actor ? { actor } : {}),
      data: { streamId: row.streamId, kind: row.kind, reason },
    })),
  )
  return rows
}

/** What a node observes of a producer; nothing is written where it is so already, or has been closed meanwhile. */
export async function saveProducerState(
  tx: Database,
  row: ProducerRow,
  state: Exclude<ProducerState, 'CLOSED'>,
): Promise<{ id: string }[]> {
  const changed = await tx
    .update(producers)
    .set({ state, stateSince: sql`now()` })
    .where(and(eq(producers.id, row.id), ne(producers.state, 'CLOSED'), ne(producers.state, state)))
    .returning({ id: producers.id })
  if (changed.length === 0) return changed
  await appendEvents(tx, [
    {
      projectId: row.projectId,
      type: 'producer.state_changed',
      subjectId: row.id,
      data: { streamId: row.streamId, kind: row.kind, from: row.state, to: state },
    },
  ])
  return changed
}

/** The producer that stands for a stream where only one is shown: an open one before a closed one, video before audio, the newest. */
export async function mainProducer(db: Database, streamId: string): Promise<ProducerRow | null> {
  const rows = await db
    .select()
    .from(producers)
    .where(eq(producers.streamId, streamId))
    .orderBy(sql`${producers.state} = 'CLOSED'`, sql`${producers.kind} <> 'VIDEO'`, desc(producers.id))
    .limit(1)
  return rows[0] ?? null
}

/** A project's producers that are not closed, the newest first. */
export async function listOpenProducers(db: Database, projectId: string, limit: number): Promise<ProducerRow[]> {
  return db
    .select()
    .from(producers)
    .where(and(eq(producers.projectId, projectId), ne(producers.state, 'CLOSED')))
    .orderBy(desc(producers.id))
    .limit(limit)
}
