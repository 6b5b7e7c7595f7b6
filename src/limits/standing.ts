import type { Charge } from './gcra.ts'
import type { CallerLane } from './lanes.ts'

/** How a caller stands after a charge. */
export interface Standing {
  lane: CallerLane
  /** Points a minute. */
  limit: number
  remaining: number
  /** Until all points are back. */
  resetSeconds: number
  /** After how long what was refused will be taken; null where it was taken. Whole seconds, never less than it takes. */
  retryAfterSeconds: number | null
}

export function standingOf(lane: CallerLane, limit: number, charge: Charge): Standing {
  return {
    lane,
    limit,
    remaining: charge.remaining,
    resetSeconds: Math.ceil(charge.resetUs / 1_000_000),
    retryAfterSeconds: charge.accepted ? null : Math.ceil(charge.retryUs / 1_000_000),
  }
}

/** The headers of draft-ietf-httpapi-ratelimit-headers-11, and the three older ones that clients know. */
export function rateHeaders({ lane, limit, remaining, resetSeconds, retryAfterSeconds }: Standing): [string, string][] {
  return [
    ['RateLimit-Policy', `"${lane}";q=${limit};w=60`],
    ['RateLimit', `"${lane}";r=${remaining};t=${resetSeconds}`],
    ['RateLimit-Limit', String(limit)],
    ['RateLimit-Remaining', String(remaining)],
    ['RateLimit-Reset', String(resetSeconds)],
    ...(retryAfterSeconds === null ? [] : [['Retry-After', String(retryAfterSeconds)] satisfies [string, string]]),
  ]
}

/** What a page of another origin may read of an answer. */
export const exposedHeaders =
  'RateLimit, RateLimit-Policy, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-Id'
