import { isFlowing } from './freeze.ts'
import { type Evidence, round, rule } from './rule.ts'

/** Times are read once an interval, and a source that keeps to the limit exactly keeps to it. */
const slackSeconds = 1.5
/** Farther apart than so many times the limit it is no way of encoding any more. */
export const warnedFrom = 2

interface Keyframes extends Evidence {
  /** Between the last two; null where there were no two. */
  keyframeIntervalSeconds: number | null
  /** Since the last one. */
  sinceKeyframeSeconds: number
}

const longest = ({ keyframeIntervalSeconds, sinceKeyframeSeconds }: Keyframes) =>
  Math.max(keyframeIntervalSeconds ?? 0, sinceKeyframeSeconds - slackSeconds)

export const keyframeIntervalLong = rule<Keyframes>({
  type: 'KEYFRAME_INTERVAL_LONG',
  of: ['VIDEO'],
  raiseAfterMs: 0,
  clearAfterMs: 20_000,
  measure(seen) {
    const track = seen.tracks.VIDEO
    if (!track?.log || track.log.packets === 0 || !isFlowing(seen, track)) return null
    const { lastKeyframeAt, keyframeIntervalSeconds } = track.log
    const sinceMs = Math.min(lastKeyframeAt === null ? seen.runningMs : seen.at - lastKeyframeAt, seen.runningMs)
    return {
      keyframeIntervalSeconds: keyframeIntervalSeconds === null ? null : round(keyframeIntervalSeconds, 2),
      sinceKeyframeSeconds: round(sinceMs / 1000),
    }
  },
  level(evidence, { keyframeSeconds }) {
    if (longest(evidence) > keyframeSeconds * 1.02) return 'BAD'
    return longest(evidence) <= keyframeSeconds * 0.9 ? 'GOOD' : 'EDGE'
  },
  severity: (evidence, { keyframeSeconds }) => (longest(evidence) > keyframeSeconds * warnedFrom ? 'WARNING' : 'INFO'),
  reason: ({ keyframeIntervalSeconds, sinceKeyframeSeconds }, { keyframeSeconds }) =>
    (keyframeIntervalSeconds ?? 0) >= sinceKeyframeSeconds - slackSeconds
      ? `Keyframes are ${keyframeIntervalSeconds} s apart; more than ${keyframeSeconds} s make viewers wait.`
      : `No keyframe for ${sinceKeyframeSeconds} s: nobody who comes now sees a picture.`,
})
