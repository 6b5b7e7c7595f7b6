const minuteUs = 60_000_000

/** What came of a charge. Times in µs. */
export interface Charge {
  accepted: boolean
  /** Until when what was taken would have been used up at the even pace, on the clock of `nowUs`. To be kept where accepted; as before where not. */
  tatUs: number
  /** Points that are there right after. */
  remaining: number
  /** Until all points are there again. */
  resetUs: number
  /** Until these points would be accepted, where nobody else takes any; 0 where they were. */
  retryUs: number
}

/**
 * The generic cell rate algorithm. Who was quiet for a minute may take `limit` points at once; they come back one by one, evenly over a minute, so that
 * in any window of t minutes no more than `limit` × (1 + t) are taken. What is refused costs nothing. All numbers are whole: the same sum in Redis
 * comes to the same. `limit` is a whole number of points a minute from 1 to 10,000,000 (above 600,000 the pace is up to a ninth slower, for
 * a point takes whole µs); `points` at most `limit`, and below 0 where some are given back; `tatUs` null where nothing is known.
 */
export function charge(tatUs: number | null, nowUs: number, points: number, limit: number): Charge {
  const pointUs = Math.ceil(minuteUs / limit)
  const fullUs = pointUs * limit
  // Above a full minute is only what came of a higher limit or of a clock that was set back: nobody waits for longer than a minute.
  const from = Math.min(Math.max(tatUs ?? nowUs, nowUs), nowUs + fullUs)
  const next = Math.max(nowUs, from + points * pointUs)
  const retryUs = points > 0 ? Math.max(0, next - fullUs - nowUs) : 0
  const after = retryUs > 0 ? from : next
  return {
    accepted: retryUs === 0,
    tatUs: after,
    remaining: Math.max(0, Math.floor((fullUs - (after - nowUs)) / pointUs)),
    resetUs: after - nowUs,
    retryUs,
  }
}
