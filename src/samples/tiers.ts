/** How finely and how long samples are kept, and which of it answers a question. Times in ms since the epoch. */

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** From the finest to the coarsest; each `ms` divides the next. A partition is a table that goes as a whole. */
export const tiers = [
  { name: '1s', ms: second, keptMs: 3 * hour, partitionMs: hour },
  { name: '1m', ms: minute, keptMs: 15 * day, partitionMs: day },
  { name: '5m', ms: 5 * minute, keptMs: 63 * day, partitionMs: 7 * day },
  { name: '1h', ms: hour, keptMs: 455 * day, partitionMs: 35 * day },
] as const
export type Tier = (typeof tiers)[number]
export type TierName = Tier['name']
/** Those that are rolled up; of the finest each sample is kept. */
export const rollupTiers = tiers.slice(1) as readonly Tier[]

/** Samples of one subject are written together, so many at a time: a crash loses at most these. */
export const chunkMs = 10 * second
/** After so long everything that is closed is written, unless the database was away. */
const settledMs = 30 * second
/** What the samples reach back. */
export const reachMs = tiers[tiers.length - 1]!.keptMs

/** Lengths that a bucket may have, each a multiple of the tier that it is made of; above that whole days. */
const bucketLengths = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
]

export const floorTo = (at: number, ms: number) => Math.floor(at / ms) * ms

/** The finest tier that still has what was at `from`; the coarsest where none has. */
export function tierReaching(from: number, now: number): Tier {
  return tiers.find(({ keptMs }) => from >= now - keptMs) ?? tiers[tiers.length - 1]!
}

/** Buckets that [from, to) touches; they begin at multiples of their length. */
export function countBuckets(from: number, to: number, bucketMs: number): number {
  return Math.max(0, Math.ceil(to / bucketMs) - Math.floor(from / bucketMs))
}

/**
 * The shortest buckets that are at most `maxPoints` (2 or more) and that samples still reach, and the coarsest tier that they can
 * be made of: as little as possible is read.
 */
export function chooseBuckets(
  range: { from: number; to: number; maxPoints: number },
  now: number,
): { tier: Tier; bucketMs: number } {
  const { from, to, maxPoints } = range
  const finest = tierReaching(from, now)
  const fits = (ms: number) => ms >= finest.ms && countBuckets(from, to, ms) <= maxPoints
  let bucketMs = bucketLengths.find(fits)
  for (let days = 1; bucketMs === undefined; days++) if (fits(days * day)) bucketMs = days * day
  const chosen = bucketMs
  const tier = tiers.findLast(({ ms }) => chosen % ms === 0) ?? finest
  return { tier, bucketMs: chosen }
}

export interface Span {
  tier: Tier
  from: number
  to: number
}

/**
 * Where [from, to) is read: of `tier` what it has written down by now, of the finer ones what is too new for it, so that
 * the bucket that goes on is not missing. The spans touch and do not overlap: nothing is counted twice.
 */
export function spansToRead(tier: Tier, from: number, to: number, now: number): Span[] {
  const spans: Span[] = []
  let start = from
  for (const each of tiers.slice(0, tiers.indexOf(tier) + 1).reverse()) {
    const end = each === tiers[0] ? to : Math.min(to, floorTo(now - settledMs, each.ms))
    if (end > start) {
      spans.push({ tier: each, from: start, to: end })
      start = end
    }
  }
  return spans
}
