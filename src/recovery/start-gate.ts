import { startsPerSecond } from './start-bucket.ts'

/** A little more than a second: who has passed is told of a little later. */
const windowMs = 1100

/** When the next may pass, not before `now`; `passed`: when the last ones did, oldest first, at most `startsPerSecond`. */
export function nextPassage(passed: readonly number[], now: number): number {
  return passed.length < startsPerSecond ? now : Math.max(now, passed[passed.length - startsPerSecond]! + windowMs)
}

export interface StartGateDeps {
  /** ms, only ever forward. */
  monotonicMs(): number
  sleep(ms: number): Promise<void>
}

/**
 * The last door before a process is started. Slots are given by plan, but a busy machine is late with them by more than anybody
 * can foresee: here it is counted what really starts, in the order of asking.
 */
export function createStartGate({ monotonicMs, sleep }: StartGateDeps): () => Promise<void> {
  let passed: number[] = []
  let queue = Promise.resolve()
  async function pass(): Promise<void> {
    for (;;) {
      const now = monotonicMs()
      const at = nextPassage(passed, now)
      if (at <= now) break
      await sleep(at - now)
    }
    passed = [...passed, monotonicMs()].slice(-startsPerSecond)
  }
  return () => {
    queue = queue.then(pass)
    return queue
  }
}
