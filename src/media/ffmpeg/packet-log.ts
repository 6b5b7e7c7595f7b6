import type { MediaKind } from '../../streams/model.ts'
import type { TrackFigures } from './types.ts'

/** Figures a second are taken over so long. */
const windowMs = 5_000
/** Measurements kept a track: a caller that samples faster than a few times a second shortens the window. */
const measurementsKept = 24
/** Packets that come closer together than this flow. */
const burstGapMs = 1_500
/** Pauses that are longer say nothing of the next one. */
const longestBurstGapMs = 30_000
/** As many pauses make bursts, the middle one in length is theirs: one interruption is none. */
const gapsKept = 3
/** No line of framecrc is longer; what is longer is not framecrc. */
const lineLimit = 512

interface Measurement {
  at: number
  packets: number
  bytes: number
}

interface Track {
  kind: MediaKind
  secondsPerTick: number | null
  packets: number
  bytes: number
  lastPts: number | null
  reordered: boolean
  keyframePts: number | null
  keyframeIntervalSeconds: number | null
  lastProgressAt: number | null
  lastKeyframeAt: number | null
  highestPts: number | null
  lastSize: number
  lastChecksum: number
  identical: number
  /** The last pauses between bursts, newest last. */
  gaps: { ms: number; endedAt: number }[]
  measurements: Measurement[]
}

/** What FFmpeg's framecrc muxer has said of every packet, kept as figures. Memory does not grow with what was read. */
export interface PacketLog {
  /** Takes what was read at `at` (ms since the epoch), cut anywhere. */
  push(text: string, at: number): void
  /** The figures at `at`; one measurement is kept a call. */
  figures(at: number): TrackFigures[]
  /** Packets of all tracks so far. */
  total(): number
  /** Whether video packets came in another order than they are shown in: B-frames. Null before any came. */
  readonly reordered: boolean | null
}

export function createPacketLog(): PacketLog {
  const tracks = new Map<number, Track>()
  let partial = ''

  function track(index: number): Track | undefined {
    const found = tracks.get(index)
    if (found || index > 1 || index < 0) return found
    const made: Track = {
      kind: 'VIDEO',
      secondsPerTick: null,
      packets: 0,
      bytes: 0,
      lastPts: null,
      reordered: false,
      keyframePts: null,
      keyframeIntervalSeconds: null,
      lastProgressAt: null,
      lastKeyframeAt: null,
      highestPts: null,
      lastSize: -1,
      lastChecksum: -1,
      identical: 0,
      gaps: [],
      measurements: [],
    }
    tracks.set(index, made)
    return made
  }

  function header(line: string): void {
    const match = /^#(tb|media_type) (\d+): (\S+)$/.exec(line)
    const described = match && track(Number(match[2]))
    if (!described) return
    const value = match[3]!
    if (match[1] === 'media_type') described.kind = value === 'audio' ? 'AUDIO' : 'VIDEO'
    else {
      const [numerator, denominator] = value.split('/').map(Number)
      if (numerator && denominator) described.secondsPerTick = numerator / denominator
    }
  }

  /** `stream, dts, pts, duration, size, crc[, F=flags][, S=side data …]`; no F is a keyframe. */
  function packet(line: string, at: number): void {
    const fields = line.split(',', 7)
    if (fields.length < 6) return
    const found = tracks.get(Number(fields[0]))
    const pts = Number(fields[2])
    const size = Number(fields[4])
    if (!found || !Number.isFinite(pts) || !Number.isFinite(size)) return
    found.packets += 1
    found.bytes += size
    if (found.lastProgressAt !== null) paused(found, at - found.lastProgressAt, at)
    found.lastProgressAt = at
    const checksum = Number(fields[5])
    found.identical = size === found.lastSize && checksum === found.lastChecksum ? found.identical + 1 : 1
    found.lastSize = size
    found.lastChecksum = checksum
    // A source that counts anew is followed; packets that are shown in another order are not taken for that.
    if (found.highestPts === null || pts > found.highestPts || isCountedAnew(found, pts)) found.highestPts = pts
    if (found.kind !== 'VIDEO') return
    if (found.lastPts !== null && pts < found.lastPts) found.reordered = true
    found.lastPts = pts
    const flags = fields[6]
    const isKeyframe = !flags?.startsWith(' F=') || (Number(flags.slice(3)) & 1) === 1
    if (!isKeyframe) return
    if (found.keyframePts !== null && found.secondsPerTick !== null && pts > found.keyframePts)
      found.keyframeIntervalSeconds = (pts - found.keyframePts) * found.secondsPerTick
    found.keyframePts = pts
    found.lastKeyframeAt = at
  }

  function paused({ gaps }: Track, ms: number, endedAt: number): void {
    if (ms < burstGapMs || ms > longestBurstGapMs) return
    gaps.push({ ms, endedAt })
    if (gaps.length > gapsKept) gaps.shift()
  }

  function isCountedAnew({ highestPts, secondsPerTick }: Track, pts: number): boolean {
    return highestPts !== null && secondsPerTick !== null && (highestPts - pts) * secondsPerTick > 2
  }

  /** Null where there were too few pauses, or too far apart to be a rhythm. */
  function burstSeconds({ gaps, lastProgressAt }: Track): number | null {
    if (gaps.length < gapsKept || lastProgressAt === null) return null
    const middle = gaps.map(({ ms }) => ms).sort((a, b) => a - b)[gapsKept >> 1]!
    return lastProgressAt - gaps[0]!.endedAt > middle * gapsKept * 2 ? null : middle / 1000
  }

  return {
    push(text, at) {
      const lines = (partial + text).split('\n')
      const rest = lines.pop() ?? ''
      partial = rest.length > lineLimit ? '' : rest
      for (const line of lines) {
        if (line.startsWith('#')) header(line)
        else packet(line, at)
      }
    },
    figures(at) {
      return [...tracks.values()].map((found) => {
        const { kind, packets, bytes, keyframeIntervalSeconds, lastProgressAt, measurements } = found
        const { highestPts, secondsPerTick, lastKeyframeAt, identical: identicalPackets } = found
        // What came before the first packet was waiting and not a rate.
        if (packets > 0) measurements.push({ at, packets, bytes })
        // The oldest one kept is the youngest that is a whole window old.
        while (measurements.length > measurementsKept || (measurements[1] && at - measurements[1].at >= windowMs))
          measurements.shift()
        const oldest = measurements[0]
        const seconds = oldest ? (at - oldest.at) / 1000 : 0
        const perSecond = (now: number, before: number) => (now - before) / seconds
        const measured = oldest && seconds >= 0.5
        return {
          kind,
          packets,
          bytes,
          fps: measured ? perSecond(packets, oldest.packets) : null,
          bitrateBps: measured ? Math.round(perSecond(bytes, oldest.bytes) * 8) : null,
          keyframeIntervalSeconds: kind === 'VIDEO' ? keyframeIntervalSeconds : null,
          lastProgressAt,
          lastKeyframeAt,
          mediaSeconds: highestPts === null || secondsPerTick === null ? null : highestPts * secondsPerTick,
          identicalPackets,
          burstSeconds: burstSeconds(found),
        }
      })
    },
    total: () => [...tracks.values()].reduce((sum, { packets }) => sum + packets, 0),
    get reordered() {
      const videos = [...tracks.values()].filter(({ kind, packets }) => kind === 'VIDEO' && packets > 0)
      return videos.length === 0 ? null : videos.some(({ reordered }) => reordered)
    },
  }
}
