import { and, eq, ne, sql } from 'drizzle-orm'
import { WeirError } from '../errors.ts'
import type { NewEvent } from '../events/model.ts'
import { appendEvents } from '../events/store.ts'
import { newId } from '../ids.ts'
import { takePlaces } from '../places/store.ts'
import type { Database } from '../platform/database/database.ts'
import { consumers, type EventActor, reservations } from '../platform/database/tables.ts'
import { forgetCall } from '../platform/idempotency.ts'
import type { ReservationRow } from '../reservations/types.ts'
import { type ClosedSession, closeById } from './closing.ts'
import type { ConsumerProtocol } from './model.ts'
import { insertConsumer, type StreamToWatch } from './store.ts'
import type { ConsumerRow } from './types.ts'

/** A session to be opened, checked. */
export interface NewSession {
  clientId: string
  source: string | null
  reservationId: string | null
  protocol: ConsumerProtocol
  actor: EventActor
}

/**
 * Opens a session in the caller's transaction, on a stream that it holds: reservation or place, session, first sign of life and events. On a
 * reservation whose session is still there it takes that one's place, which is closed (REPLACED). Throws QUOTA_EXCEEDED, NOT_FOUND,
 * INVALID_STATE, BAD_USER_INPUT.
 */
export async function openSession(
  tx: Database,
  { stream, quotas }: StreamToWatch,
  session: NewSession,
): Promise<{ consumer: ConsumerRow; replaced: ClosedSession[] }> {
  const { actor, clientId, protocol, reservationId } = session
  const { projectId, id: streamId } = stream
  const about = { projectId, actor }
  const taken = reservationId === null ? null : await takeReservation(tx, stream, { ...session, reservationId })
  const source = taken?.reservation.source ?? session.source
  const consumer = await insertConsumer(tx, {
    id: newId('Consumer'),
    projectId,
    streamId,
    clientId,
    source,
    protocol,
    state: 'NEW',
    reservationId,
    apiKeyId: actor.apiKeyId ?? null,
    mediaNodeId: protocol === 'HLS' ? null : stream.mediaNodeId,
  })
  const data = { streamId, clientId, source, protocol }
  const happened: NewEvent[] = [{ ...about, type: 'consumer.opened', subjectId: consumer.id, data }]
  if (taken) {
    const activated = { streamId, source: taken.reservation.source, consumerId: consumer.id }
    happened.push({ ...about, type: 'reservation.activated', subjectId: taken.reservation.id, data: activated })
  }
  await appendEvents(tx, happened)
  // Last: from here on everybody else who opens or closes there waits.
  if (!taken) {
    const limits = { maxConsumersOfStream: stream.maxConsumers, quotas }
    await takePlaces(tx, { projectId, streamId, source, reserved: false }, limits)
  }
  return { consumer, replaced: taken?.replaced ?? [] }
}

/** The reservation, ACTIVE from now on, and the session that sat on it. */
async function takeReservation(
  tx: Database,
  stream: { id: string; projectId: string },
  session: NewSession & { reservationId: string },
): Promise<{ reservation: ReservationRow; replaced: ClosedSession[] }> {
  const { reservationId, actor } = session
  // One opener a reservation: the next one sees the session of the one before.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${reservationId}, 0))`)
  // Sessions before reservations, as everywhere: who closes one releases its reservation.
  const sitting = await tx
    .select({ id: consumers.id })
    .from(consumers)
    .where(
      and(eq(consumers.streamId, stream.id), eq(consumers.reservationId, reservationId), ne(consumers.state, 'CLOSED')),
    )
    .for('update')
  const [found] = await tx
    .select({ reservation: reservations, isOver: sql<boolean>`${reservations.expiresAt} <= now()`.mapWith(Boolean) })
    .from(reservations)
    .where(and(eq(reservations.id, reservationId), eq(reservations.projectId, stream.projectId)))
    .for('update')
  if (!found) throw new WeirError('NOT_FOUND', 'There is no such reservation.')
  const { reservation, isOver } = found
  if (reservation.streamId !== stream.id) {
    throw new WeirError('INVALID_STATE', 'The reservation is one of another stream.')
  }
  if (session.source !== null && session.source !== reservation.source) {
    throw new WeirError('INVALID_STATE', 'The reservation is one of another source.')
  }
  const state = reservation.state === 'HELD' && isOver ? 'EXPIRED' : reservation.state
  if (state !== 'HELD' && state !== 'ACTIVE') throw new WeirError('INVALID_STATE', `The reservation is ${state}.`)
  const ids = sitting.map(({ id }) => id)
  const replaced = ids.length === 0 ? [] : await closeById(tx, ids, { reason: 'REPLACED', actor, replaced: true })
  const [active] = await tx
    .update(reservations)
    .set({ state: 'ACTIVE', activatedAt: sql`coalesce(${reservations.activatedAt}, now())` })
    .where(eq(reservations.id, reservationId))
    .returning()
  return { reservation: active!, replaced }
}

/** What could not be opened in the end is forgotten under its key: the same call may be tried again. */
export async function forgetKey(db: Database, projectId: string, key: string): Promise<void> {
  await forgetCall(db, { projectId, mutation: openMutation, key })
}

/** What keys of openings are remembered under. */
export const openMutation = 'openConsumer'
