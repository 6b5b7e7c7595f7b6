import type { TrackFlow } from './plan.ts'

/** A track that comes after a longer silence begins to flow anew. */
const gapMs = 5_000

/** A track's packets have been seen at `now`. */
export function flowsOn(before: TrackFlow | undefined, now: number): TrackFlow {
  const flowsSince = before && now - before.progressAt <= gapMs ? before.flowingSince : now
  return { progressAt: now, flowingSince: flowsSince }
}
