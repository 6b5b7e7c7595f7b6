import { eq, sql } from 'drizzle-orm'
import { type NewSession, openSession } from '../../src/consumers/opening.ts'
import { holdStream } from '../../src/consumers/store.ts'
import { newId } from '../../src/ids.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { consumers, events, heartbeats, places, reservations } from '../../src/platform/database/tables.ts'
import { insertProject } from '../../src/projects/store.ts'
import type { Quotas } from '../../src/reservations/model.ts'
import { addMediaNode, addStream } from './rows.ts'

/** A project with a stream that runs at a node. */
export async function addWatchedStream(
  db: Database,
  { quotas = {}, ...values }: { quotas?: Quotas } & Parameters<typeof addStream>[2] = {},
) {
  const project = await insertProject(db, { id: newId('Project'), name: 'sessions', quotas })
  const node = await addMediaNode(db)
  const stream = await addStream(db, project.id, {
    desiredState: 'RUNNING',
    state: 'LIVE',
    mediaNodeId: node.id,
    ...values,
  })
  return { projectId: project.id, stream, node }
}

/** A session as the service opens it, without its transport. */
export async function openRow(db: Database, projectId: string, streamId: string, values: Partial<NewSession> = {}) {
  return db.transaction(async (tx) => {
    const found = await holdStream(tx, projectId, streamId)
    return openSession(tx, found!, {
      clientId: 'player',
      source: null,
      reservationId: null,
      protocol: 'MEDIASOUP',
      actor: { kind: 'SYSTEM' },
      ...values,
    })
  })
}

/** A reservation that is held, as the service makes it; its place is taken in `places` too. */
export async function addReservation(db: Database, projectId: string, streamId: string, source = 'agency') {
  const [row] = await db
    .insert(reservations)
    .values({
      id: newId('Reservation'),
      projectId,
      streamId,
      source,
      state: 'HELD',
      expiresAt: sql`now() + interval '1 hour'`,
    })
    .returning()
  return row!
}

/** As if so long had passed since it was last heard of. */
export async function letPass(db: Database, ms: number, consumerId?: string): Promise<void> {
  await db
    .update(heartbeats)
    .set({ at: sql`${heartbeats.at} - make_interval(secs => ${ms / 1000})` })
    .where(consumerId === undefined ? undefined : eq(heartbeats.consumerId, consumerId))
}

/** All that has to agree about a project's sessions. */
export async function bookkeeping(db: Database, projectId: string) {
  const rows = await db.select().from(consumers).where(eq(consumers.projectId, projectId))
  const signs = await db
    .select({ id: heartbeats.consumerId })
    .from(heartbeats)
    .innerJoin(consumers, eq(consumers.id, heartbeats.consumerId))
    .where(eq(consumers.projectId, projectId))
  const taken = await db.select().from(places).where(eq(places.projectId, projectId))
  const told = await db.select().from(events).where(eq(events.projectId, projectId)).orderBy(events.position)
  const open = rows.filter((row) => row.state !== 'CLOSED')
  return {
    rows,
    open: open.map((row) => row.id).sort(),
    heard: signs.map((row) => row.id).sort(),
    taken: Object.fromEntries(
      taken.filter((row) => row.taken > 0).map((row) => [`${row.scope} ${row.key}`, row.taken]),
    ),
    told: (id: string) => told.filter((event) => event.subjectId === id),
  }
}
