/** What a guard remembers between two looks at the clocks. */
export interface StallClock {
  /** The last look: the clock that never jumps, and the wall clock (ms since the epoch). */
  monotonicMs: number
  wallMs: number
  /** When the last stall ended, ms since the epoch; 0: there was none. */
  stalledUntil: number
}

/** A guard looks so often. */
export const lookEveryMs = 250
/** A look that comes so much later than it should means that nothing has run meanwhile. */
export const toleranceMs = 1000

/**
 * One more look. `stalledMs` is how long the process stood still before it, 0 where it did not. The monotonic clock shows a
 * blocked event loop and a SIGSTOP; it stands still itself while a machine sleeps, which the wall clock shows, as it
 * shows being set forward: deadlines by the wall clock are as wrong after that.
 */
export function look(
  before: StallClock,
  monotonicMs: number,
  wallMs: number,
): { clock: StallClock; stalledMs: number } {
  const passedMs = Math.max(monotonicMs - before.monotonicMs, wallMs - before.wallMs)
  const stalledMs = passedMs > lookEveryMs + toleranceMs ? passedMs - lookEveryMs : 0
  return { clock: { monotonicMs, wallMs, stalledUntil: stalledMs > 0 ? wallMs : before.stalledUntil }, stalledMs }
}

/** Tells when the event loop or the whole machine stood still, so that nothing is called dead for it. */
export interface StallGuard {
  /** Calls back after each stall, with its length. Returns the way to stop. */
  onStall(listener: (stalledMs: number) => void): () => void
  /**
   * When the last stall ended, ms since the epoch; 0: there was none. Looks at the clocks itself: whoever is woken first
   * after a stall learns of it.
   */
  stalledUntil(): number
  stop(): void
}

export interface StallGuardDeps {
  /** A clock that never jumps, in ms. */
  monotonicMs(): number
  /** The wall clock, ms since the epoch. */
  now(): number
  /** Calls `work` every `ms`; returns the way to stop. */
  every(ms: number, work: () => void): () => void
}

export function createStallGuard({ monotonicMs, now, every }: StallGuardDeps): StallGuard {
  const listeners = new Set<(stalledMs: number) => void>()
  let clock: StallClock = { monotonicMs: monotonicMs(), wallMs: now(), stalledUntil: 0 }
  function lookNow(): void {
    const { clock: after, stalledMs } = look(clock, monotonicMs(), now())
    clock = after
    if (stalledMs > 0) for (const listener of [...listeners]) listener(stalledMs)
  }
  const stop = every(lookEveryMs, lookNow)
  return {
    onStall(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stalledUntil() {
      lookNow()
      return clock.stalledUntil
    },
    stop,
  }
}

/** The guard of this process. */
export function startStallGuard(): StallGuard {
  return createStallGuard({
    monotonicMs: () => performance.now(),
    now: Date.now,
    every(ms, work) {
      const timer = setInterval(work, ms)
      return () => clearInterval(timer)
    },
  })
}
