/** What a session is: plain data, shared by the store, the API and the media nodes. No I/O here. */

/**
 * NEW: opened, no media yet. CONNECTED: media goes to it (HLS: it has been heard of). PAUSED: connected, with every kind paused. STALE: its
 * connection is gone and its place is kept for a while, in which its player may open it again. CLOSED: for good.
 */
export const consumerStates = ['NEW', 'CONNECTED', 'PAUSED', 'STALE', 'CLOSED'] as const
export type ConsumerState = (typeof consumerStates)[number]

export const openConsumerStates = ['NEW', 'CONNECTED', 'PAUSED', 'STALE'] as const satisfies readonly ConsumerState[]
/** Who counts as watching. */
export const activeConsumerStates = ['CONNECTED', 'PAUSED'] as const satisfies readonly ConsumerState[]

export const consumerProtocols = ['MEDIASOUP', 'WHEP', 'HLS'] as const
export type ConsumerProtocol = (typeof consumerProtocols)[number]

/**
 * CLIENT: the player said goodbye. FORCED: shown the door. HEARTBEAT_TIMEOUT: not heard of for too long. REPLACED: another session took its place.
 * NODE_LOST: its node, or the media process, was gone and it did not come back in time. KEY_REVOKED: the key that opened it is no longer good.
 * TRANSPORT_FAILED: its connection could not be made, or ended.
 */
export const closeReasons = [
  'CLIENT',
  'FORCED',
  'HEARTBEAT_TIMEOUT',
  'REPLACED',
  'STREAM_STOPPED',
  'STREAM_DELETED',
  'NODE_LOST',
  'KEY_REVOKED',
  'TRANSPORT_FAILED',
] as const
export type CloseReason = (typeof closeReasons)[number]

export const heartbeatRefusals = ['UNKNOWN', 'CLOSED'] as const
export type HeartbeatRefusal = (typeof heartbeatRefusals)[number]

/** What a player tells of itself; each is its own count since it began, or what holds now. Absent is "not known". */
export interface PlayerStats {
  framesDecoded?: number
  framesDropped?: number
  freezeCount?: number
  jitterMs?: number
  roundTripMs?: number
  bitrateBps?: number
}
