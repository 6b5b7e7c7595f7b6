import { type HealthView, type HealthWatch, healthDiffers, unknownHealth } from '../health/model.ts'
import { tracksDiffer } from '../media/ffmpeg/tracks.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { ProcessSample } from '../platform/metrics/source.ts'
import type { ProducerRow } from '../producers/types.ts'
import { Mending, type MendingPorts } from '../recovery/mending.ts'
import type { StartBucket } from '../recovery/start-bucket.ts'
import { doubtAfter, failuresForgotten, replacedForgotten } from './attempts.ts'
import { causeTexts, SourceFailure } from './causes.ts'
import { Ingest, type IngestPorts } from './ingest.ts'
import type { FailureCause, MediaKind, ProcessExit, SourceTrack, StreamSource } from './model.ts'
import * as plan from './plan.ts'
import { policyOf, type StreamPolicy } from './policy.ts'
import { Probing } from './probing.ts'
import type { RunnerStore } from './runner-store.ts'
import type { MediaFiles } from './source.ts'
import { LeaseLost, StreamRecord } from './stream-record.ts'
import type { StreamFigures, StreamRow } from './types.ts'
import { WakeUp } from './wake-up.ts'

/** What a runner acts with. */
export interface RunnerPorts extends IngestPorts, MendingPorts {
  /** Learns what a source carries. Rejects with SourceFailure; when `signal` is aborted, with anything. */
  probe(source: StreamSource, signal: AbortSignal): Promise<SourceTrack[]>
  files: MediaFiles
  timing: Pick<plan.PlanPolicy, 'startDeadlineMs' | 'stableMs'>
  /** What the server sets for every stream that does not set it for itself. */
  defaults: StreamPolicy
  starts: StartBucket
  /** When this process or its machine last stood still, ms since the epoch. */
  stalledUntil(): number
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
  private readonly mending: Mending
  private readonly probing: Probing
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
    this.mending = new Mending(ports)
    this.probing = new Probing(this.logger, {
      failed: ({ cause, message, log }) => {
        this.lastExit = { code: null, signal: null, cause, at: this.ports.now(), log }
        this.fail(cause, message, { log, evidence: { during: 'PROBE' } })
      },
      ended: () => this.wakeUp.wake(),
    })
    this.ingest = new Ingest(streamId, token, ports, {
      firstPacket: () => {
        if (this.ingest.facts().process?.stopping) return
        this.mending.flows(this.ports.now())
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
    // Before anything else: a step that waits for the database may be under way.
    this.ingest.kill()
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
    this.mending.change({ tracksInDoubt: true })
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
    const step = plan.nextStep(wanted, this.actual(), this.ports.now(), this.policy())
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
    const { row } = this.record
    this.restarts = row.restarts
    this.lastExit = row.lastExit
    // What an owner before has left open: an order has come in between, or else what it tried has not succeeded.
    const isOrdered = row.generation !== row.observedGeneration
    this.mending.log.endLeft(isOrdered ? 'SUPERSEDED' : 'FAILED', this.ports.now())
  }

  private actual(): plan.Actual {
    const media = this.ingest.facts()
    return {
      ...this.mending.attempts,
      ...media,
      probing: this.probing.isRunning,
      stalledUntil: this.ports.stalledUntil(),
    }
  }

  private settings(): StreamPolicy {
    return policyOf(this.ports.defaults, this.record?.row.recoveryPolicy ?? {})
  }

  private policy(): plan.PlanPolicy {
    const { enabled, maxAttempts, freezeSeconds } = this.settings()
    return { ...this.ports.timing, enabled, maxAttempts, freezeMs: freezeSeconds * 1000 }
  }

  private async take(step: Exclude<plan.Step, { do: 'WAIT' | 'RELEASE' }>, record: StreamRecord): Promise<void> {
    switch (step.do) {
      case 'ADOPT':
        return this.adopt(record.row)
      case 'RESERVE_START':
        return this.reserveStart()
      case 'PROBE':
        return this.startProbe(record)
      case 'ABORT_PROBE':
        return this.probing.abort()
      case 'OPEN_MEDIA':
        return this.attempt(() => this.withProducers(record, (specs) => this.ingest.openMedia(specs)))
      case 'SYNC_PRODUCERS':
        return this.attempt(() => this.withProducers(record, (specs) => this.ingest.syncProducers(specs)))
      case 'START_PROCESS':
        return this.attempt(() => this.startProcess(record))
      case 'STOP_PROCESS':
        return this.ingest.stop()
      case 'CLOSE_MEDIA':
        this.mending.log.superseded(this.ports.now())
        await this.ingest.close()
        if (await record.closeProducers()) this.reload = true
        return
      case 'FORGET_FAILURES':
        return this.mending.change(failuresForgotten(this.mending.attempts))
      case 'FORGET_REPLACED':
        return this.mending.change(replacedForgotten(this.mending.attempts, step.kind))
      case 'FAIL':
        return this.failStanding(record)
    }
  }

  private adopt({ startOrder, generation, observedGeneration, restarts }: StreamRow): void {
    // A node that takes a stream over goes on counting; a new order begins anew.
    const isTakenOver = this.mending.attempts.adopted === null
    this.restarts = isTakenOver ? restarts : 0
    this.mending.adopt(startOrder, !isTakenOver || generation !== observedGeneration, this.ports.now())
  }

  /** What a user has ordered waits for nobody; what has failed and what a node finds at its start share the bucket. */
  private reserveStart(): void {
    const { byOrder, down } = this.mending.attempts
    this.mending.change({ startSlot: byOrder && !down ? this.ports.now() : this.ports.starts.reserve() })
  }

  /** FFmpeg runs and brings nothing: replaces it. */
  private async failStanding(record: StreamRecord): Promise<void> {
    // The last look may be long ago, as the node itself may have stood still: look once more before a source is called dead.
    await this.ingest.sample()
    const step = plan.nextStep(record.wanted, this.actual(), this.ports.now(), this.policy())
    if (step.do !== 'FAIL') return
    this.fail(step.cause, step.message, { track: step.track })
    this.ingest.stop(true)
  }

  private async attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step()
    } catch (error) {
      if (!(error instanceof SourceFailure)) throw error
      this.logger.warn({ cause: error.cause, log: error.log }, 'the media could not be set up')
      this.fail(error.cause, error.message, { log: error.log })
    }
  }

