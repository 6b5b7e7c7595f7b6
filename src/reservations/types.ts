import type { Caller } from '../caller.ts'
import type { reservations } from '../platform/database/tables.ts'

export type ReservationRow = typeof reservations.$inferSelect

export interface CreateReservationInput {
  streamId: string
  source: string
  holder?: string | null
  holdSeconds: number
}

/** Reservations that are HELD or ACTIVE, and those of them that are ACTIVE. */
export interface ReservationCounts {
  total: number
  active: number
  /** The 100 with the most, the largest first. */
  bySource: { source: string; total: number; active: number }[]
}

/** Use cases of reservations, for a key with PLAY or WRITE. NOT_FOUND for another's, INVALID_STATE for what has ended. */
export interface ReservationService {
  /** Throws QUOTA_EXCEEDED with needed and available, and which quota it was. */
  create(caller: Caller, input: CreateReservationInput, idempotencyKey?: string | null): Promise<ReservationRow>
  /** Closes the session on it, where there is one (FORCED). Idempotent. */
  release(caller: Caller, id: string): Promise<ReservationRow>
  /** From now on; of one that is HELD. */
  extend(caller: Caller, id: string, holdSeconds: number): Promise<ReservationRow>
  /** Of the caller's project, for a key with READ, PLAY or WRITE. */
  counts(caller: Caller): Promise<ReservationCounts>
  /** The same by stream; one that has none is absent. */
  countsOfStreams(caller: Caller, streamIds: string[]): Promise<Map<string, ReservationCounts>>
}
