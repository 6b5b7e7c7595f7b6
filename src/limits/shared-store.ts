import type { Logger } from '../platform/logs/logger.ts'
import type { MemoryStore } from './memory-store.ts'
import type { RateStore } from './types.ts'

export interface SharedStoreDeps {
  /** Rejects where what all nodes share can't be asked. */
  shared: RateStore
  /** What this node counts by itself. */
  own: MemoryStore
  /** What it gives out by itself. */
  share: RateStore
  logger: Logger
  /** ms, only ever forward. */
  now: () => number
}

/** What a node gives out by itself of a limit that holds for all: its part, but never nothing. `nodes`: how many run, this one with them. */
export function createShare(own: RateStore, nodes: () => number): RateStore {
  return {
    charge(key, points, limit) {
      const share = Math.max(1, Math.floor(limit / Math.max(1, nodes())))
      return own.charge(key, Math.min(points, share), share)
    },
  }
}

/** What all nodes share is asked for again after so long. */
const askAgainMs = 1000

/**
 * One count over all nodes; while that can not be asked, each node gives out its share: never more together than the limit, and never nothing. What was taken
 * before counts on. Back within a second of the store's return; what the shares gave meanwhile is not told to it.
 */
export function createSharedStore({ shared, own, share, logger, now }: SharedStoreDeps): RateStore {
  let askAgainAt = Number.NEGATIVE_INFINITY
  let away = false

  return {
    charge(key, points, limit) {
      if (away) {
        if (now() < askAgainAt) return share.charge(key, points, limit)
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
          return share.charge(key, points, limit)
        },
      )
    },
  }
}