  private async withProducers(record: StreamRecord, work: (specs: ReturnType<typeof specOf>[]) => Promise<void>) {
    if (await record.ensureProducers(plan.kindsToSend(record.wanted))) this.ports.changed(this.streamId)
    await work(record.openProducers().map(specOf))
  }

  private startProbe(record: StreamRecord): void {
    this.mending.change({ startSlot: null })
    this.probing.start(
      async (signal) => this.ports.probe(await this.sourceOf(record), signal),
      async (tracks) => {
        await record.saveTracks(tracks)
        this.mending.change({ tracksInDoubt: false })
        this.reload = true
      },
    )
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
    this.mending.change({ startSlot: null })
    await this.ingest.start(await this.sourceOf(record), record.row.sourceTracks!, !this.probeFully)
    if (this.mending.attempts.down) this.restarts++
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
      if (playedOnce) this.mending.change({ ended: true })
      else this.fail(cause, causeTexts[cause], { process, log: exit.log, evidence: { exitCode: code, signal } })
    }
    const { attempts } = this.mending
    const { failure } = attempts
    // Ended by us because it had failed: that is the cause that users should read.
    if (process.stopping && failure && failure.at >= process.startedAt)
      this.lastExit = { ...exit, cause: failure.cause }
    const doubt = process.firstPacketAt === null ? doubtAfter(attempts, fastProbe) : null
    if (doubt === 'PROBE_FULLY') this.probeFully = true
    if (doubt === 'LEARN') this.mending.change({ tracksInDoubt: true })
    this.wakeUp.wake()
  }

  /** `process`: the one that has failed; where it is not given, the one that runs. */
  private fail(
    cause: FailureCause,
    message: string,
    seen: { process?: plan.ActualProcess; track?: MediaKind | null; log?: string[]; evidence?: object } = {},
  ): void {
    const at = this.ports.now()
    const process = seen.process ?? this.ingest.facts().process
    const flowed = process !== null && process.firstPacketAt !== null
    const evidence = { ...seen.evidence, secondsRun: process && (at - process.startedAt) / 1000 }
    const facts = {
      track: seen.track ?? null,
      lastMediaAt: flowed ? process.progressAt : null,
      log: seen.log ?? this.ingest.log(),
      evidence,
    }
    const { number, action, delayMs } = this.mending.failed({ cause, message, at }, facts, this.settings())
    this.logger.warn({ cause, failures: number, action, nextAttemptInMs: delayMs }, 'the stream failed')
  }

  private async writeDown(): Promise<void> {
    const record = this.record!
    const { wanted } = record
    const actual = this.actual()
    const view = plan.stateOf(wanted, actual, this.policy())
    const attempts = this.mending.log.toWrite()
    const saved = await record.save({
      view,
      settled: plan.isSettled(wanted, actual, view),
      restarts: this.restarts,
      lastExit: this.lastExit,
      flowing: this.ingest.flowing(),
      health: this.health,
      attempts,
      at: this.ports.now(),
    })
    this.mending.log.written(attempts)
    if (!saved) return
    if (saved.row.generation !== record.row.generation) this.reload = true
    this.record = saved
    this.ports.changed(this.streamId)
  }

  private async end(how: 'HAND_BACK' | 'ABANDON'): Promise<void> {
    this.probing.abort()
    if (how === 'ABANDON') this.ingest.kill()
    await this.ingest.close()
    const { record, restarts, lastExit } = this
    if (how !== 'HAND_BACK' || !record) return
    const report = { restarts, lastExit, attempts: this.mending.log.toWrite(), at: this.ports.now() }
    await this.database(() => record.handBack(report))
  }
}

function specOf(producer: ProducerRow): { id: string; kind: MediaKind; ssrc: number } {
  return { id: producer.id, kind: producer.kind, ssrc: producer.ssrcs[0]! }
}
