import type { TrackFigures } from '../media/ffmpeg/types.ts'
import type { ProducerFigures } from '../media/mediasoup/types.ts'
import type { SourceTrack } from '../streams/model.ts'
import { learn, type Norm, noNorm } from './norm.ts'
import { Readings } from './readings.ts'

/** A bitrate is taken over whole groups of pictures: keyframes carry most of it. */
const shortestWindowMs = 5_000
const longestWindowMs = 30_000
/** The media's clock may jump so far from ours before it is taken for another count. */
const clockJumpMs = 5_000

/** What is remembered of one track. */
export class TrackMemory {
  readonly #declared: SourceTrack | null
  readonly #producerId: string
  /** Bytes, and the media's time in ms. */
  readonly #sent = new Readings()
  /** Packets that arrived at mediasoup, and those that were lost on the way. */
  readonly #arrived = new Readings()
  #producerPackets: number
  /** When the times in the packets began to count from where they count now: jitter is nonsense just after that. */
  #packetsAtClockStart: number | null = null
  #producerProgressAt: number | null = null
  #frameRateAt: number | null = null
  #bitrateAt: number | null = null
  bitrate: Norm = noNorm
  frameRate: Norm = noNorm
  /** The source has been seen to bring what it declares. */
  declaredIsReal = false
  /** Over the last whole groups of pictures; null is not measured. */
  bitrateBps: number | null = null

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
    this.bitrateBps = null
    this.#frameRateAt = null
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
    if (packetsLost !== null) this.#arrived.add(measuredAt, packets, packetsLost)
    this.bitrateBps = null
    if (!log) return this.#sent.clear()
    if (log.mediaSeconds !== null) {
      const mediaMs = log.mediaSeconds * 1000
      const { lastSecond, lastAt } = this.#sent
      if (lastSecond !== null && lastAt !== null) {
        const strayedMs = mediaMs - lastSecond - (at - lastAt)
        if (strayedMs > clockJumpMs || mediaMs < lastSecond - 1) {
          this.#sent.clear()
          this.#packetsAtClockStart = packets
        }
      }
      this.#sent.add(at, log.bytes, mediaMs)
    }
    this.bitrateBps = this.#bitrateNow(log)
    if (!settled || log.lastProgressAt === null || log.lastProgressAt < at) return
    if (log.fps !== null) {
      this.frameRate = learn(this.frameRate, log.fps, secondsSince(this.#frameRateAt, at))
      this.#frameRateAt = at
      const declared = log.kind === 'VIDEO' ? this.#declared?.fps : null
      if (declared && this.frameRate.seconds >= 10 && this.frameRate.mean >= declared * 0.9) this.declaredIsReal = true
    }
    if (this.bitrateBps !== null) {
      this.bitrate = learn(this.bitrate, this.bitrateBps, secondsSince(this.#bitrateAt, at))
      this.#bitrateAt = at
    }
  }

  /** Packets that arrived and packets that were lost over the last `ms`. */
  arrived(ms: number): { packets: number; lost: number } | null {
    const growth = this.#arrived.growth(ms)
    return growth && { packets: growth.first, lost: Math.max(0, growth.second) }
  }

  /** Media time by wall clock time over the last `ms`. */
  speed(ms: number): number | null {
    const growth = this.#sent.growth(ms)
    return growth && growth.second / growth.ms
  }

  #bitrateNow({ kind, keyframeIntervalSeconds }: TrackFigures): number | null {
    if (kind === 'VIDEO' && keyframeIntervalSeconds === null) return null
    const windowMs = Math.max(shortestWindowMs, 2000 * (keyframeIntervalSeconds ?? 0))
    if (windowMs > longestWindowMs) return null
    const growth = this.#sent.growth(windowMs)
    return growth && (growth.first * 8000) / growth.ms
  }
}

/** Of two readings; 1 s where there was none before, and never more than some: what lies between was not seen. */
function secondsSince(before: number | null, at: number): number {
  return before === null ? 1 : Math.min(Math.max(at - before, 0) / 1000, 5)
}
