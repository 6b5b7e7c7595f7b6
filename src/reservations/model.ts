/**
 * HELD: a place is kept until it expires. ACTIVE: a session sits on it. RELEASED: given back, or its session has ended. EXPIRED: nobody came in time.
 */
export const reservationStates = ['HELD', 'ACTIVE', 'RELEASED', 'EXPIRED'] as const
export type ReservationState = (typeof reservationStates)[number]

/** As counted where there are none. */
export const noReservations = { total: 0, active: 0, bySource: [] }

/** What a project may have at a time; absent is no bound of its own. */
export interface Quotas {
  /** Places of viewers: open sessions, and reservations that are held. */
  maxConsumers?: number
  /** Reservations that are held or active. */
  maxReservations?: number
  /** Places by the name of a source: reservations held or active, and open sessions without one. */
  perSource?: Record<string, number>
  /** In place of RATE_LIMIT_PROJECT. */
  requestsPerMinute?: number
}
