import type { ProducerSpec } from '../media/mediasoup/types.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { ProcessSample } from '../platform/metrics/source.ts'
import { type FailureFacts, Mending } from '../recovery/mending.ts'
import { answeredForgotten, doubtAfter, failuresForgotten, trackGivenUp } from './attempts.ts'
import { Books } from './books.ts'
import { causeTexts, SourceFailure } from './causes.ts'
import { Ingest } from './ingest.ts'
import type { FailureCause, MediaKind, ProcessExit, SourceTrack } from './model.ts'
import { type OpenSource, openSource } from './open-source.ts'
import * as plan from './plan.ts'
import { policyOf, type StreamPolicy } from './policy.ts'
import { Probing } from './probing.ts'
import type { RunnerPorts } from './runner-ports.ts'
import type { RunnerStore } from './runner-store.ts'
import { LeaseLost, type StreamRecord } from './stream-record.ts'
import type { StreamFigures } from './types.ts'
import { WakeUp } from './wake-up.ts'
import { Watching } from './watching.ts'

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

  private readonly ports: RunnerPorts
  private readonly logger: Logger
  private readonly ingest: Ingest
  private readonly wakeUp = new WakeUp()
  private readonly books: Books
  private readonly mending: Mending
  private readonly probing: Probing
  /** FFmpeg was started without probing and brought nothing: let the next one look for itself. */
  private probeFully = false
  private readonly watching: Watching
  private ending: 'HAND_BACK' | 'ABANDON' | null = null

  constructor(streamId: string, token: number, store: RunnerStore, ports: RunnerPorts) {
    this.streamId = streamId
    this.ports = ports
    this.logger = ports.logger.child({ streamId })
    this.watching = new Watching(ports.watchHealth())
    this.books = new Books(store, this.logger)
    this.mending = new Mending({ ...ports, logger: this.logger })
    this.probing = new Probing(this.logger, () => this.wakeUp.wake())
    this.ingest = new Ingest(streamId, token, ports, {
      firstPacket: () => {
        if (this.ingest.facts().process?.stopping) return
        this.mending.flows()
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
    this.books.expire()
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
    const { health, healthAt } = this.watching
    return { ...this.ingest.figures(), health, healthAt }
  }

  /** Its FFmpeg as last sampled; null where none runs. */
  process(): ProcessSample | null {
    if (this.ingest.pid === null) return null
    const figures = this.ingest.figures().process
    return {
      streamId: this.streamId,
      cpuPercent: figures?.cpuPercent ?? null,
      memoryBytes: figures?.memoryBytes ?? null,
      healthy: figures ? this.books.record?.row.state === 'LIVE' : null,
    }
  }

  /** About once a second. Never rejects. */
  async sample(): Promise<void> {
    await this.ingest.sample()
    const row = this.books.record?.row
    if (!row) return
    const reported = this.ingest.reportedTracks()
    const isOther = this.watching.findsOtherTracks(row.sourceTracks, reported)
    if (isOther) {
      this.logger.info({ learnt: row.sourceTracks, reported }, 'the source carries something else than was learnt')
      this.mending.change({ tracksInDoubt: true })
    }
    this.ingest.watchPicture(this.settings().pictureStill)
    const figures = { ...this.ingest.figures(), pictureStillSince: this.ingest.pictureStillSince() }
    const isNews = this.watching.judge(row, figures, this.mending.restarts, this.ports.now())
    if (isOther || isNews) this.wakeUp.wake()
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
          this.books.expire()
          await this.wakeUp.sleep(retryMs)
        }
      }
    }
  }

  /** Looks, takes one step, writes down. True when there is nothing left to do. */
  private async turn(): Promise<boolean> {
    const { books } = this
    const read = await books.read()
    const { record } = books
    if (!record) {
      if (read === 'FAILED') await this.wakeUp.sleep(retryMs)
      else await this.ingest.close()
      return read !== 'FAILED'
    }
    if (read === 'FIRST') this.mending.takeOver(record.row, record.isOrdered)
    const step = plan.nextStep(record.wanted, this.actual(), this.ports.now(), this.policy())
    if (step.do !== 'WAIT' && step.do !== 'RELEASE') await this.take(step, record)
    const written = (await this.writeDown()) && read !== 'FAILED'
    if (books.isStale && written) return false
    if (step.do === 'RELEASE' && written) return true
    if (step.do === 'WAIT' || step.do === 'RELEASE') {
      const untilMs = step.do === 'WAIT' && step.until !== null ? step.until - this.ports.now() : null
      await this.wakeUp.sleep(written ? untilMs : Math.min(untilMs ?? retryMs, retryMs))
    }
    return false
  }

  private actual(): plan.Actual {
    const probing = this.probing.isRunning
    return { ...this.mending.attempts, ...this.ingest.facts(), probing, stalledUntil: this.ports.stalledUntil() }
  }

  private settings(): StreamPolicy {
    return policyOf(this.ports.defaults, this.books.record?.row.recoveryPolicy ?? {})
  }

  private policy(): plan.PlanPolicy {
    const { enabled, maxAttempts, freezeSeconds } = this.settings()
    return { ...this.ports.timing, enabled, maxAttempts, freezeMs: freezeSeconds * 1000 }
  }

  private async take(step: Exclude<plan.Step, { do: 'WAIT' | 'RELEASE' }>, record: StreamRecord): Promise<void> {
    switch (step.do) {
      case 'ADOPT':
        return this.mending.adopt(record.row.startOrder, record.isOrdered, record.refusal)
      case 'RESERVE_START':
        return this.mending.reserveStart(this.ports.starts)
      case 'PROBE':
        return this.startProbe(record)
      case 'ABORT_PROBE':
        this.mending.change({ lookingFor: null })
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
        this.mending.rest()
        await this.ingest.close()
        if (await record.closeProducers()) this.books.expire()
        return
      case 'FORGET_FAILURES':
        return this.mending.change(failuresForgotten(this.mending.attempts))
      case 'FORGET_ANSWERED':
        return this.mending.change(answeredForgotten(this.mending.attempts, step.kind))
      case 'LOOK_FOR_TRACK':
        return this.lookForTrack(record, step.kind, step.message)
      case 'FAIL':
        return this.failStanding(record)
    }
  }

  /** FFmpeg runs and brings nothing: replaces it. */
  private async failStanding(record: StreamRecord): Promise<void> {
    // The last look may be long ago, as the node itself may have stood still: look once more before a source is called dead.
    await this.ingest.sample()
    const step = plan.nextStep(record.wanted, this.actual(), this.ports.now(), this.policy())
    if (step.do !== 'FAIL') return
    this.fail(step.cause, step.message)
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

  private async withProducers(record: StreamRecord, work: (specs: ProducerSpec[]) => Promise<void>) {
    if (await record.ensureProducers(plan.kindsToSend(record.wanted))) this.ports.changed(this.streamId)
    await work(record.producerSpecs())
  }

  private startProbe(record: StreamRecord): void {
    this.mending.change({ startSlot: null })
    this.probing.start({
      learn: (signal) => this.probe(record, signal),
      keep: async (tracks) => {
        await record.saveTracks(tracks)
        this.mending.change({ tracksInDoubt: false })
        this.books.expire()
      },
      failed: ({ cause, message, log }) => {
        this.mending.lastExit = { code: null, signal: null, cause, at: this.ports.now(), log }
        this.fail(cause, message, { process: null, log, evidence: { during: 'PROBE' } })
      },
    })
  }

  private lookForTrack(record: StreamRecord, kind: MediaKind, message: string): void {
    this.mending.change({ startSlot: null, lookingFor: kind })
    const giveUp = () => this.mending.change(trackGivenUp(this.mending.attempts, kind))
    const lastSeen = () => this.ingest.facts().process?.tracks[kind]?.progressAt
    const before = lastSeen()
    this.probing.start({
      learn: (signal) => this.probe(record, signal),
      keep: async (tracks) => {
        this.mending.change({ lookingFor: null })
        // It has come back by itself, or FFmpeg has gone, while the source was asked.
        if (lastSeen() !== before) return
        if (!tracks.some((track) => track.kind === kind)) return giveUp()
        this.fail('STALLED', message, { track: kind })
        this.ingest.stop(true)
      },
      failed: giveUp,
    })
  }

  private open({ row }: StreamRecord): Promise<OpenSource> {
    return openSource(row, this.ports)
  }

  private async probe(record: StreamRecord, signal: AbortSignal): Promise<SourceTrack[]> {
    const opened = await this.open(record)
    try {
      return await this.ports.probe(opened, signal)
    } finally {
      opened.gated?.close()
    }
  }

  private async startProcess(record: StreamRecord): Promise<void> {
    await this.ingest.start(await this.open(record), record.row.sourceTracks!, !this.probeFully)
    this.mending.started()
    const { pid } = this.ingest
    const { restarts } = this.mending
    this.logger.info({ pid, kinds: this.ingest.facts().producerKinds, restarts }, 'FFmpeg started')
  }

  private processEnded(process: plan.ActualProcess, exit: ProcessExit, fastProbe: boolean): void {
    const { source } = this.books.record!.row
    const { code, signal, cause } = exit
    this.logger.info({ code, signal, cause, asked: process.stopping }, 'FFmpeg ended')
    if (!process.stopping) {
      this.mending.lastExit = exit
      const playedOnce = source.kind === 'FILE' && !source.loop && code === 0 && process.firstPacketAt !== null
      if (playedOnce) this.mending.change({ ended: true })
      else this.fail(cause, causeTexts[cause], { process, log: exit.log, evidence: { exitCode: code, signal } })
    }
    const { attempts } = this.mending
    const { failure } = attempts
    // Ended by us because it had failed: that is the cause that users should read.
    if (process.stopping && failure && failure.at >= process.startedAt)
      this.mending.lastExit = { ...exit, cause: failure.cause }
    const doubt = process.firstPacketAt === null ? doubtAfter(attempts, fastProbe) : null
    if (doubt === 'PROBE_FULLY') this.probeFully = true
    if (doubt === 'LEARN') this.mending.change({ tracksInDoubt: true })
    this.wakeUp.wake()
  }

  /** What is not said of it is as the process that runs shows it. */
  private fail(cause: FailureCause, message: string, said: Partial<FailureFacts> = {}): void {
    const { process } = this.ingest.facts()
    this.mending.failed(cause, message, { process, log: this.ingest.log(), ...said }, this.settings())
  }

  /** False where the database did not take it. */
  private async writeDown(): Promise<boolean> {
    const { wanted } = this.books.record!
    const actual = this.actual()
    const view = plan.stateOf(wanted, actual, this.policy())
    const seen = { view, settled: plan.isSettled(wanted, actual, view), flowing: this.ingest.flowing() }
    const report = { ...seen, health: this.watching.health, ...this.mending.report() }
    const written = await this.books.write(report)
    if (written !== 'FAILED') this.mending.log.written(report.attempts)
    if (written === 'WRITTEN') this.ports.changed(this.streamId)
    return written !== 'FAILED'
  }

  private async end(how: 'HAND_BACK' | 'ABANDON'): Promise<void> {
    this.probing.abort()
    if (how === 'ABANDON') this.ingest.kill()
    await this.ingest.close()
    const { record } = this.books
    if (how === 'HAND_BACK' && record) await this.books.tried(() => record.handBack(this.mending.report()))
  }
}
