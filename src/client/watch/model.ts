import type { CloseReason } from '../operations/generated/graphql.ts'

export type { CloseReason }

/** What a player is doing, in plain data. */

export type Transport = 'mediasoup' | 'whep' | 'hls'

/**
 * CONNECTING: no picture yet. STALLED: there was one, and nothing new comes. WAITING: before the next attempt. ENDED: it was shown the door, or may
 * not watch; only a new `start` plays again.
 */
export type PlayerPhase = 'IDLE' | 'CONNECTING' | 'PLAYING' | 'STALLED' | 'WAITING' | 'ENDED'

/** What the player measures of itself, as heartbeats carry it. Null is "not known". */
export interface PlayerFigures {
  framesDecoded: number | null
  framesDropped: number | null
  freezeCount: number | null
  jitterMs: number | null
  roundTripMs: number | null
  bitrateBps: number | null
}

export const noFigures: PlayerFigures = {
  framesDecoded: null,
  framesDropped: null,
  freezeCount: null,
  jitterMs: null,
  roundTripMs: null,
  bitrateBps: null,
}

/** One look at what plays: what came in, and what was made a picture (or sound, where there is no picture). Both only grow. */
export interface Look {
  received: number
  shown: number
  figures: PlayerFigures
  fps: number | null
  width: number | null
  height: number | null
}

/** An open session, as its player holds it. */
export interface PlayerSession {
  consumerId: string
  token: string
  heartbeatMs: number
  /** By which it was opened; by another it can't be gone on with. */
  transport: Transport
}

/** What the player shows of itself. */
export interface PlayerStatus extends PlayerFigures {
  phase: PlayerPhase
  transport: Transport | null
  /** The session at the server; null where the stream is played without one. */
  consumerId: string | null
  fps: number | null
  width: number | null
  height: number | null
  /** Why the last attempt ended, or why it plays no more. */
  reason: string | null
  /** Why the server has closed the last session; null while none was closed since the start. */
  closeReason: CloseReason | null
}

export const idleStatus: PlayerStatus = {
  phase: 'IDLE',
  transport: null,
  consumerId: null,
  ...noFigures,
  fps: null,
  width: null,
  height: null,
  reason: null,
  closeReason: null,
}
