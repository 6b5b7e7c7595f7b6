import type { Charge } from './gcra.ts'

/** Takes `points` from what is left under `key`, of `limit` a minute. */
export interface RateStore {
  charge(key: string, points: number, limit: number): Charge | Promise<Charge>
}
