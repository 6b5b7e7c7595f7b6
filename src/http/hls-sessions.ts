import type { SessionClaims } from '../caller.ts'
import type { CloseReason } from '../consumers/model.ts'
import type { SessionTokens } from '../consumers/types.ts'
import { WeirError } from '../errors.ts'

/** What is known of a session: BeatResult of src/heartbeats/, which this is asked of. */
export type SessionKnown =
  | { state: 'OPEN' }
  | { state: 'CLOSED'; reason: CloseReason | null; message: string | null }
  | { state: 'UNKNOWN' }

export interface HlsSessionsDeps {
  tokens: SessionTokens
  /** Is it open? Answers at once where that is known. */
  look(projectId: string, consumerId: string): SessionKnown | Promise<SessionKnown>
  /** The same, and a sign of life at `at`. */
  beat(projectId: string, consumerId: string, at: number): SessionKnown | Promise<SessionKnown>
  /** ms since the epoch. */
  now(): number
}

export interface HlsSessions {
  /** Whose token it is. Throws UNAUTHENTICATED. */
  read(token: string): SessionClaims
  /** Throws FORBIDDEN with the reason where the session is closed. To fetch a playlist is a sign of life. */
  admit(session: SessionClaims, what: 'PLAYLIST' | 'SEGMENT'): Promise<void>
}

/**
 * A player asks for one address as long as it plays, and the token is part of it: here it is good past its time as long as its session is open,
 * so long and no longer.
 */
const graceMs = 24 * 3600_000
/** A player fetches its playlist every second or two; one sign of life of these is enough. */
const beatEveryMs = 5000
/** The one that was heard of least lately is forgotten for a new one: a sign of life more, and nothing else. */
const maxRemembered = 100_000

export function createHlsSessions({ tokens, look, beat, now }: HlsSessionsDeps): HlsSessions {
  const heardAt = new Map<string, number>()

  function isDue(consumerId: string, at: number): boolean {
    if (at - (heardAt.get(consumerId) ?? Number.NEGATIVE_INFINITY) < beatEveryMs) return false
    heardAt.delete(consumerId)
    heardAt.set(consumerId, at)
    if (heardAt.size > maxRemembered) heardAt.delete(heardAt.keys().next().value!)
    return true
  }

  return {
    read(token) {
      const session = tokens.read(token, now() - graceMs)
      if (!session) throw new WeirError('UNAUTHENTICATED', "The session's token is altered or has expired.")
      return session
    },
    async admit({ projectId, consumerId }, what) {
      const at = now()
      const known =
        what === 'PLAYLIST' && isDue(consumerId, at)
          ? await beat(projectId, consumerId, at)
          : await look(projectId, consumerId)
      if (known.state === 'OPEN') return
      heardAt.delete(consumerId)
      const { reason, message } = known.state === 'CLOSED' ? known : { reason: null, message: null }
      const details = { closeReason: reason, closeMessage: message }
      throw new WeirError('FORBIDDEN', `The session is closed${message ? `: ${message}` : '.'}`, details)
    },
  }
}
