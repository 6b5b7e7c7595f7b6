import { type HealthView, type HealthWatch, healthDiffers, unknownHealth } from '../health/model.ts'
import { tracksDiffer } from '../media/ffmpeg/tracks.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { ProcessSample } from '../platform/metrics/source.ts'
import type { ProducerRow } from '../producers/types.ts'
import { type Attempts, adopted, afterFailure, doubtAfter, noAttempts } from './attempts.ts'
import { causeTexts, SourceFailure } from './causes.ts'
import { Ingest, type IngestPorts } from './ingest.ts'
import type { FailureCause, MediaKind, ProcessExit, SourceTrack, StreamSource } from './model.ts'
import * as plan from './plan.ts'
import type { RunnerStore } from './runner-store.ts'
import type { MediaFiles } from './source.ts'
import { LeaseLost, StreamRecord } from './stream-record.ts'
import type { StreamFigures } from './types.ts'
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
  /** Makes what judges one stream's health, second by second. */
  watchHealth(): HealthWatch
}

/** Where the database doesn't answer, media flows on, and what is to be written is tried again after this long. */
const retryMs = 1000

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
  private record: StreamRecord | null = null
  private attempts: Attempts = noAttempts
  private probing: AbortController | null = null
  /** FFmpeg was started without probing and brought nothing: let the next one look for itself. */
  private probeFully = false
  private findingAnswered: string | null = null
  private restarts = 0
  private lastExit: ProcessExit | null = null
  private readonly watch: HealthWatch
  private health: HealthView = unknownHealth
  private healthAt: number | null = null
  private reload = true
  private ending: 'HAND_BACK' | 'ABANDON' | null = null

  constructor(streamId: string, token: number, store: RunnerStore, ports: RunnerPorts) {
    this.streamId = streamId
    this.store = store
    this.ports = ports
    this.logger = ports.logger.child({ streamId })
    this.watch = ports.watchHealth()
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
    return { ...this.ingest.figures(), health: this.health, healthAt: this.healthAt }
  }

  /** Its FFmpeg as last sampled; null where none runs. */
  process(): ProcessSample | null {
    if (this.ingest.pid === null) return null
    const figures = this.ingest.figures().process
    return {
      streamId: this.streamId,
      cpuPercent: figures?.cpuPercent ?? null,
      memoryBytes: figures?.memoryBytes ?? null,
      healthy: figures ? this.record?.row.state === 'LIVE' : null,
    }
  }

  /** About once a second. Never rejects. */
  async sample(): Promise<void> {
    await this.ingest.sample()
    this.compareTracks()
    this.judge()
  }

  private judge(): void {
    const row = this.record?.row
    if (!row) return
    const { process, producers, viewers } = this.ingest.figures()
    const { id: streamId, projectId, state, stateCause: cause, sourceTracks: tracks, recoveryPolicy } = row
    const at = this.ports.now()
    const pictureStillSince = null
    const observed = { streamId, projectId, at, state, cause, tracks, process, producers, viewers, pictureStillSince }
    const restarts = this.restarts
    const before = this.health
    this.health = this.watch.observe({ ...observed, sourceKind: row.source.kind, restarts }, recoveryPolicy)
    this.healthAt = at
    if (healthDiffers(before, this.health)) this.wakeUp.wake()
  }

  /** A camera may have been set up anew since its tracks were learnt: then FFmpeg is planned anew, once for each new finding. */
  private compareTracks(): void {
    const reported = this.ingest.reportedTracks()
    const learnt = this.record?.row.sourceTracks
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
    let written = await this.database(() => this.readOrders())
    if (!this.record) {
      if (!written) await this.wakeUp.sleep(retryMs)
      return written
    }
    const { wanted } = this.record
    const step = plan.nextStep(wanted, this.actual(), this.ports.now(), this.ports.policy)
    if (step.do !== 'WAIT' && step.do !== 'RELEASE') await this.take(step, this.record)
    written = (await this.database(() => this.writeDown())) && written
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

  private async readOrders(): Promise<void> {
    if (!this.reload) return
    // Before the reading: an order that comes during it has to be read again.
    this.reload = false
    const first = this.record === null
    try {
      this.record = await StreamRecord.load(this.store)
    } catch (error) {
      this.reload = true
      throw error
    }
    if (!this.record) return this.ingest.close()
    if (!first) return
    this.restarts = this.record.row.restarts
    this.lastExit = this.record.row.lastExit
  }

  private actual(): plan.Actual {
    return { ...this.attempts, ...this.ingest.facts(), probing: this.probing !== null }
  }

  private async take(step: Exclude<plan.Step, { do: 'WAIT' | 'RELEASE' }>, record: StreamRecord): Promise<void> {
    switch (step.do) {
      case 'ADOPT':
        // A node that takes a stream over goes on counting; a new order begins anew.
        this.restarts = this.attempts.adopted === null ? record.row.restarts : 0
        this.attempts = adopted(record.row.startOrder)
        return
      case 'PROBE':
        return this.startProbe(record)
      case 'ABORT_PROBE':
        this.probing?.abort()
        this.probing = null
        return
      case 'OPEN_MEDIA':
        return this.attempt(() => this.withProducers(record, (specs) => this.ingest.openMedia(specs)))
      case 'SYNC_PRODUCERS':
        return this.attempt(() => this.withProducers(record, (specs) => this.ingest.syncProducers(specs)))
      case 'START_PROCESS':
        return this.attempt(() => this.startProcess(record))
      case 'STOP_PROCESS':
        return this.ingest.stop()
      case 'CLOSE_MEDIA':
        await this.ingest.close()
        if (await record.closeProducers()) this.reload = true
        return
      case 'FORGET_FAILURES':
        this.attempts = { ...this.attempts, failures: 0, failure: null }
        return
      case 'FAIL':
        // The node itself may have stood still: look once more before a source is called dead.
        if (await this.ingest.sample()) return
        this.fail(step.cause, step.message)
        return this.ingest.stop(true)
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

  private async withProducers(record: StreamRecord, work: (specs: ReturnType<typeof specOf>[]) => Promise<void>) {
    if (await record.ensureProducers(plan.kindsToSend(record.wanted))) this.ports.changed(this.streamId)
    await work(record.openProducers().map(specOf))
  }

  private startProbe(record: StreamRecord): void {
    const controller = new AbortController()
    const { signal } = controller
    this.probing = controller
    const learn = async () => {
      const tracks = await this.ports.probe(await this.sourceOf(record), signal)
      if (signal.aborted) return
      if (tracks.length === 0) throw new SourceFailure('NO_MEDIA')
      await record.saveTracks(tracks)
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

  private async sourceOf({ row: { source } }: StreamRecord): Promise<StreamSource> {
    if (source.kind !== 'FILE') return source
    try {
      return { ...source, path: await this.ports.files.resolve(source.path, 'path') }
    } catch (error) {
      throw new SourceFailure('NOT_FOUND', error instanceof Error ? error.message : undefined)
    }
  }

  private async startProcess(record: StreamRecord): Promise<void> {
    await this.ingest.start(await this.sourceOf(record), record.row.sourceTracks!, !this.probeFully)
    if (this.attempts.failure) this.restarts++
    const { pid } = this.ingest
    this.logger.info({ pid, kinds: this.ingest.facts().producerKinds, restarts: this.restarts }, 'FFmpeg started')
  }

  private processEnded(process: plan.ActualProcess, exit: ProcessExit, fastProbe: boolean): void {
    const { source } = this.record!.row
    const { code, signal, cause } = exit
    this.logger.info({ code, signal, cause, asked: process.stopping }, 'FFmpeg ended')
    if (!process.stopping) {
      this.lastExit = exit
      const playedOnce = source.kind === 'FILE' && !source.loop && code === 0 && process.firstPacketAt !== null
      if (playedOnce) this.attempts = { ...this.attempts, ended: true }
      else this.fail(cause, causeTexts[cause])
    }
    const { failure } = this.attempts
    // Ended by us because it had failed: that is the cause that users should read.
    if (process.stopping && failure && failure.at >= process.startedAt)
      this.lastExit = { ...exit, cause: failure.cause }
    const doubt = process.firstPacketAt === null ? doubtAfter(this.attempts, fastProbe) : null
    if (doubt === 'PROBE_FULLY') this.probeFully = true
    if (doubt === 'LEARN') this.attempts = { ...this.attempts, tracksInDoubt: true }
    this.wakeUp.wake()
  }

  private fail(cause: FailureCause, message: string): void {
    const at = this.ports.now()
    this.attempts = afterFailure(this.attempts, { cause, message, at }, this.ports.random())
    const { failures, notBefore } = this.attempts
    this.logger.warn({ cause, failures, nextAttemptInMs: notBefore - at }, 'the stream failed')
  }

  private async writeDown(): Promise<void> {
    const record = this.record!
    const { wanted } = record
    const actual = this.actual()
    const view = plan.stateOf(wanted, actual, this.ports.policy)
    const saved = await record.save({
      view,
      settled: plan.isSettled(wanted, actual, view),
      restarts: this.restarts,
      lastExit: this.lastExit,
      flowing: this.ingest.flowing(),
      health: this.health,
    })
    if (!saved) return
    if (saved.row.generation !== record.row.generation) this.reload = true
    this.record = saved
    this.ports.changed(this.streamId)
  }

  private async end(how: 'HAND_BACK' | 'ABANDON'): Promise<void> {
    this.probing?.abort()
    await this.ingest.close()
    const { record } = this
    if (how === 'HAND_BACK' && record) await this.database(() => record.handBack(this.restarts, this.lastExit))
  }
}

function specOf(producer: ProducerRow): { id: string; kind: MediaKind; ssrc: number } {
  return { id: producer.id, kind: producer.kind, ssrc: producer.ssrcs[0]! }
}
