import { isKnown, lowestUsual } from '../norm.ts'
import { isFlowing } from './freeze.ts'
import { type Evidence, round, rule } from './rule.ts'

/** Of the threshold: what has come back so far is well again. */
const clearedShare = 1.25
/** Below this share of what is expected a picture is of no use. */
export const unusableShare = 0.1
/** A rate that is declared needs only a look at how much the real one strays. */
const declaredAfterSeconds = 5

interface FrameRate extends Evidence {
  fps: number
  expectedFps: number
  sharePercent: number
  /** As low as it goes by itself. */
  lowestUsualFps: number
}

export const frameRateLow = rule<FrameRate>({
  type: 'FRAME_RATE_LOW',
  of: ['VIDEO'],
  raiseAfterMs: 5_000,
  clearAfterMs: 5_000,
  measure(seen) {
    const track = seen.tracks.VIDEO
    if (!track?.log || track.log.fps === null || !seen.settled || !isFlowing(seen, track)) return null
    const { frameRate, declaredIsReal } = track.memory
    const declared = declaredIsReal && frameRate.seconds >= declaredAfterSeconds ? track.declared?.fps : null
    const expectedFps = declared ?? (isKnown(frameRate) ? frameRate.mean : null)
    if (!expectedFps) return null
    return {
      fps: round(track.log.fps),
      expectedFps: round(expectedFps),
      sharePercent: round((track.log.fps / expectedFps) * 100),
      lowestUsualFps: round(lowestUsual(frameRate)),
    }
  },
  level({ fps, sharePercent, lowestUsualFps }, { frameRatePercent }) {
    if (sharePercent < frameRatePercent && fps < lowestUsualFps) return 'BAD'
    return sharePercent >= Math.min(frameRatePercent * clearedShare, 100) ? 'GOOD' : 'EDGE'
  },
  severity: ({ sharePercent }) => (sharePercent < unusableShare * 100 ? 'ERROR' : 'WARNING'),
  reason: ({ fps, expectedFps }) => `Video brings ${fps} frames a second where ${expectedFps} are usual.`,
})
