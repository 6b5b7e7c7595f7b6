import type { MediaKind, SourceKind } from '../../streams/model.ts'
import { isKnown } from '../norm.ts'
import type { Seen, SeenTrack } from '../seen.ts'
import { round, rule } from './rule.ts'

/** A track of which nothing has come yet gets so much longer: it may begin later than the other. */
export const firstPacketGraceMs = 10_000
/** Above this a frame is never waited for as long as any setting. */
const slowestFps = 1
/** One packet does not mean that it flows again. */
const clearAfterMs = 3_000

/** Sources that come in bursts of a segment. Of the others a pause is a pause. */
const burstyKinds: readonly SourceKind[] = ['HLS', 'HTTP']

/**
 * From how long a silence on a track is frozen: the setting; twice the time from burst to burst of a source that comes in
 * bursts; twice the time between two frames of a camera that makes one every few seconds.
 */
function limitMs({ policy, observation }: Seen, { kind, declared, log, neverCame, memory }: SeenTrack): number {
  const bursts = burstyKinds.includes(observation.sourceKind) ? (log?.burstSeconds ?? 0) * 2000 : 0
  const fps = isKnown(memory.frameRate) ? memory.frameRate.mean : (declared?.fps ?? 0)
  const frames = kind === 'VIDEO' && fps > 0 && fps < slowestFps ? 2000 / fps : 0
  return Math.max(policy.freezeSeconds * 1000, bursts, frames) + (neverCame ? firstPacketGraceMs : 0)
}

/**
 * A silence may be one interval longer than it looks, because packets are read once an interval: so that it is told within
 * the limit, it is raised that much before.
 */
export function raisedFromMs(seen: Seen, track: SeenTrack): number {
  const limit = limitMs(seen, track)
  return limit - Math.min(seen.intervalMs * 1.25, limit / 4)
}

export function isFlowing(seen: Seen, track: SeenTrack): boolean {
  return track.silentMs < raisedFromMs(seen, track) / 2
}

interface Silence extends Record<string, number | string | null> {
  silentSeconds: number
  raisedFromSeconds: number
}

const silence = (silentMs: number, fromMs: number): Silence => ({
  silentSeconds: round(silentMs / 1000),
  raisedFromSeconds: round(fromMs / 1000, 2),
})

const level = ({ silentSeconds, raisedFromSeconds }: Silence) =>
  silentSeconds >= raisedFromSeconds ? 'BAD' : silentSeconds < raisedFromSeconds / 2 ? 'GOOD' : 'EDGE'
const since = ({ silentSeconds }: Silence, at: number) => at - silentSeconds * 1000

/** The track stands still while the other one flows. Where both do, or there is no other, it is NO_MEDIA. */
function frozen(seen: Seen, kind: MediaKind, other: MediaKind): Silence | null {
  const track = seen.tracks[kind]
  const beside = seen.tracks[other]
  if (!track || !beside || !isFlowing(seen, beside)) return null
  return silence(track.silentMs, raisedFromMs(seen, track))
}

export const videoFrozen = rule<Silence>({
  type: 'VIDEO_FROZEN',
  of: ['VIDEO'],
  raiseAfterMs: 0,
  clearAfterMs,
  measure: (seen) => frozen(seen, 'VIDEO', 'AUDIO'),
  level,
  severity: () => 'CRITICAL',
  since,
  reason: ({ silentSeconds }) => `No video packet for ${silentSeconds} s while audio goes on.`,
})

export const audioFrozen = rule<Silence>({
  type: 'AUDIO_FROZEN',
  of: ['AUDIO'],
  raiseAfterMs: 0,
  clearAfterMs,
  measure: (seen) => frozen(seen, 'AUDIO', 'VIDEO'),
  level,
  severity: () => 'ERROR',
  since,
  reason: ({ silentSeconds }) => `No audio packet for ${silentSeconds} s while video goes on.`,
})

/** FFmpeg sends a track, and mediasoup gets nothing of it. */
export const notArriving = rule<Silence>({
  type: 'NO_MEDIA',
  of: ['VIDEO', 'AUDIO'],
  raiseAfterMs: 0,
  clearAfterMs,
  measure(seen, kind) {
    const track = kind && seen.tracks[kind]
    if (!track?.log || !isFlowing(seen, track)) return null
    const grace = track.memory.producerNeverCame ? firstPacketGraceMs : 0
    return silence(track.producerSilentMs, raisedFromMs(seen, track) + grace)
  },
  level,
  severity: () => 'CRITICAL',
  since,
  reason: ({ silentSeconds }) => `FFmpeg sends packets, and for ${silentSeconds} s none has arrived at mediasoup.`,
})
