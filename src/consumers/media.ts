import type { types } from 'mediasoup'
import type { MediaKind } from '../streams/model.ts'

/** Which transport of which session is meant: what is said of an earlier incarnation is said too late. */
export interface SessionRef {
  consumerId: string
  incarnation: number
}

/** mediasoup's own words for what mediasoup-client's createRecvTransport takes. */
export interface TransportOptions {
  id: string
  iceParameters: types.IceParameters
  iceCandidates: types.IceCandidate[]
  dtlsParameters: types.DtlsParameters
}

/** What mediasoup-client's transport.consume takes. */
export interface ConsumerOptions {
  id: string
  producerId: string
  kind: types.MediaKind
  rtpParameters: types.RtpParameters
}

/** A kind of media that a session receives. `producerId` is the stream's producer (a row). */
export interface SessionTrack {
  id: string
  producerId: string
  kind: MediaKind
  paused: boolean
  consumerOptions: ConsumerOptions
}

/** What came of a WHEP player's ICE fragment: ours after a restart, with the new ICE session's entity tag. */
export type WhepPatched = { fragment: string; etag: string } | 'OUTDATED' | null

/** Statistics of one session by WebRTC, read from mediasoup. Null is "not measured". */
export interface SessionFigures {
  consumerId: string
  bitrateBps: number | null
  bytesSent: number | null
  packetsLost: number | null
  roundTripMs: number | null
  tracks: SessionTrack[]
  measuredAt: number
}

/**
 * What a media node does for the sessions on the streams that it runs. Plain data in and out: it may come from another machine. Each method
 * throws INVALID_STATE for a stream that is not open here, NOT_FOUND for a session (or incarnation) that is not.
 */
export interface SessionMethods {
  /** Opens a transport for mediasoup's signalling. Throws CAPACITY_EXCEEDED. The same incarnation again gives the same answer. */
  openTransport(
    body: SessionRef & { streamId: string },
  ): Promise<{ routerRtpCapabilities: types.RtpCapabilities; transportOptions: TransportOptions }>
  /** Answers a WHEP offer. Throws BAD_USER_INPUT, UNSUPPORTED_MEDIA, CAPACITY_EXCEEDED. */
  openWhep(body: SessionRef & { streamId: string; offer: string }): Promise<{ answer: string; etag: string }>
  /** Idempotent: the same capabilities give the same tracks. Paused until resumed. Throws UNSUPPORTED_MEDIA, BAD_USER_INPUT. */
  consume(body: SessionRef & { rtpCapabilities: types.RtpCapabilities }): Promise<SessionTrack[]>
  /** Idempotent with the same fingerprints; with others CONFLICT. */
  connect(body: SessionRef & { dtlsParameters: types.DtlsParameters }): Promise<void>
  /** `kinds` null: all that it has. */
  setPaused(body: SessionRef & { kinds: MediaKind[] | null; paused: boolean }): Promise<void>
  restartIce(body: SessionRef): Promise<types.IceParameters>
  /**
   * WHEP's PATCH: an ICE fragment of a player, trickled or a restart (new credentials). A restart answers with our fragment and a new ETag,
   * trickled candidates with null (ours is ICE lite: they are checked and have nothing to tell). OUTDATED, and nothing is changed, where `ifMatch`
   * (a header's value, see if-match.ts) is there and does not name the ICE session that it has now. Throws BAD_USER_INPUT.
   */
  patchWhep(body: SessionRef & { fragment: string; ifMatch?: string | null }): Promise<WhepPatched>
  /** False where there is none (any more). */
  close(body: SessionRef): Promise<boolean>
  /** Those that are here. */
  sessionFigures(body: { consumerIds: string[] }): Promise<SessionFigures[]>
}

/**
 * What a media node notices of its sessions. CONNECTED: media can go (DTLS and ICE). DISCONNECTED: no answer to its consent checks, or its media worker
 * died, or the stream has left this node: it may come back by a new transport. ENDED: the player closed it (DTLS), or WHEP never connected.
 */
export interface SessionNotice extends SessionRef {
  what: 'CONNECTED' | 'PAUSED' | 'RESUMED' | 'DISCONNECTED' | 'ENDED'
  at: number
}

/** The sessions whose transports are at this node. */
export interface LocalSessions extends Pick<SessionMethods, 'close'> {
  /** Those that are here, opening ones with them. */
  list(): SessionRef[]
  /** Calls back with each notice, at once and in order. Returns the way to stop. */
  onNotice(listener: (notice: SessionNotice) => void): () => void
}
