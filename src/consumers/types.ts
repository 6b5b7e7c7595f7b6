import type { types } from 'mediasoup'
import type { Caller, SessionClaims } from '../caller.ts'
import type { consumers } from '../platform/database/tables.ts'
import type { MediaKind } from '../streams/model.ts'
import type { SessionFigures, SessionTrack, TransportOptions, WhepPatched } from './media.ts'
import type { CloseReason, ConsumerProtocol, HeartbeatRefusal, PlayerStats } from './model.ts'

export type ConsumerRow = typeof consumers.$inferSelect

export interface OpenConsumerInput {
  streamId: string
  clientId: string
  source?: string | null
  reservationId?: string | null
  protocol: ConsumerProtocol
  /** Given, the tracks are made at once: a round trip less. */
  rtpCapabilities?: types.RtpCapabilities | null
}

/** An opened session, with all that its player needs. */
export interface OpenedSession {
  consumer: ConsumerRow
  token: string
  /** ms since the epoch. */
  tokenExpiresAt: number
  heartbeatSeconds: number
  timeoutSeconds: number
  /** MEDIASOUP only. */
  routerRtpCapabilities: types.RtpCapabilities | null
  transportOptions: TransportOptions | null
  tracks: SessionTrack[]
}

/** What came of a heartbeat. Times in ms since the epoch. */
export interface HeartbeatAnswer {
  consumerId: string
  accepted: boolean
  refusal: HeartbeatRefusal | null
  closeReason: CloseReason | null
  closeMessage: string | null
  at: number
  /** The next should come before; null where none is expected. */
  nextBefore: number | null
  /** In place of the one that was used, which runs out before long; null while that is good. */
  token: string | null
}

/**
 * Use cases of sessions. A session's own token may do all but open and close by force; a key needs PLAY to open, WRITE for the rest. NOT_FOUND for
 * what is another's, INVALID_STATE for what is closed.
 */
export interface ConsumerService {
  open(caller: Caller, input: OpenConsumerInput, idempotencyKey?: string | null): Promise<OpenedSession>
  /**
   * A new transport for a session that is open (STALE above all), under its id and on its place. For its token or a key with PLAY. INVALID_STATE with the
   * reason where it is closed.
   */
  reopen(caller: Caller, id: string, rtpCapabilities?: types.RtpCapabilities | null): Promise<OpenedSession>
  consume(caller: Caller, id: string, rtpCapabilities: types.RtpCapabilities): Promise<SessionTrack[]>
  connect(caller: Caller, id: string, dtlsParameters: types.DtlsParameters): Promise<ConsumerRow>
  /** `kinds` null: all. */
  setPaused(caller: Caller, id: string, kinds: MediaKind[] | null, paused: boolean): Promise<ConsumerRow>
  restartIce(caller: Caller, id: string): Promise<types.IceParameters>
  /** CLIENT by its own token, FORCED by a key with WRITE; `message` is shown to the player. Idempotent. */
  close(caller: Caller, id: string, message?: string | null): Promise<ConsumerRow>
  /** Throws UNAUTHENTICATED or FORBIDDEN for who may not; all else is in the answer. Where all is at hand it answers at once. */
  heartbeat(caller: Caller, id: string, stats?: PlayerStats | null): HeartbeatAnswer | Promise<HeartbeatAnswer>
  /** At most 1,000, an answer each in their order. For a key with WRITE or PLAY. */
  heartbeats(caller: Caller, list: { consumerId: string; stats?: PlayerStats | null }[]): Promise<HeartbeatAnswer[]>
  /** Statistics of the sessions that are open, by id; those that no node has are absent. */
  figures(rows: ConsumerRow[]): Promise<Map<string, SessionFigures>>
  /** WHEP, for src/http/whep.ts: who may watch was asked before. `caller` carries the session where its token came along. */
  openWhep(
    caller: Caller,
    input: { streamId: string; projectId: string; clientId: string; source: string | null; offer: string },
  ): Promise<OpenedSession & { answer: string; etag: string }>
  /** `ifMatch` as the header has it; absent, whatever its ICE session is. */
  patchWhep(caller: Caller, id: string, fragment: string, ifMatch?: string | null): Promise<WhepPatched>
}

/** Makes and reads session tokens: signed, so that any node can read them and nobody can make or alter one. */
export interface SessionTokens {
  /** `expiresAt` in ms since the epoch. */
  make(claims: SessionClaims): string
  /** Null for what is no token of ours, altered, or expired. */
  read(token: string, now: number): SessionClaims | null
}

/** How a session's token begins, so that it is never taken for a key. */
export const sessionTokenPrefix = 'weir_s_'
