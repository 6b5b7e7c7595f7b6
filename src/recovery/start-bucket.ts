/**
 * A mass failure does not become a mass start: of a node's FFmpeg and ffprobe at most so many are started in any second. They are
 * paced rather than let go by tens, so that a machine that is late with some of them does not make a crowd of them.
 */
export const startsPerSecond = 10

/** Between two slots: seven in a second, so that some that are late may still fall into the next one's. */
const spacingMs = 150
/** This many may start at once when none was started lately. */
const atOnce = 2

/** When the slot after the last given one would be due, if all came evenly. By the caller's clock. */
export type NextDue = number

/** The next time that a start may take place, not before `now`, and what to remember. */
export function nextSlot(due: NextDue, now: number): { at: number; due: NextDue } {
  return { at: Math.max(now, due - (atOnce - 1) * spacingMs), due: Math.max(due, now) + spacingMs }
}

/** Hands out when a process may be started: one bucket a node. */
export interface StartBucket {
  /** The time, ms since the epoch, from which the caller may start one process; given for good, so ask once a start. */
  reserve(): number
}

/** `now` in ms since the epoch. After the clock was set back it begins anew. */
export function createStartBucket(now: () => number): StartBucket {
  let due = Number.NEGATIVE_INFINITY
  let askedAt = 0
  return {
    reserve() {
      const at = now()
      if (at < askedAt) due = Number.NEGATIVE_INFINITY
      askedAt = at
      const slot = nextSlot(due, at)
      due = slot.due
      return slot.at
    },
  }
}
