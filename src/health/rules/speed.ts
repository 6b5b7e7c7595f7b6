import { isFlowing } from './freeze.ts'
import { type Evidence, round, rule } from './rule.ts'

const windowMs = 20_000
/** With fewer packets a second one packet more or less would pass for another speed. */
const lowestRate = 4

interface Speed extends Evidence {
  speed: number
  windowSeconds: number
}

/** By the times in the packets, over the last seconds: FFmpeg's own figure is an average since it was started. */
export const speedLow = rule<Speed>({
  type: 'SPEED_LOW',
  of: null,
  raiseAfterMs: 5_000,
  clearAfterMs: 10_000,
  measure(seen) {
    // A file that is repeated counts anew as it likes.
    if (!seen.settled || seen.observation.sourceKind === 'FILE') return null
    let speed: number | null = null
    for (const track of Object.values(seen.tracks)) {
      if (!track.log || (track.log.fps ?? 0) < lowestRate || !isFlowing(seen, track)) continue
      const its = track.memory.speed(windowMs)
      if (its !== null && (speed === null || its > speed)) speed = its
    }
    return speed === null ? null : { speed: round(speed, 3), windowSeconds: windowMs / 1000 }
  },
  level({ speed }, policy) {
    if (speed < policy.speed) return 'BAD'
    return speed >= policy.speed + 0.02 || speed >= 0.995 ? 'GOOD' : 'EDGE'
  },
  severity: ({ speed }) => (speed < 0.5 ? 'ERROR' : 'WARNING'),
  reason: ({ speed, windowSeconds }) =>
    `In the last ${windowSeconds} s media went at ${speed} of real time: what is watched lags behind more and more.`,
})
