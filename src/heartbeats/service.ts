import type { Caller } from '../caller.ts'
import { isOwn, projectOf, requirePlayer } from '../consumers/access.ts'
import type { PlayerStats } from '../consumers/model.ts'
import type { ConsumerService, HeartbeatAnswer, SessionTokens } from '../consumers/types.ts'
import { badInput } from '../errors.ts'
import { isRenewalDue } from './tokens.ts'
import type { BeatResult, SessionBook } from './types.ts'

export const maxHeartbeatsAtOnce = 1000

export type HeartbeatResult = 'accepted' | 'unknown' | 'closed'

export interface HeartbeatDeps {
  book: SessionBook
  tokens: SessionTokens
  /** How often players are told to send them. */
  intervalMs: number
  tokenLifeMs: number
  /** Told of every heartbeat that was judged. */
  count: (result: HeartbeatResult) => void
  /** ms since the epoch. */
  now: () => number
}

/** The heartbeats of ConsumerService: for a session's own token, or a key with PLAY or WRITE of its project. */
export type Heartbeats = Pick<ConsumerService, 'heartbeat' | 'heartbeats'>

export function createHeartbeats({ book, tokens, intervalMs, tokenLifeMs, count, now }: HeartbeatDeps): Heartbeats {
  function heartbeat(
    caller: Caller,
    consumerId: string,
    stats: PlayerStats | null = null,
  ): HeartbeatAnswer | Promise<HeartbeatAnswer> {
    const at = now()
    // Another's session is none that this one could know of.
    if (caller.session && !isOwn(caller, consumerId)) return answer(caller, consumerId, at, { state: 'UNKNOWN' })
    const result = book.beat(projectOf(caller, consumerId, 'PLAY'), consumerId, at, stats)
    return result instanceof Promise
      ? result.then((found) => answer(caller, consumerId, at, found))
      : answer(caller, consumerId, at, result)
  }

  function answer({ session }: Caller, consumerId: string, at: number, result: BeatResult): HeartbeatAnswer {
    const accepted = result.state === 'OPEN'
    const isDue = accepted && session !== undefined && isRenewalDue(session, tokenLifeMs, at)
    count(accepted ? 'accepted' : result.state === 'CLOSED' ? 'closed' : 'unknown')
    return {
      consumerId,
      accepted,
      refusal: accepted ? null : result.state,
      closeReason: result.state === 'CLOSED' ? result.reason : null,
      closeMessage: result.state === 'CLOSED' ? result.message : null,
      at,
      nextBefore: accepted ? at + intervalMs : null,
      token: isDue ? tokens.make({ ...session, expiresAt: at + tokenLifeMs }) : null,
    }
  }

  return {
    heartbeat,
    async heartbeats(caller, list) {
      requirePlayer(caller)
      if (list.length > maxHeartbeatsAtOnce) throw badInput('heartbeats', `more than ${maxHeartbeatsAtOnce}`)
      return Promise.all(list.map(({ consumerId, stats }) => heartbeat(caller, consumerId, stats ?? null)))
    },
  }
}
