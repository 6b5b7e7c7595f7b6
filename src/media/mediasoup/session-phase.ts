import type { SessionNotice } from '../../consumers/media.ts'

/** How a session stands, as far as its media goes. */
export type SessionPhase = 'NEW' | 'CONNECTED' | 'PAUSED' | 'DISCONNECTED'

/** `iceUp` is false once the player has not answered for too long; `paused`: it asked for every kind to pause. */
export function phaseOf(seen: { dtlsConnected: boolean; iceUp: boolean; paused: boolean }): SessionPhase {
  if (!seen.dtlsConnected) return 'NEW'
  if (!seen.iceUp) return 'DISCONNECTED'
  return seen.paused ? 'PAUSED' : 'CONNECTED'
}

/** What to tell of a change, in order. */
export function noticesOf(from: SessionPhase, to: SessionPhase): SessionNotice['what'][] {
  if (from === to) return []
  switch (to) {
    case 'NEW':
      return []
    case 'CONNECTED':
      return [from === 'PAUSED' ? 'RESUMED' : 'CONNECTED']
    case 'PAUSED':
      return from === 'CONNECTED' ? ['PAUSED'] : ['CONNECTED', 'PAUSED']
    case 'DISCONNECTED':
      return ['DISCONNECTED']
  }
}
