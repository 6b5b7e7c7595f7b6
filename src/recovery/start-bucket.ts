/** A mass failure does not become a mass start: in any second at most so many of a node's FFmpeg and ffprobe are started. */
export const startsPerSecond = 10

/** More than a second: a start takes place a little after its slot, on a busy machine more so than another. */
const windowMs = 1250

/** The last slots that were given, oldest first; at most `startsPerSecond`. Times by the caller's clock. */
export type GivenSlots = readonly number[]

/** The next time that a start may take place, not before `now`, and the slots after it was given. */
export function nextSlot(given: GivenSlots, now: number): { at: number; given: GivenSlots } {
  const last = given.at(-1) ?? Number.NEGATIVE_INFINITY
  const oldest = given.length < startsPerSecond ? Number.NEGATIVE_INFINITY : given[0]!
  const at = Math.max(now, last, oldest + windowMs)
  return { at, given: [...given, at].slice(-startsPerSecond) }
}

/** Hands out when a process may be started: one bucket a node. */
export interface StartBucket {
  /** The time, ms since the epoch, from which the caller may start one process; given for good, so ask once a start. */
  reserve(): number
}

/** `now` in ms since the epoch. After the clock was set back it begins anew. */
export function createStartBucket(now: () => number): StartBucket {
  let given: GivenSlots = []
  let askedAt = 0
  return {
    reserve() {
      const at = now()
      if (at < askedAt) given = []
      askedAt = at
      const slot = nextSlot(given, at)
      given = slot.given
      return slot.at
    },
  }
}
