import type { TrackFigures } from '../media/ffmpeg/types.ts'
import type { ProducerFigures } from '../media/mediasoup/types.ts'
import type { SourceTrack } from '../streams/model.ts'
import { isKnown, learn, type Norm, noNorm } from './norm.ts'
import { Readings } from './readings.ts'

const shortestWindowMs = 5_000
const longestWindowMs = 30_000
/** Losses are counted over so long. */
export const lossWindowMs = 10_000
/** The media's clock may jump so far from ours before it is taken for another count. */
const clockJumpMs = 5_000

/** What is remembered of one track. */
export class TrackMemory {
  readonly #declared: SourceTrack | null
  readonly #producerId: string
  readonly #sent = new Readings<'bytes' | 'packets' | 'mediaMs'>(longestWindowMs / 1000)
  /** At mediasoup, and lost on the way there. */
  readonly #arrived = new Readings<'packets' | 'lost'>(lossWindowMs / 1000)
  #producerPackets: number
  /** When the times in the packets began to count from where they count now: jitter is nonsense just after that. */
  #packetsAtClockStart: number | null = null
  #producerProgressAt: number | null = null
  /** When the frame rate was last learnt, and how many packets there were. */
  #framesAt: { at: number; packets: number } | null = null
  #bitrateAt: number | null = null
  bitrate: Norm = noNorm
  frameRate: Norm = noNorm
  /** The source has been seen to bring what it declares. */
  declaredIsReal = false
  /** Over the last whole groups of pictures; null is not measured. */
  bitrateBps: number | null = null
  /** The average has been taken over several such times. */
  bitrateIsKnown = false
  /** Packets a second over the same time. */
  packetRate: number | null = null

  constructor(declared: SourceTrack | null, producer: ProducerFigures) {
    this.#declared = declared
    this.#producerId = producer.producerId
    this.#producerPackets = producer.packets
    if (producer.packets > 0) this.#producerProgressAt = producer.measuredAt
  }

  /** Another source or another producer is another track: nothing that was learnt holds for it. */
  isOf(declared: SourceTrack | null, producerId: string): boolean {
    const before = this.#declared
    const same = (name: 'codec' | 'width' | 'height' | 'fps') => before?.[name] === declared?.[name]
    return producerId === this.#producerId && same('codec') && same('width') && same('height') && same('fps')
  }

  /** Keeps what was learnt, and forgets what was counted. */
  startAnew(): void {
    this.#sent.clear()
    this.#arrived.clear()
    this.#packetsAtClockStart = null
    this.bitrateBps = this.packetRate = null
    this.#framesAt = null
    this.#bitrateAt = null
  }

  /** Packets since the times in them count from where they count now. */
  get packetsByThisClock(): number {
    return this.#producerPackets - (this.#packetsAtClockStart ?? this.#producerPackets)
  }

  get producerNeverCame(): boolean {
    return this.#producerProgressAt === null
  }

  producerSilentMs({ packets, measuredAt }: ProducerFigures, startsAt: number): number {
    if (packets !== this.#producerPackets) this.#producerProgressAt = measuredAt
    this.#producerPackets = packets
    return measuredAt - Math.max(this.#producerProgressAt ?? 0, startsAt)
  }

  take(log: TrackFigures | null, { packets, packetsLost, measuredAt }: ProducerFigures, at: number, settled: boolean) {
    this.#packetsAtClockStart ??= packets
    if (packetsLost !== null) this.#arrived.add(measuredAt, { packets, lost: packetsLost })
    this.bitrateBps = this.packetRate = null
    if (!log) return this.#sent.clear()
    if (log.mediaSeconds !== null) {
      const mediaMs = log.mediaSeconds * 1000
      const last = this.#sent.last()
      if (last) {
        const strayedMs = mediaMs - last.values.mediaMs - (at - last.at)
        if (strayedMs > clockJumpMs || mediaMs < last.values.mediaMs - 1) {
          this.#sent.clear()
          this.#packetsAtClockStart = packets
        }
      }
      this.#sent.add(at, { bytes: log.bytes, packets: log.packets, mediaMs })
    }
    this.#takeBitrate(log)
    if (!settled || log.lastProgressAt === null || log.lastProgressAt < at) return
    if (log.fps !== null) {
      const last = this.#framesAt
      // Frames that come as the picture moves differ from second to second; those of a camera do not.
      const momentary = last && at > last.at ? ((log.packets - last.packets) * 1000) / (at - last.at) : log.fps
      this.frameRate = learn(this.frameRate, log.fps, secondsSince(last?.at ?? null, at), momentary)
      this.#framesAt = { at, packets: log.packets }
      const declared = log.kind === 'VIDEO' ? this.#declared?.fps : null
      if (declared && this.frameRate.seconds >= 5 && this.frameRate.mean >= declared * 0.9) this.declaredIsReal = true
    }
    if (this.bitrateBps !== null) {
      this.bitrate = learn(this.bitrate, this.bitrateBps, secondsSince(this.#bitrateAt, at))
      this.#bitrateAt = at
      this.bitrateIsKnown = isKnown(this.bitrate) && this.bitrate.seconds >= (2 * windowMsOf(log)) / 1000
    }
  }

  /** Packets that arrived and packets that were lost in `lossWindowMs`. */
  arrived(): { packets: number; lost: number } | null {
    const span = this.#arrived.over(lossWindowMs - 500)
    if (!span) return null
    return { packets: span.to.packets - span.from.packets, lost: Math.max(0, span.to.lost - span.from.lost) }
  }

  /** Media time by wall clock time over the last `ms`. */
  speed(ms: number): number | null {
    const span = this.#sent.over(ms)
    return span && (span.to.mediaMs - span.from.mediaMs) / span.ms
  }

  #takeBitrate(log: TrackFigures): void {
    if (log.kind === 'VIDEO' && log.keyframeIntervalSeconds === null) return
    const windowMs = windowMsOf(log)
    const span = windowMs > longestWindowMs ? null : this.#sent.over(windowMs)
    if (!span) return
    this.bitrateBps = ((span.to.bytes - span.from.bytes) * 8000) / span.ms
    this.packetRate = ((span.to.packets - span.from.packets) * 1000) / span.ms
  }
}

/** A bitrate is taken over whole groups of pictures: keyframes carry most of it. */
function windowMsOf({ keyframeIntervalSeconds }: TrackFigures): number {
  return Math.max(shortestWindowMs, 2000 * (keyframeIntervalSeconds ?? 0))
}

/** Of two readings; 1 s where there was none before, and never more than some: what lies between was not seen. */
function secondsSince(before: number | null, at: number): number {
  return before === null ? 1 : Math.min(Math.max(at - before, 0) / 1000, 5)
}
