import { and, asc, desc, eq, inArray, isNull, ne, or, sql } from 'drizzle-orm'
import type { EventData, NewEvent } from '../events/model.ts'
import { appendEvents } from '../events/store.ts'
import { type HealthIssue, type HealthView, healthDiffers } from '../health/model.ts'
import type { Database } from '../platform/database/database.ts'
import { leases, producers, streams } from '../platform/database/tables.ts'
import type { ProducerRow } from '../producers/types.ts'
import type { ProcessExit, SourceTrack } from './model.ts'
import type { StateView } from './plan.ts'
import type { StreamRow } from './types.ts'

export async function insertStream(tx: Database, row: typeof streams.$inferInsert): Promise<StreamRow> {
  const [inserted] = await tx.insert(streams).values(row).returning()
  return inserted!
}

/** The row, locked until the transaction ends, so that two orders follow one another. Null: not there, deleted, or another project's. */
export async function lockStream(tx: Database, projectId: string, id: string): Promise<StreamRow | null> {
  const rows = await tx
    .select()
    .from(streams)
    .where(and(eq(streams.id, id), eq(streams.projectId, projectId), isNull(streams.deletedAt)))
    .for('update')
  return rows[0] ?? null
}

export async function updateStream(
  tx: Database,
  id: string,
  patch: Partial<typeof streams.$inferInsert>,
): Promise<StreamRow> {
  const [row] = await tx
    .update(streams)
    .set({ ...patch, updatedAt: sql`now()` })
    .where(eq(streams.id, id))
    .returning()
  return row!
}

export async function findStreams(db: Database, projectId: string, ids: string[]): Promise<StreamRow[]> {
  return db
    .select()
    .from(streams)
    .where(and(eq(streams.projectId, projectId), inArray(streams.id, ids)))
}

/** Whose a stream is that is not deleted, and how many may watch it; null where there is no such stream. */
export async function findWatchable(
  db: Database,
  id: string,
): Promise<{ projectId: string; maxConsumers: number | null } | null> {
  const rows = await db
    .select({ projectId: streams.projectId, maxConsumers: streams.maxConsumers })
    .from(streams)
    .where(and(eq(streams.id, id), isNull(streams.deletedAt)))
  return rows[0] ?? null
}

/** Every stream that there ever was, deleted ones too. */
export async function countStreams(db: Database): Promise<number> {
  const [row] = await db.select({ count: sql<number>`count(*)::int` }).from(streams)
  return row!.count
}

/** Every stream that is not deleted, and for how long it has been in its state by the database's clock. */
export async function streamsWithAge(db: Database) {
  return db
    .select({
      id: streams.id,
      name: streams.name,
      state: streams.state,
      desiredState: streams.desiredState,
      mediaNodeId: streams.mediaNodeId,
      restarts: streams.restarts,
      hasExited: sql<boolean>`${streams.lastExit} is not null`.mapWith(Boolean),
      hasAudio: sql<boolean>`coalesce(${streams.sourceTracks} @> '[{"kind":"AUDIO"}]', false)`.mapWith(Boolean),
      secondsInState: sql<number>`greatest(0, extract(epoch from now() - ${streams.stateSince}))::float8`.mapWith(
        Number,
      ),
    })
    .from(streams)
    .where(isNull(streams.deletedAt))
}

/** What a node has to know to run a stream. Producers: the open ones, and the newest closed one of each kind. */
export async function loadStream(
  db: Database,
  id: string,
): Promise<{ row: StreamRow; producers: ProducerRow[] } | null> {
  const [row] = await db.select().from(streams).where(eq(streams.id, id))
  if (!row) return null
  const rows = await db
    .selectDistinctOn([producers.kind])
    .from(producers)
    .where(eq(producers.streamId, id))
    .orderBy(asc(producers.kind), sql`${producers.id} desc`)
  return { row, producers: rows }
}

/**
 * Streams that this node may have work with: an order not carried out, or one that should run, where nobody holds the lease; and those
 * that this node holds and does not renew. `reclaim`: all of its own, for a process that has just started. What another node holds is that
 * node's.
 */
