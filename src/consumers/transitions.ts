import type { SessionNotice } from './media.ts'
import type { CloseReason, ConsumerProtocol, ConsumerState } from './model.ts'

/** Of a session, what decides what a notice makes of it. */
export interface NoticedSession {
  state: ConsumerState
  protocol: ConsumerProtocol
  incarnation: number
  mediaNodeId: string | null
  streamDeleted: boolean
  streamStopped: boolean
}

/** What becomes of a session. */
export interface Verdict {
  state: ConsumerState
  /** Where it is CLOSED. */
  reason: CloseReason | null
}

/**
 * What a session is after its node has noticed something, one after the other; null where it stays as it is. What is told of an earlier
 * transport, by another node, or of what is closed, comes too late.
 */
export function afterNotices(
  session: NoticedSession,
  nodeId: string,
  notices: readonly Pick<SessionNotice, 'what' | 'incarnation'>[],
): Verdict | null {
  if (session.mediaNodeId !== nodeId || session.state === 'CLOSED') return null
  let state: ConsumerState = session.state
  for (const { what, incarnation } of notices) {
    if (incarnation !== session.incarnation) continue
    if (what === 'ENDED') return { state: 'CLOSED', reason: endReason(session, state) }
    if (what === 'DISCONNECTED' && (session.streamDeleted || session.streamStopped)) {
      return { state: 'CLOSED', reason: endReason(session, state) }
    }
    state = next(state, what)
  }
  return state === session.state ? null : { state, reason: null }
}

function next(state: ConsumerState, what: Exclude<SessionNotice['what'], 'ENDED'>): ConsumerState {
  if (what === 'CONNECTED') return state === 'PAUSED' ? state : 'CONNECTED'
  if (what === 'DISCONNECTED') return 'STALE'
  if (what === 'PAUSED') return state === 'CONNECTED' ? 'PAUSED' : state
  return state === 'PAUSED' ? 'CONNECTED' : state
}

function endReason({ streamDeleted, streamStopped }: NoticedSession, state: ConsumerState): CloseReason {
  if (streamDeleted) return 'STREAM_DELETED'
  if (streamStopped) return 'STREAM_STOPPED'
  return state === 'NEW' ? 'TRANSPORT_FAILED' : 'CLIENT'
}
