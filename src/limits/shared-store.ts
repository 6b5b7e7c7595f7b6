import type { Logger } from '../platform/logs/logger.ts'
import type { Charge } from './gcra.ts'
import type { MemoryStore } from './memory-store.ts'
import type { RateStore } from './types.ts'

export interface SharedStoreDeps {
  /** Rejects where what all nodes share can't be asked. */
  shared: RateStore
  /** What this node counts by itself. */
  own: MemoryStore
  /** How many nodes run, this one with them. */
  nodes: () => number
  logger: Logger
  /** ms, only ever forward. */
  now: () => number
}

/** What all nodes share is asked for again after so long. */
const askAgainMs = 1000

/**
 * One count over all nodes; while that can not be asked, each node gives out its share: never more together than the limit, and never nothing. What was taken
 * before counts on. Back within a second of the store's return; what the shares gave meanwhile is not told to it.
 */
export function createSharedStore({ shared, own, nodes, logger, now }: SharedStoreDeps): RateStore {
  let askAgainAt = Number.NEGATIVE_INFINITY
  let away = false

  function chargeOwn(key: string, points: number, limit: number): Charge {
    const share = Math.max(1, Math.floor(limit / Math.max(1, nodes())))
    return own.charge(key, Math.min(points, share), share)
  }

  return {
    charge(key, points, limit) {
      if (away) {
        if (now() < askAgainAt) return chargeOwn(key, points, limit)
        // One asks; the others wait for what it finds.
        askAgainAt = now() + askAgainMs
      }
      return Promise.resolve(shared.charge(key, points, limit)).then(
        (done) => {
          if (away) logger.info({}, 'rates are counted over all nodes again')
          away = false
          own.know(key, done.resetUs)
          return done
        },
        (error: unknown) => {
          if (!away) logger.warn({ err: error }, 'rates can not be counted over all nodes; each gives out its share')
          away = true
          askAgainAt = now() + askAgainMs
          return chargeOwn(key, points, limit)
        },
      )
    },
  }
}
