import { tracksDiffer } from '../media/ffmpeg/tracks.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { ProcessSample } from '../platform/metrics/source.ts'
import type { ProducerRow } from '../producers/types.ts'
import { causeTexts, SourceFailure } from './causes.ts'
import { Ingest, type IngestPorts } from './ingest.ts'
import type { FailureCause, MediaKind, ProcessExit, SourceTrack, StreamSource } from './model.ts'
import * as plan from './plan.ts'
import type { RunnerStore } from './runner-store.ts'
import type { MediaFiles } from './source.ts'
import type { StreamFigures, StreamRow } from './types.ts'
import { WakeUp } from './wake-up.ts'

/** What a runner acts with. */
export interface RunnerPorts extends IngestPorts {
  /** Learns what a source carries. Rejects with SourceFailure; when `signal` is aborted, with anything. */
  probe(source: StreamSource, signal: AbortSignal): Promise<SourceTrack[]>
  files: MediaFiles
  policy: plan.PlanPolicy
  /** In [0, 1). */
  random(): number
  logger: Logger
  /** The stream has something new to show. */
  changed(streamId: string): void
}

/** Where the database doesn't answer, media flows on, and what is to be written is tried again after this long. */
const retryMs = 1000

/** What a runner remembers of its attempts; the rest of plan.Actual is what its ingest shows. */
type Attempts = Omit<plan.Actual, keyof ReturnType<Ingest['facts']> | 'probing'>

/**
 * Carries out the plan for one stream that this node holds the lease of: looks at what is wanted and what is, takes one
 * step, writes the state down, and so on. Nobody else acts on the stream's media.
 */
export class StreamRunner {
  readonly streamId: string
  /** Resolves when it has come to rest: stopped, handed back, or the lease lost. Never rejects. */
  readonly finished: Promise<void>

  private readonly store: RunnerStore
  private readonly ports: RunnerPorts
  private readonly logger: Logger
  private readonly ingest: Ingest
  private readonly wakeUp = new WakeUp()
  private row: StreamRow | null = null
  private producers: ProducerRow[] = []
  private attempts: Attempts = { ...plan.idle }
  private probing: AbortController | null = null
  /** FFmpeg was started without probing and brought nothing: let the next one look for itself. */
  private probeFully = false
  private findingAnswered: string | null = null
  private restarts = 0
  private lastExit: ProcessExit | null = null
  private reload = true
  private ending: 'HAND_BACK' | 'ABANDON' | null = null

  constructor(streamId: string, token: number, store: RunnerStore, ports: RunnerPorts) {
    this.streamId = streamId
    this.store = store
    this.ports = ports
    this.logger = ports.logger.child({ streamId })
    this.ingest = new Ingest(streamId, token, ports, {
      firstPacket: () => {
        this.attempts = { ...this.attempts, hasBeenLive: true }
        this.probeFully = false
        this.wakeUp.wake()
      },
      ended: (process, exit, fastProbe) => this.processEnded(process, exit, fastProbe),
      mediaLost: () => {
        this.fail('WORKER_DIED', causeTexts.WORKER_DIED)
        this.wakeUp.wake()
      },
    })
    this.finished = this.loop()
  }

  /** The orders about this stream may have changed. */
  wake(): void {
    this.reload = true
    this.wakeUp.wake()
  }

  /** Ends everything and leaves the stream to whoever claims it next; what is ordered stays ordered. */
  handBack(): Promise<void> {
    this.ending ??= 'HAND_BACK'
    this.wakeUp.wake()
    return this.finished
  }

  /** Another node has it: ends everything and writes nothing. */
  abandon(): Promise<void> {
    this.ending = 'ABANDON'
    this.wakeUp.wake()
    return this.finished
  }

  figures(): StreamFigures {
    return this.ingest.figures()
  }

  /** Its FFmpeg as last sampled; null where none runs. */
  process(): ProcessSample | null {
    if (this.ingest.pid === null) return null
    const figures = this.ingest.figures().process
    return {
      streamId: this.streamId,
      cpuPercent: figures?.cpuPercent ?? null,
      memoryBytes: figures?.memoryBytes ?? null,
      healthy: figures ? this.row?.state === 'LIVE' : null,
    }
  }

