import { RecentMap } from '../platform/recent-map.ts'
import { type Charge, charge } from './gcra.ts'
import type { RateStore } from './types.ts'

/** Of one process; about 15 MB at most. Those that were charged least lately are forgotten for new ones. */
export const maxKeys = 100_000

export interface MemoryStore extends RateStore {
  charge(key: string, points: number, limit: number): Charge
  /** Takes over how long what was taken elsewhere lasts, in µs. */
  know(key: string, resetUs: number): void
  readonly size: number
}

/** `now` in ms, only ever forward. */
export function createMemoryStore(now: () => number, keys = maxKeys): MemoryStore {
  const tats = new RecentMap<string, number>(keys)
  const nowUs = () => Math.floor(now() * 1000)
  return {
    charge(key, points, limit) {
      const done = charge(tats.get(key) ?? null, nowUs(), points, limit)
      tats.set(key, done.tatUs)
      return done
    },
    know(key, resetUs) {
      tats.set(key, nowUs() + resetUs)
    },
    get size() {
      return tats.size
    },
  }
}
