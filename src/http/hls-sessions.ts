import type { SessionClaims } from '../caller.ts'
import { WeirError } from '../errors.ts'
import type { SessionBook } from '../heartbeats/types.ts'
import { RecentMap } from '../platform/recent-map.ts'

export interface HlsSessionsDeps {
  /** Whose token it is, as of `at` (ms since the epoch); null for one that is altered or has expired by then. */
  readSession(token: string, at: number): SessionClaims | null
  book: Pick<SessionBook, 'look' | 'beat'>
  /** A player is heard of with every request, every second or two: one sign of life of those in so long is enough. */
  beatEveryMs: number
  /** ms since the epoch. */
  now(): number
}

export interface HlsSessions {
  /** Whose token it is. Throws UNAUTHENTICATED. */
  read(token: string): SessionClaims
  /** Throws FORBIDDEN with the reason where the session is closed. To ask is a sign of life. */
  admit(session: SessionClaims): Promise<void>
}

/**
 * A player asks for one address as long as it plays, and the token is part of it: here it is good past its time as long as its session is open,
 * so long and no longer.
 */
const graceMs = 24 * 3600_000
/** The one that was heard of least lately is forgotten for a new one: a sign of life more, and nothing else. */
const maxRemembered = 100_000

export function createHlsSessions({ readSession, book, beatEveryMs, now }: HlsSessionsDeps): HlsSessions {
  const heardAt = new RecentMap<string, number>(maxRemembered)

  function isDue(consumerId: string, at: number): boolean {
    if (at - (heardAt.get(consumerId) ?? Number.NEGATIVE_INFINITY) < beatEveryMs) return false
    heardAt.set(consumerId, at)
    return true
  }

  return {
    read(token) {
      const session = readSession(token, now() - graceMs)
      if (!session) throw new WeirError('UNAUTHENTICATED', "The session's token is altered or has expired.")
      return session
    },
    async admit({ projectId, consumerId }) {
      const at = now()
      const known = isDue(consumerId, at)
        ? await book.beat(projectId, consumerId, at, null)
        : await book.look(projectId, consumerId)
      if (known.state === 'OPEN') return
      heardAt.delete(consumerId)
      const { reason, message } = known.state === 'CLOSED' ? known : { reason: null, message: null }
      const details = { closeReason: reason, closeMessage: message }
      throw new WeirError('FORBIDDEN', `The session is closed${message ? `: ${message}` : '.'}`, details)
    },
  }
}
