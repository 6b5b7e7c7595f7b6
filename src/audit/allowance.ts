/** A bucket of so many, refilled one every `everyMs`. */
export interface Allowance {
  /** How many there are, a fraction of the next with them. */
  left: number
  /** ms, monotonic. */
  at: number
}

/** Takes one where there is one; answers with what is left then, and whether it was given. */
export function takeOne(
  before: Allowance,
  now: number,
  { most, everyMs }: { most: number; everyMs: number },
): { after: Allowance; given: boolean } {
  const left = Math.min(most, before.left + Math.max(0, now - before.at) / everyMs)
  const given = left >= 1
  return { after: { left: given ? left - 1 : left, at: now }, given }
}
