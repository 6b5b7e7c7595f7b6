import { type HealthView, healthDiffers, unknownHealth } from '../health/model.ts'
import type { ProducerSpec } from '../media/mediasoup/types.ts'
import type { ProducerRow } from '../producers/types.ts'
import type { AttemptWrite } from '../recovery/attempt-log.ts'
import type { Refusal } from '../recovery/store.ts'
import type { MediaKind, ProcessExit, SourceTrack } from './model.ts'
import type { StateView, Wanted } from './plan.ts'
import type { LoadedStream, RunnerStore } from './runner-store.ts'
import type { StreamRow } from './types.ts'

/** Another node holds the stream by now: nothing of ours is written any more. */
export class LeaseLost extends Error {}

/** What a node reports of a stream that it runs. */
export interface Report {
  view: StateView
  /** The newest order that was read has been carried out. */
  settled: boolean
  restarts: number
  lastExit: ProcessExit | null
  /** Kinds whose packets arrive. */
  flowing: ReadonlySet<MediaKind>
  health: HealthView
  /** What is still to be written of its recovery attempts. */
  attempts: readonly AttemptWrite[]
  /** When this was seen, ms since the epoch. */
  at: number
}

/**
 * A stream's rows as a runner last read or wrote them: its orders, its producers, its state. Writes only what has changed.
 * Every method that writes throws LeaseLost where another node has taken over.
 */
export class StreamRecord {
  readonly row: StreamRow
  /** As it was when the rows were read. */
  readonly refusal: Refusal | null
  private producers: ProducerRow[]
  private readonly store: RunnerStore

  private constructor(store: RunnerStore, { row, producers, refusal }: LoadedStream) {
    this.store = store
    this.row = row
    this.producers = producers
    this.refusal = refusal
  }

  /** Null where there is no such row. */
  static async load(store: RunnerStore): Promise<StreamRecord | null> {
    const loaded = await store.load()
    return loaded && new StreamRecord(store, loaded)
  }

  get wanted(): Wanted {
    const { row } = this
    return {
      running: row.desiredState === 'RUNNING' && row.deletedAt === null,
      startOrder: row.startOrder,
      isFile: row.source.kind === 'FILE',
      sourceKinds: row.sourceTracks ? [...new Set(row.sourceTracks.map((track) => track.kind))] : null,
      closedKinds: this.producers
        .filter((it) => it.state === 'CLOSED' && it.closeReason === 'ORDERED' && it.startOrder === row.startOrder)
        .map((it) => it.kind),
    }
  }

  /** The newest order has not been carried out yet. */
  get isOrdered(): boolean {
    return this.row.generation !== this.row.observedGeneration
  }

  openProducers(): ProducerRow[] {
    return this.producers.filter((producer) => producer.state !== 'CLOSED')
  }

  /** What mediasoup is to have of them. */
  producerSpecs(): ProducerSpec[] {
    return this.openProducers().map(({ id, kind, ssrcs }) => ({ id, kind, ssrc: ssrcs[0]! }))
  }

  /** Makes a row for each of these kinds that has none, and closes those of other kinds. True when anything was written. */
  async ensureProducers(kinds: MediaKind[]): Promise<boolean> {
    const open = this.openProducers()
    const gone = open.filter((producer) => !kinds.includes(producer.kind)).map((producer) => producer.id)
    const missing = kinds.filter((kind) => !open.some((producer) => producer.kind === kind))
    if (gone.length > 0) held(await this.store.closeProducers(this.row, gone, 'TRACK_GONE'))
    for (const kind of missing) held(await this.store.addProducer(this.row, kind))
    if (gone.length === 0 && missing.length === 0) return false
    this.producers = (await this.store.load())?.producers ?? []
    return true
  }

  /** Closes every producer of a stream that was ordered to rest. True when there were any. */
  async closeProducers(): Promise<boolean> {
    const ids = this.openProducers().map((producer) => producer.id)
    if (ids.length === 0) return false
    const reason = this.row.deletedAt ? 'STREAM_DELETED' : 'STREAM_STOPPED'
    held(await this.store.closeProducers(this.row, ids, reason))
    return true
  }

  async saveTracks(tracks: SourceTrack[]): Promise<void> {
    await this.store.saveTracks(this.row, tracks)
  }

  /** Answers with the record as it is now, or null where there was nothing to write. Its generation is newer where an order came meanwhile. */
  async save({ view, settled, flowing, health: seen, ...report }: Report): Promise<StreamRecord | null> {
    const { row } = this
    const running = view.state !== 'STOPPED'
    const health = running ? seen : unknownHealth
    const observedGeneration = settled ? row.generation : row.observedGeneration
    const changed =
      view.state !== row.state ||
      view.cause !== row.stateCause ||
      observedGeneration !== row.observedGeneration ||
      report.restarts !== row.restarts ||
      report.lastExit?.at !== row.lastExit?.at ||
      report.attempts.length > 0 ||
      running !== (row.mediaNodeId !== null) ||
      healthDiffers({ status: row.health, issues: row.healthIssues }, health)
    const stale = this.openProducers().filter((it) => (it.state === 'ACTIVE') !== flowing.has(it.kind))
    if (!changed && stale.length === 0) return null
    const write = { ...report, view, observedGeneration, running, health }
    const saved = changed ? held(await this.store.saveState(row, write)) : row
    const producers = [...this.producers]
    for (const producer of stale) {
      const state = flowing.has(producer.kind) ? 'ACTIVE' : 'CREATED'
      held(await this.store.saveProducerState(producer, state))
      producers[producers.indexOf(producer)] = { ...producer, state }
    }
    return new StreamRecord(this.store, { row: saved, producers, refusal: this.refusal })
  }

  /** The last words of a node that hands the stream back. */
  async handBack(report: Pick<Report, 'restarts' | 'lastExit' | 'attempts' | 'at'>): Promise<void> {
    const view: StateView = this.wanted.running
      ? { state: 'STARTING', cause: 'NODE_LOST', reason: 'Its node has given it back; it waits for another.' }
      : { state: 'STOPPED', cause: null, reason: null }
    const { observedGeneration } = this.row
    const health = unknownHealth
    await this.store.saveState(this.row, { ...report, view, observedGeneration, running: false, health })
    for (const producer of this.openProducers()) await this.store.saveProducerState(producer, 'CREATED')
  }
}

/** What a fenced write answered; throws LeaseLost where it wrote nothing. */
function held<T>(written: T): Exclude<T, null | false> {
  if (written === null || written === false) throw new LeaseLost()
  return written as Exclude<T, null | false>
}
