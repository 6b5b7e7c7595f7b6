import type { Caller } from '../caller.ts'
import { WeirError } from '../errors.ts'
import { RecentMap } from '../platform/recent-map.ts'
import { type CallerLane, laneOf, networkOf, type OwnLane, ownLanes } from './lanes.ts'
import type { MemoryStore } from './memory-store.ts'
import { type Standing, standingOf } from './standing.ts'
import type { RateStore } from './types.ts'

export interface RatesDeps {
  /** Points of callers: over all nodes, where they share something. */
  callers: RateStore
  /** What this node counts by itself. */
  own: MemoryStore
  /** Points a minute of an address, and of a session. */
  addressLimit: number
  /** Points a minute of a project. */
  projectLimit: (projectId: string) => Promise<number> | number
  /** Told of each refusal, for the metrics. */
  refused: (by: CallerLane | OwnLane | 'failures') => void
  /** ms, only ever forward. */
  now: () => number
}

export interface Rates {
  /** Takes points of a caller's, or gives some back (below 0). It stands refused where `retryAfterSeconds` is not null: then nothing was taken. */
  charge(caller: Caller, address: string | null, points: number): Promise<Standing>
  /** Takes one of what is not counted against callers. The error to answer with, RATE_LIMITED, where that is too much; null where it is not. */
  refusalOf(lane: OwnLane, who: string): WeirError | null
  /** Counts a session's token that is no good; RATE_LIMITED, in place of its own error, where its address has sent too many. */
  refusalOfBadToken(address: string | null): WeirError | null
  /** A heartbeat of the usual form: false where this caller has sent too many. */
  mayBeat(caller: Caller): boolean
  /** Whether this key was found good lately. */
  wasGood(key: string): boolean
  /**
   * Guards the look-up of keys: an address that has sent as many bad ones in a minute as it has points is refused before anything is looked up, but for keys that
   * were good lately. Throws RATE_LIMITED.
   */
  guarded<Found>(key: string, address: string | null, lookUp: () => Promise<Found | null>): Promise<Found | null>
}

/** A key that was found so shortly before is looked up whatever else comes from its address. */
const goodForMs = 600_000
const maxGoodKeys = 10_000

export function createRates(deps: RatesDeps): Rates {
  const { callers, own, addressLimit, projectLimit, refused, now } = deps
  const goodUntil = new RecentMap<string, number>(maxGoodKeys)

  function refusalOf(lane: OwnLane, who: string): WeirError | null {
    const limit = ownLanes[lane]
    const done = own.charge(`${lane} ${who}`, 1, limit)
    if (done.accepted) return null
    refused(lane)
    return tooMany(Math.ceil(done.retryUs / 1_000_000), 1, 0)
  }

  /** Of the bad keys and tokens of an address. */
  function refusalOfFailure(address: string | null): WeirError | null {
    const done = own.charge(`failures ${networkOf(address)}`, 1, addressLimit)
    if (done.accepted) return null
    refused('failures')
    return tooMany(Math.ceil(done.retryUs / 1_000_000), 1, 0)
  }

  return {
    async charge(caller, address, points) {
      const { name, key } = laneOf(caller, address)
      const limit = name === 'project' ? await projectLimit(caller.projectId!) : addressLimit
      // What costs more than a whole minute takes the whole minute: it can be done, and Retry-After is true.
      const standing = standingOf(name, limit, await callers.charge(key, Math.min(points, limit), limit))
      if (standing.retryAfterSeconds !== null) refused(name)
      return standing
    },
    refusalOf,
    refusalOfBadToken: refusalOfFailure,
    mayBeat: ({ session, projectId }) =>
      (session
        ? refusalOf('sessionHeartbeats', session.consumerId)
        : refusalOf('projectHeartbeats', projectId ?? 'none')) === null,
    wasGood: (key) => (goodUntil.get(key) ?? 0) > now(),
    async guarded(key, address, lookUp) {
      const wasGood = (goodUntil.get(key) ?? 0) > now()
      // Counted before it is looked up: many at once are no way round.
      const refusal = wasGood ? null : refusalOfFailure(address)
      if (refusal) throw refusal
      const giveBack = () => {
        if (!wasGood) own.charge(`failures ${networkOf(address)}`, -1, addressLimit)
      }
      try {
        const found = await lookUp()
        if (found === null) goodUntil.delete(key)
        else {
          goodUntil.set(key, now() + goodForMs)
          giveBack()
        }
        return found
      } catch (error) {
        // Nobody knows whether it is good.
        giveBack()
        throw error
      }
    },
  }
}

/** RATE_LIMITED, which says when to come back. */
export function tooMany(retryAfterSeconds: number, needed: number, available: number): WeirError {
  const message = `Too many requests: come back in ${retryAfterSeconds} s.`
  return new WeirError('RATE_LIMITED', message, { retryAfterSeconds, needed, available })
}