  /** About once a second. Never rejects. */
  async sample(): Promise<void> {
    await this.ingest.sample()
    this.compareTracks()
  }

  /** A camera may have been set up anew since its tracks were learnt: then FFmpeg is planned anew, once for each new finding. */
  private compareTracks(): void {
    const reported = this.ingest.reportedTracks()
    const learnt = this.row?.sourceTracks
    if (!reported || !learnt || !tracksDiffer(learnt, reported)) return
    const finding = JSON.stringify(reported)
    if (finding === this.findingAnswered) return
    this.findingAnswered = finding
    this.logger.info({ learnt, reported }, 'the source carries something else than was learnt')
    this.attempts = { ...this.attempts, tracksInDoubt: true }
    this.wakeUp.wake()
  }

  private async loop(): Promise<void> {
    for (;;) {
      try {
        if (this.ending) return await this.end(this.ending)
        if (await this.turn()) return
      } catch (error) {
        if (error instanceof LeaseLost) this.ending = 'ABANDON'
        else {
          this.logger.error({ error }, 'a step failed; trying again')
          this.reload = true
          await this.wakeUp.sleep(retryMs)
        }
      }
    }
  }

  /** Looks, takes one step, writes down. True when there is nothing left to do. */
  private async turn(): Promise<boolean> {
    let written = await this.database(() => this.loadOrders())
    if (!this.row) {
      if (written) {
        await this.ingest.close()
        return true
      }
      await this.wakeUp.sleep(retryMs)
      return false
    }
    const now = this.ports.now()
    const step = plan.nextStep(this.wanted(this.row), this.actual(), now, this.ports.policy)
    if (step.do !== 'WAIT' && step.do !== 'RELEASE') await this.take(step, this.row)
    written = (await this.database(() => this.record())) && written
    if (this.reload && written) return false
    if (step.do === 'RELEASE' && written) return true
    if (step.do === 'WAIT' || step.do === 'RELEASE') {
      const untilMs = step.do === 'WAIT' && step.until !== null ? step.until - this.ports.now() : null
      await this.wakeUp.sleep(written ? untilMs : Math.min(untilMs ?? retryMs, retryMs))
    }
    return false
  }

