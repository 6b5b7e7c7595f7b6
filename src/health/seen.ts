import type { TrackFigures } from '../media/ffmpeg/types.ts'
import type { ProducerFigures } from '../media/mediasoup/types.ts'
import { type MediaKind, mediaKinds, type SourceTrack } from '../streams/model.ts'
import type { StreamPolicy } from '../streams/policy.ts'
import { staleAfterMs } from './fresh.ts'
import type { StreamObservation } from './model.ts'
import { RestartTimes } from './restart-times.ts'
import { TrackMemory } from './track-memory.ts'

/** One track that is sent, as it is now and as it usually is. */
export interface SeenTrack {
  kind: MediaKind
  declared: SourceTrack | null
  /** Null where the packet log does not tell of it. */
  log: TrackFigures | null
  producer: ProducerFigures
  /** Since FFmpeg's last packet of it; since the process started where none has come. */
  silentMs: number
  /** The same of what arrived at mediasoup. */
  producerSilentMs: number
  /** None has come since the process started. */
  neverCame: boolean
  memory: TrackMemory
}

/** What the rules are told each second. */
export interface Seen {
  /** Of the measurement, ms since the epoch. */
  at: number
  observation: StreamObservation
  policy: StreamPolicy
  /** How many cores FFmpeg may use. */
  usableCores: number
  /** Between this measurement and the one before. */
  intervalMs: number
  /** How long the process has run, or the node has been awake again. */
  runningMs: number
  /** The process runs long enough, and the node has not just stood still: rates mean something. */
  settled: boolean
  /** There are figures of media that are new enough. */
  measured: boolean
  tracks: Partial<Record<MediaKind, SeenTrack>>
  restarts: RestartTimes
}

/** Rates are taken over 5 s: as long after a start or a stand-still they still hold what was before. */
export const settleMs = 6_000
/** Observations that are farther apart than this many intervals: the node itself stood still. */
const missedIntervals = 3

/** What has to be remembered of one stream to judge it: some 9 KB, and no more with time. */
export class StreamMemory {
  readonly #intervalMs: number
  #lastAt: number | null = null
  #pid: number | null = null
  /** What was before says nothing of now: the process is another, or the node stood still. */
  #startsAt = 0
  #tracks: Partial<Record<MediaKind, TrackMemory>> = {}
  readonly #restarts = new RestartTimes()

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs
  }

  /** Takes one observation in. `stoodStill`: nothing may be raised for what came before. */
  take(observation: StreamObservation, policy: StreamPolicy, usableCores: number): Seen & { stoodStill: boolean } {
    const { process, producers, state, restarts } = observation
    const at = process?.measuredAt ?? observation.at
    const intervalMs = this.#lastAt === null ? this.#intervalMs : Math.max(0, at - this.#lastAt)
    const stoodStill = intervalMs > this.#intervalMs * missedIntervals
    const isNew = process !== null && process.pid !== this.#pid
    if (isNew || stoodStill) {
      this.#startsAt = isNew ? Math.min(process.startedAt, at) : at
      for (const track of Object.values(this.#tracks)) track.startAnew()
    }
    this.#pid = process?.pid ?? null
    this.#lastAt = at
    this.#restarts.take(restarts, state === 'LIVE', at)

    const measured = process !== null && observation.at - process.measuredAt <= staleAfterMs
    const tracks: Partial<Record<MediaKind, SeenTrack>> = {}
    const settled = measured && at - this.#startsAt >= settleMs
    for (const kind of mediaKinds) {
      const producer = producers.find((each) => each.kind === kind)
      const log = process?.tracks.find((each) => each.kind === kind) ?? null
      // One whose producer was closed by order is not sent: nothing is expected of it.
      if (!producer) delete this.#tracks[kind]
      else if (measured && state === 'LIVE') tracks[kind] = this.#track(observation, producer, log, at, settled)
    }
    const runningMs = at - this.#startsAt
    const base = { at, observation, policy, usableCores, intervalMs, runningMs, settled, stoodStill }
    return { ...base, restarts: this.#restarts, measured: measured && hasMedia(observation), tracks }
  }

  #track(
    { tracks }: StreamObservation,
    producer: ProducerFigures,
    log: TrackFigures | null,
    at: number,
    settled: boolean,
  ): SeenTrack {
    const { kind } = producer
    const declared = tracks?.find((each) => each.kind === kind) ?? null
    let memory = this.#tracks[kind]
    if (!memory?.isOf(declared, producer.producerId)) memory = this.#tracks[kind] = new TrackMemory(declared, producer)
    const producerSilentMs = memory.producerSilentMs(producer, this.#startsAt)
    const silentMs = log ? at - Math.max(log.lastProgressAt ?? 0, this.#startsAt) : producerSilentMs
    // Packets arrive that the log does not tell of: it has fallen out, and its figures are of another time.
    const told = log && !(silentMs > logLostMs && producerSilentMs < logLostMs) ? log : null
    memory.take(told, producer, at, settled)
    const neverCame = (log?.packets ?? 0) === 0 && memory.producerNeverCame
    const silent = told || !log ? silentMs : producerSilentMs
    return { kind, declared, log: told, producer, silentMs: silent, producerSilentMs, neverCame, memory }
  }
}

const logLostMs = 2_500

function hasMedia({ process, producers }: StreamObservation): boolean {
  return (process?.tracks.some(({ packets }) => packets > 0) ?? false) || producers.some(({ packets }) => packets > 0)
}