export async function streamsNeedingAttention(
  db: Database,
  { nodeId, reclaim, limit }: { nodeId: string; reclaim: boolean; limit: number },
): Promise<{ id: string; own: boolean }[]> {
  const own = sql`${leases.ownerNodeId} = ${nodeId}`
  const rows = await db
    .select({ id: streams.id, ownerNodeId: leases.ownerNodeId })
    .from(streams)
    .leftJoin(leases, eq(leases.resourceId, streams.id))
    .where(
      and(
        or(isNull(leases.ownerNodeId), own),
        or(
          ne(streams.generation, streams.observedGeneration),
          and(
            eq(streams.desiredState, 'RUNNING'),
            isNull(streams.deletedAt),
            ne(streams.state, 'STOPPED'),
            isNull(leases.ownerNodeId),
          ),
          and(own, reclaim ? undefined : sql`${leases.expiresAt} <= now()`),
        ),
      ),
    )
    .orderBy(asc(streams.id))
    .limit(limit)
  return rows.map(({ id, ownerNodeId }) => ({ id, own: ownerNodeId === nodeId }))
}

export interface StateWrite {
  view: StateView
  observedGeneration: number
  mediaNodeId: string | null
  restarts: number
  lastExit: ProcessExit | null
  health: HealthView
  /** When this was seen, ms since the epoch. */
  at: number
  /** Written long after that: its events bear that time too. */
  late?: boolean
}

/** Writes a change of state with its event, within the transaction of a node that holds the stream's lease. */
export async function saveState(tx: Database, before: StreamRow, write: StateWrite): Promise<StreamRow> {
  const { state, cause, reason } = write.view
  const at = new Date(write.at)
  const [row] = await tx
    .update(streams)
    .set({
      state,
      stateCause: cause,
      stateReason: reason,
      ...(state === before.state ? {} : { stateSince: at }),
      observedGeneration: write.observedGeneration,
      mediaNodeId: write.mediaNodeId,
      restarts: write.restarts,
      lastExit: write.lastExit,
      health: write.health.status,
      healthIssues: write.health.issues,
      ...(write.health.status === before.health ? {} : { healthSince: at }),
      updatedAt: sql`now()`,
    })
    .where(eq(streams.id, before.id))
    .returning()
  const about = { projectId: before.projectId, subjectId: before.id }
  const events: NewEvent[] = []
  if (state !== before.state || cause !== before.stateCause) {
    const data = { from: before.state, to: state, reason, cause, mediaNodeId: write.mediaNodeId }
    events.push({ ...about, type: 'stream.state_changed', data })
  }
  const healthBefore = { status: before.health, issues: before.healthIssues }
  if (healthDiffers(healthBefore, write.health)) {
    events.push({ ...about, type: 'stream.health_changed', data: healthChange(healthBefore, write.health) })
  }
  await appendEvents(tx, events, write.late ? at : undefined)
  return row!
}

function healthChange(before: HealthView, after: HealthView): EventData['stream.health_changed'] {
  const same = (a: HealthIssue) => (b: HealthIssue) => a.type === b.type && a.track === b.track
  return {
    from: before.status,
    to: after.status,
    opened: after.issues.filter((issue) => !before.issues.some(same(issue))),
    closed: before.issues.filter((issue) => !after.issues.some(same(issue))).map(({ type }) => type),
  }
}

/** Keeps what was learnt of the source, unless the source has been changed meanwhile. */
export async function saveTracks(tx: Database, row: StreamRow, tracks: SourceTrack[]): Promise<StreamRow[]> {
  return tx
    .update(streams)
    .set({ sourceTracks: tracks, updatedAt: sql`now()` })
    .where(and(eq(streams.id, row.id), eq(streams.startOrder, row.startOrder)))
    .returning()
}

/** A project's streams that should run, the newest first. */
export async function listWantedStreams(db: Database, projectId: string, limit: number): Promise<StreamRow[]> {
  return db
    .select()
    .from(streams)
    .where(and(eq(streams.projectId, projectId), eq(streams.desiredState, 'RUNNING'), isNull(streams.deletedAt)))
    .orderBy(desc(streams.id))
    .limit(limit)
}