  /** Runs something that needs the database; false where it failed and has to be tried again. */
  private async database(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      if (error instanceof LeaseLost) throw error
      this.logger.error({ error }, 'the database did not take it; trying again')
      return false
    }
  }

  private async loadOrders(): Promise<void> {
    if (!this.reload) return
    const loaded = await this.store.load()
    this.reload = false
    if (!this.row && loaded) {
      this.restarts = loaded.row.restarts
      this.lastExit = loaded.row.lastExit
    }
    this.row = loaded?.row ?? null
    this.producers = loaded?.producers ?? []
  }

  private wanted(row: StreamRow): plan.Wanted {
    return {
      running: row.desiredState === 'RUNNING' && row.deletedAt === null,
      startOrder: row.startOrder,
      sourceKinds: row.sourceTracks ? [...new Set(row.sourceTracks.map((track) => track.kind))] : null,
      closedKinds: this.producers
        .filter((it) => it.state === 'CLOSED' && it.closeReason === 'ORDERED' && it.startOrder === row.startOrder)
        .map((it) => it.kind),
    }
  }

  private actual(): plan.Actual {
    return { ...this.attempts, ...this.ingest.facts(), probing: this.probing !== null }
  }

  private openProducers(): ProducerRow[] {
    return this.producers.filter((producer) => producer.state !== 'CLOSED')
  }

  private async take(step: Exclude<plan.Step, { do: 'WAIT' | 'RELEASE' }>, row: StreamRow): Promise<void> {
    switch (step.do) {
      case 'ADOPT':
        this.attempts = { ...plan.idle, adopted: row.startOrder }
        this.restarts = row.restarts
        return
      case 'PROBE':
        return this.startProbe(row)
      case 'ABORT_PROBE':
        this.probing?.abort()
        this.probing = null
        return
      case 'OPEN_MEDIA':
        await this.ensureProducerRows(row)
        return this.attempt(() => this.ingest.openMedia(this.openProducers().map(specOf)))
      case 'SYNC_PRODUCERS':
        await this.ensureProducerRows(row)
        return this.attempt(() => this.ingest.syncProducers(this.openProducers().map(specOf)))
      case 'START_PROCESS':
        return this.attempt(() => this.startProcess(row))
      case 'STOP_PROCESS':
        return this.ingest.stop()
      case 'CLOSE_MEDIA':
        return this.closeMedia(row)
      case 'FORGET_FAILURES':
        this.attempts = { ...this.attempts, failures: 0, failure: null }
        return
      case 'FAIL':
        // The node itself may have stood still: look once more before a source is called dead.
        if (await this.ingest.sample()) return
        this.fail(step.cause, step.message)
        return this.ingest.stop()
    }
  }

  private async attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step()
    } catch (error) {
      if (!(error instanceof SourceFailure)) throw error
      this.logger.warn({ cause: error.cause, log: error.log }, 'the media could not be set up')
      this.fail(error.cause, error.message)
    }
  }

  private startProbe(row: StreamRow): void {
    const controller = new AbortController()
    const { signal } = controller
    this.probing = controller
    const learn = async () => {
      const tracks = await this.ports.probe(await this.sourceOf(row), signal)
      if (signal.aborted) return
      if (tracks.length === 0) throw new SourceFailure('NO_MEDIA')
      await this.store.saveTracks(row, tracks)
      this.attempts = { ...this.attempts, tracksInDoubt: false }
      this.reload = true
    }
    learn()
      .catch((error: unknown) => {
        if (signal.aborted) return
        if (error instanceof SourceFailure) {
          const { cause, message, log } = error
          this.lastExit = { code: null, signal: null, cause, at: this.ports.now(), log }
          return this.fail(cause, message)
        }
        this.logger.error({ error }, 'probing failed')
        this.fail('UNKNOWN', 'What the source carries could not be found out.')
      })
      .finally(() => {
        if (this.probing === controller) this.probing = null
        this.wakeUp.wake()
      })
  }

  private async sourceOf(row: StreamRow): Promise<StreamSource> {
    const { source } = row
    if (source.kind !== 'FILE') return source
    try {
      return { ...source, path: await this.ports.files.resolve(source.path, 'path') }
    } catch (error) {
      throw new SourceFailure('NOT_FOUND', error instanceof Error ? error.message : undefined)
    }
  }

  private async startProcess(row: StreamRow): Promise<void> {
    await this.ingest.start(await this.sourceOf(row), row.sourceTracks!, !this.probeFully)
    if (this.attempts.failure) this.restarts++
    const { pid } = this.ingest
    this.logger.info({ pid, kinds: this.ingest.facts().producerKinds, restarts: this.restarts }, 'FFmpeg started')
  }

  /** A row for each kind that should flow, none for a kind that the source does not have. */
  private async ensureProducerRows(row: StreamRow): Promise<void> {
    const kinds = plan.kindsToSend(this.wanted(row))
    const open = this.openProducers()
    const gone = open.filter((producer) => !kinds.includes(producer.kind)).map((producer) => producer.id)
    const missing = kinds.filter((kind) => !open.some((producer) => producer.kind === kind))
    if (gone.length === 0 && missing.length === 0) return
    if (gone.length > 0) held(await this.store.closeProducers(row, gone, 'TRACK_GONE'))
    for (const kind of missing) held(await this.store.addProducer(row, kind))
    this.producers = (await this.store.load())?.producers ?? []
    this.ports.changed(this.streamId)
  }

  private processEnded(process: plan.ActualProcess, exit: ProcessExit, fastProbe: boolean): void {
    const { source } = this.row!
    const { code, signal, cause } = exit
    this.logger.info({ code, signal, cause, asked: process.stopping }, 'FFmpeg ended')
    if (!process.stopping) {
      this.lastExit = exit
      const playedOnce = source.kind === 'FILE' && !source.loop && code === 0 && process.firstPacketAt !== null
      if (playedOnce) this.attempts = { ...this.attempts, ended: true }
      else this.fail(cause, causeTexts[cause])
    }
    const { failure } = this.attempts
    if (process.firstPacketAt === null && failure && plan.doubtsTracks(failure.cause)) {
      // First let FFmpeg look for itself, then learn anew what the source carries.
      if (fastProbe) this.probeFully = true
      else this.attempts = { ...this.attempts, tracksInDoubt: true }
    }
    this.wakeUp.wake()
  }

  private fail(cause: FailureCause, message: string): void {
    const at = this.ports.now()
    const failures = this.attempts.failures + 1
    const delayMs = Math.round(plan.restartDelayMs(failures, this.ports.random()))
    this.attempts = { ...this.attempts, failures, failure: { cause, message, at }, notBefore: at + delayMs }
    this.logger.warn({ cause, failures, nextAttemptInMs: delayMs }, 'the stream failed')
  }

  /** Writes down what has changed. */
  private async record(): Promise<void> {
    const row = this.row!
    const wanted = this.wanted(row)
    const view = plan.stateOf(wanted, this.actual(), this.ports.policy)
    const report = {
      view,
      observedGeneration: plan.isSettled(wanted, this.actual(), view) ? row.generation : row.observedGeneration,
      running: view.state !== 'STOPPED',
      restarts: this.restarts,
      lastExit: this.lastExit,
    }
    const changed =
      view.state !== row.state ||
      view.cause !== row.stateCause ||
      report.observedGeneration !== row.observedGeneration ||
      report.restarts !== row.restarts ||
      report.lastExit?.at !== row.lastExit?.at ||
      report.running !== (row.mediaNodeId !== null)
    if (changed) {
      const saved = held(await this.store.saveState(row, report))
      if (saved.generation !== row.generation) this.reload = true
      this.row = saved
    }
    const flows = this.ingest.flowing()
    const stale = this.openProducers().filter((it) => (it.state === 'ACTIVE') !== flows.has(it.kind))
    for (const producer of stale) {
      const state = flows.has(producer.kind) ? 'ACTIVE' : 'CREATED'
      held(await this.store.saveProducerState(producer, state))
      this.producers = this.producers.map((it) => (it === producer ? { ...it, state } : it))
    }
    if (changed || stale.length > 0) this.ports.changed(this.streamId)
  }

  private async closeMedia(row: StreamRow): Promise<void> {
    await this.ingest.close()
    const ids = this.openProducers().map((producer) => producer.id)
    if (ids.length === 0) return
    held(await this.store.closeProducers(row, ids, row.deletedAt ? 'STREAM_DELETED' : 'STREAM_STOPPED'))
    this.reload = true
  }

  private async end(how: 'HAND_BACK' | 'ABANDON'): Promise<void> {
    this.probing?.abort()
    await this.ingest.close()
    const { row } = this
    if (how === 'ABANDON' || !row) return
    const view: plan.StateView = this.wanted(row).running
      ? { state: 'STARTING', cause: 'NODE_LOST', reason: 'Its node has been stopped; it waits for another.' }
      : { state: 'STOPPED', cause: null, reason: null }
    await this.database(async () => {
      const { observedGeneration } = row
      const report = { view, observedGeneration, running: false, restarts: this.restarts, lastExit: this.lastExit }
      await this.store.saveState(row, report)
      for (const producer of this.openProducers()) await this.store.saveProducerState(producer, 'CREATED')
    })
  }
}

class LeaseLost extends Error {}

/** What a fenced write answered; throws LeaseLost where it wrote nothing. */
function held<T>(written: T): Exclude<T, null | false> {
  if (written === null || written === false) throw new LeaseLost()
  return written as Exclude<T, null | false>
}

function specOf(producer: ProducerRow): { id: string; kind: MediaKind; ssrc: number } {
  return { id: producer.id, kind: producer.kind, ssrc: producer.ssrcs[0]! }
}
