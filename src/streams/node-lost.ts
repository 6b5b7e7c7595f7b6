import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { NewEvent } from '../events/model.ts'
import { appendEvents } from '../events/store.ts'
import type { Database } from '../platform/database/database.ts'
import { producers, streams } from '../platform/database/tables.ts'
import type { StreamState } from './model.ts'

const reason = 'Its node was lost; another takes it over.'
/** What a stream was on its way to, or at: it is no longer. One that was ending is ended by whoever takes it next. */
const running: readonly StreamState[] = ['STARTING', 'LIVE', 'RECOVERING', 'ERROR']

/**
 * Writes down, within the transaction that freed their leases, that no node runs these streams: nothing stays LIVE, healthy or
 * ACTIVE that nobody runs.
 */
export async function streamsLostTheirNode(tx: Database, ids: string[]): Promise<void> {
  const rows = await tx
    .select()
    .from(streams)
    .where(and(inArray(streams.id, ids), isNotNull(streams.mediaNodeId)))
    .orderBy(asc(streams.id))
    .for('update')
  if (rows.length === 0) return
  const events: NewEvent[] = []
  const recovering = rows.filter((row) => row.desiredState === 'RUNNING' && running.includes(row.state))
  if (recovering.length > 0) {
    await tx
      .update(streams)
      .set({ state: 'RECOVERING', stateCause: 'NODE_LOST', stateReason: reason, stateSince: sql`now()` })
      .where(
        inArray(
          streams.id,
          recovering.map(({ id }) => id),
        ),
      )
  }
  const all = rows.map(({ id }) => id)
  await tx
    .update(streams)
    .set({ mediaNodeId: null, health: 'UNKNOWN', healthIssues: [], healthSince: sql`now()`, updatedAt: sql`now()` })
    .where(inArray(streams.id, all))
  for (const { id, projectId, state, health, healthIssues } of rows) {
    const about = { projectId, subjectId: id }
    if (recovering.some((row) => row.id === id)) {
      const data = { from: state, to: 'RECOVERING', reason, cause: 'NODE_LOST', mediaNodeId: null } as const
      events.push({ ...about, type: 'stream.state_changed', data })
    }
    if (health === 'UNKNOWN') continue
    const closed = healthIssues.map(({ type }) => type)
    events.push({ ...about, type: 'stream.health_changed', data: { from: health, to: 'UNKNOWN', opened: [], closed } })
  }
  const stopped = await tx
    .update(producers)
    .set({ state: 'CREATED', stateSince: sql`now()` })
    .where(and(inArray(producers.streamId, all), eq(producers.state, 'ACTIVE')))
    .returning()
  for (const { id, projectId, streamId, kind } of stopped) {
    const data = { streamId, kind, from: 'ACTIVE', to: 'CREATED' } as const
    events.push({ projectId, subjectId: id, type: 'producer.state_changed', data })
  }
  await appendEvents(tx, events)
}
