import type { Caller } from '../caller.ts'
import { WeirError } from '../errors.ts'
import { appendEvents } from '../events/store.ts'
import { newId, requireId } from '../ids.ts'
import { PlaceRefusal } from '../places/model.ts'
import { parseSourceName } from '../places/source-name.ts'
import { freePlaces, takePlaces } from '../places/store.ts'
import type { Database } from '../platform/database/database.ts'
import { once } from '../platform/idempotency.ts'
import { requireAnyScope } from '../projects/scopes.ts'
import { countReservations, countReservationsOfStreams } from './counts.ts'
import { parseHolder, parseHoldSeconds } from './input.ts'
import type { RefusalCounts } from './refusals.ts'
import * as store from './store.ts'
import type { ReservationRow, ReservationService } from './types.ts'

export interface ReservationServiceDeps {
  db: Database
  /**
   * Closes the session with this id by force, on behalf of the caller, who may release what it sits on. With it its reservation is released. Fine
   * where it has closed already.
   */
  closeSession: (caller: Caller, consumerId: string) => Promise<unknown>
  refusals: Pick<RefusalCounts, 'count'>
  eventsAppended: () => void
}

const readers = ['READ', 'PLAY', 'WRITE'] as const

/** Looks at a reservation whose sessions come and go while it is being released. */
const maxReleaseTries = 5

export function createReservationService(deps: ReservationServiceDeps): ReservationService {
  const { db, refusals } = deps
  const projectOf = (caller: Caller) => requireAnyScope(caller, ['PLAY', 'WRITE'])

  async function find(projectId: string, id: string): Promise<ReservationRow> {
    const row = await store.findReservation(db, projectId, requireId(id, 'Reservation', 'id'))
    if (!row) throw new WeirError('NOT_FOUND', 'There is no such reservation.')
    return row
  }

  /** Without a session on it; null where one sits there. */
  async function releaseUnused(row: ReservationRow, caller: Caller): Promise<ReservationRow | null> {
    const released = await db.transaction(async (tx) => {
      const changed = await store.releaseUnused(tx, row)
      if (!changed) return null
      const { id, projectId, streamId, source } = changed
      const data = { streamId, source }
      await appendEvents(tx, [{ type: 'reservation.released', projectId, subjectId: id, actor: caller.actor, data }])
      await freePlaces(tx, [{ projectId, streamId, source, reserved: true }])
      return changed
    })
    if (released) deps.eventsAppended()
    return released
  }

  return {
    async create(caller, input, idempotencyKey) {
      const projectId = projectOf(caller)
      const streamId = requireId(input.streamId, 'Stream', 'input.streamId')
      const source = parseSourceName(input.source, 'input.source')
      const holder = parseHolder(input.holder, 'input.holder')
      const holdSeconds = parseHoldSeconds(input.holdSeconds, 'input.holdSeconds')
      const call = { projectId, mutation: 'createReservation', key: idempotencyKey ?? null, input }
      const row = await db
        .transaction(async (tx) => {
          const made = await once(tx, call, async () => {
            const limits = await store.holdLimits(tx, projectId, streamId)
            if (!limits) throw new WeirError('NOT_FOUND', 'There is no such stream.')
            const id = newId('Reservation')
            const { expiresAt } = await store.insertReservation(tx, {
              id,
              projectId,
              streamId,
              source,
              holder,
              holdSeconds,
            })
            const data = { streamId, source, holder, expiresAt: expiresAt.toISOString() }
            const event = { type: 'reservation.created', projectId, subjectId: id, actor: caller.actor, data } as const
            await appendEvents(tx, [event])
            // Last: everybody who wants a place of this project waits for these rows.
            await takePlaces(tx, { projectId, streamId, source, reserved: true }, limits)
            return id
          })
          return (await store.findReservation(tx, projectId, made))!
        })
        .catch((error: unknown) => {
          if (error instanceof PlaceRefusal) refusals.count(error)
          throw error
        })
      deps.eventsAppended()
      return row
    },

    async release(caller, id) {
      const projectId = projectOf(caller)
      for (let tries = 0; tries < maxReleaseTries; tries++) {
        const row = await find(projectId, id)
        if (row.state === 'RELEASED' || row.state === 'EXPIRED') return row
        const session = row.state === 'ACTIVE' ? await store.findSessionOn(db, row) : null
        // A session before its reservation, as everywhere: it is closed by its own door, and the reservation with it.
        if (session !== null) await deps.closeSession(caller, session)
        const released = await releaseUnused(row, caller)
        if (released) return released
      }
      throw new WeirError('CONFLICT', 'Sessions are being opened on this reservation all the time; try again.')
    },

    async extend(caller, id, holdSeconds) {
      const projectId = projectOf(caller)
      const seconds = parseHoldSeconds(holdSeconds, 'holdSeconds')
      const row = await find(projectId, id)
      const extended = await store.extendHeld(db, row.id, seconds)
      if (extended) return extended
      const { state } = await find(projectId, id)
      throw new WeirError('INVALID_STATE', refusedExtension[state])
    },

    async counts(caller) {
      return countReservations(db, requireAnyScope(caller, readers))
    },

    async countsOfStreams(caller, streamIds) {
      return countReservationsOfStreams(db, requireAnyScope(caller, readers), streamIds)
    },
  }
}

const refusedExtension: Record<ReservationRow['state'], string> = {
  HELD: 'The reservation has just expired.',
  ACTIVE: 'The reservation is in use: it lasts as long as the session on it.',
  RELEASED: 'The reservation has been released.',
  EXPIRED: 'The reservation has expired.',
}
