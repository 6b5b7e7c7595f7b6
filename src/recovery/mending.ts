import type { Logger } from '../platform/logs/logger.ts'
import type { Attempts } from '../streams/attempts.ts'
import * as attempts from '../streams/attempts.ts'
import type { FailureCause, MediaKind, ProcessExit } from '../streams/model.ts'
import type { ActualProcess } from '../streams/plan.ts'
import { AttemptLog } from './attempt-log.ts'
import type { RecoverySettings } from './policy.ts'
import type { StartBucket } from './start-bucket.ts'
import type { Refusal } from './store.ts'

export interface MendingPorts {
  /** ms since the epoch. */
  now(): number
  /** In [0, 1). */
  random(): number
  newAttemptId(): string
  logger: Logger
}

/** What is known of a failure beside its cause. */
export interface FailureFacts {
  /** The process that has failed, or that ran when something else did. */
  process: ActualProcess | null
  /** FFmpeg's last lines, redacted. */
  log: string[]
  /** It alone stands still. */
  track?: MediaKind | null
  evidence?: Record<string, unknown>
}

/** What a runner remembers of a stream's failures: how the next step must be, and what is to be told of it. */
export class Mending {
  attempts: Attempts = attempts.noAttempts
  /** FFmpeg processes that were started for a failure since the order. */
  restarts = 0
  /** How the last FFmpeg or ffprobe ended. */
  lastExit: ProcessExit | null = null
  readonly log = new AttemptLog()
  private readonly ports: MendingPorts

  constructor(ports: MendingPorts) {
    this.ports = ports
  }

  /** Goes on where an owner before has left off. `isOrdered`: an order has come since. */
  takeOver(before: { restarts: number; lastExit: ProcessExit | null }, isOrdered: boolean): void {
    this.restarts = before.restarts
    this.lastExit = before.lastExit
    this.log.endLeft(isOrdered ? 'SUPERSEDED' : 'FAILED', this.ports.now())
  }

  /**
   * A start order is carried out. `isOrdered`: it has been given just now, and not before this node found it. `refusal`: what
   * an owner before has met.
   */
  adopt(startOrder: number, isOrdered: boolean, refusal: Refusal | null): void {
    const isTakenOver = this.attempts.adopted === null
    // A node that takes a stream over goes on counting; a new order begins anew.
    if (!isTakenOver) this.restarts = 0
    this.rest()
    this.attempts = attempts.adopted(startOrder, isOrdered || !isTakenOver)
    if (isTakenOver && !isOrdered && refusal) this.attempts = attempts.heldBack(this.attempts, refusal)
  }

  /** A user has ordered something else than to be mended. */
  rest(): void {
    this.log.superseded(this.ports.now())
  }

  failed(cause: FailureCause, message: string, facts: FailureFacts, settings: RecoverySettings): void {
    const { ports } = this
    const at = ports.now()
    const { process, track = null, log } = facts
    const failure = { cause, message, at }
    const answer = attempts.afterFailure(this.attempts, failure, track, settings, ports.random())
    const { number, action, lane, slow, delayMs } = answer.decision
    this.attempts = answer.attempts
    const secondsRun = process && (at - process.startedAt) / 1000
    const evidence = { lane, slow, secondsRun, ...(track ? { track } : {}), ...facts.evidence }
    const nextAttemptAt = delayMs === null ? null : at + delayMs
    const attempt = { id: ports.newAttemptId(), number, cause, action, evidence, nextAttemptAt, startedAt: at, log }
    this.log.failed(attempt, process && process.firstPacketAt !== null ? process.progressAt : null)
    ports.logger.warn(
      { cause, reason: message, failures: number, action, nextAttemptInMs: delayMs },
      'the stream failed',
    )
  }

  /** What a user has ordered waits for no slot; what has failed and what a node finds at its start share the bucket. */
  reserveStart(starts: StartBucket): void {
    const { byOrder, down } = this.attempts
    this.change({ startSlot: byOrder && !down ? this.ports.now() : starts.reserve() })
  }

  /** A process has been started. */
  started(): void {
    if (this.attempts.down) this.restarts++
    this.change({ startSlot: null, byOrder: false })
  }

  /** Media flows, from the process that runs now. */
  flows(): void {
    this.attempts = attempts.afterFirstPacket(this.attempts)
    this.log.recovered(this.ports.now())
  }

  /** What is to be written of all this now. */
  report() {
    const { restarts, lastExit } = this
    return { restarts, lastExit, attempts: this.log.toWrite(), at: this.ports.now() }
  }

  change(changes: Partial<Attempts>): void {
    this.attempts = { ...this.attempts, ...changes }
  }
}
