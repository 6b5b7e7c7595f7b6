import { type HealthView, unknownHealth } from './model.ts'

/** A judgement this old says nothing of now: the node that made it stands still. */
export const staleAfterMs = 10_000

/** What was judged at `at` (ms since the epoch), as it may be told at `now`: UNKNOWN once it is too old. */
export function freshHealth(view: HealthView, at: number | null, now: number): HealthView {
  return at === null || now - at > staleAfterMs ? unknownHealth : view
}
