import type { CloseReason, PlayerStats } from '../consumers/model.ts'

/** What is known of a session that a heartbeat came for. UNKNOWN is what another project's is called, too. */
export type BeatResult =
  | { state: 'OPEN' }
  | { state: 'CLOSED'; reason: CloseReason | null; message: string | null }
  | { state: 'UNKNOWN' }

/**
 * The sessions that this node hears of, in memory, and their signs of life on the way to the database. Truth is in the tables: whoever opens or closes a
 * session here says so at once, the others learn it by the bus, at the latest by a flush that does not find the session's row.
 */
export interface SessionBook {
  /**
   * A sign of life at `at` (ms since the epoch), in the database within 1 s. Answers at once where the session is known; else after a look-up, which
   * rejects with UNAVAILABLE where too many wait for one, or with the database's own error.
   */
  beat(projectId: string, consumerId: string, at: number, stats: PlayerStats | null): BeatResult | Promise<BeatResult>
  /** The same without a sign of life. What has changed elsewhere is known by the bus, or after a heartbeat. */
  look(projectId: string, consumerId: string): BeatResult | Promise<BeatResult>
  /** A session was opened through this node. */
  opened(projectId: string, consumerId: string): void
  /** A session was closed through this node. It is for good. */
  closed(projectId: string, consumerId: string, reason: CloseReason, message: string | null): void
  /** Something has changed about a session, elsewhere perhaps: looked up soon where it is known here. */
  changed(consumerId: string): void
  /** How many open sessions are known. */
  readonly size: number
  /** Writes what waits and hears no more. */
  stop(): Promise<void>
}
