import { type Actual, doubtsTracks, type Failure, idle, restartDelayMs } from './plan.ts'

/** What a runner remembers of its attempts; the rest of plan.Actual is what its media show. Pure: each function gives a new one. */
export type Attempts = Omit<Actual, 'mediaOpen' | 'producerKinds' | 'process' | 'probing'>

/** Before the first order is adopted. */
export const noAttempts: Attempts = idle

/** A new order is carried out: what failed before is forgotten. */
export function adopted(startOrder: number): Attempts {
  return { ...noAttempts, adopted: startOrder }
}

/** One more failure in a row. `random` in [0, 1) spreads the next attempt. */
export function afterFailure(attempts: Attempts, failure: Failure, random: number): Attempts {
  const failures = attempts.failures + 1
  const notBefore = failure.at + Math.round(restartDelayMs(failures, random))
  return { ...attempts, failures, failure, notBefore }
}

/**
 * After a process that brought nothing at all: first FFmpeg is let look for itself (PROBE_FULLY), then what the source
 * carries is learnt anew (LEARN). Null: what was learnt still stands.
 */
export function doubtAfter(attempts: Attempts, fastProbe: boolean): 'PROBE_FULLY' | 'LEARN' | null {
  if (!attempts.failure || !doubtsTracks(attempts.failure.cause)) return null
  return fastProbe ? 'PROBE_FULLY' : 'LEARN'
}
