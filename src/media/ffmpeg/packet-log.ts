import type { MediaKind } from '../../streams/model.ts'
import type { TrackFigures } from './types.ts'

/** Figures a second are taken over so long. */
const windowMs = 5_000
/** Measurements kept a track: a caller that samples faster than a few times a second shortens the window. */
const measurementsKept = 24
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
    found.lastProgressAt = at
    if (found.kind !== 'VIDEO') return
    if (found.lastPts !== null && pts < found.lastPts) found.reordered = true
    found.lastPts = pts
    const flags = fields[6]
    const isKeyframe = !flags?.startsWith(' F=') || (Number(flags.slice(3)) & 1) === 1
    if (!isKeyframe) return
    if (found.keyframePts !== null && found.secondsPerTick !== null && pts > found.keyframePts)
      found.keyframeIntervalSeconds = (pts - found.keyframePts) * found.secondsPerTick
    found.keyframePts = pts
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
          fps: measured ? perSecond(packets, oldest.packets) : null,
          bitrateBps: measured ? Math.round(perSecond(bytes, oldest.bytes) * 8) : null,
          keyframeIntervalSeconds: kind === 'VIDEO' ? keyframeIntervalSeconds : null,
          lastProgressAt,
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
