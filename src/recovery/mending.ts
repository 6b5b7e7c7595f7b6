import type { Attempts } from '../streams/attempts.ts'
import * as attempts from '../streams/attempts.ts'
import type { MediaKind } from '../streams/model.ts'
import type { Failure } from '../streams/plan.ts'
import { AttemptLog } from './attempt-log.ts'
import type { Decision, RecoverySettings } from './policy.ts'

export interface MendingPorts {
  /** In [0, 1). */
  random(): number
  newAttemptId(): string
}

/** What is known of a failure beside its cause. */
export interface FailureFacts {
  /** It alone stands still. */
  track: MediaKind | null
  /** The last media before it, ms since the epoch; null where none has come since the order. */
  lastMediaAt: number | null
  /** FFmpeg's last lines, redacted. */
  log: string[]
  evidence: Record<string, unknown>
}

/** What a runner remembers of a stream's failures: how the next step must be, and what is to be told of it. */
export class Mending {
  attempts: Attempts = attempts.noAttempts
  readonly log = new AttemptLog()
  private readonly ports: MendingPorts

  constructor(ports: MendingPorts) {
    this.ports = ports
  }

  /** A start order is carried out: `byOrder` where a user has given it just now. */
  adopt(startOrder: number, byOrder: boolean, at: number): void {
    this.log.superseded(at)
    this.attempts = attempts.adopted(startOrder, byOrder)
  }

  failed(failure: Failure, facts: FailureFacts, settings: RecoverySettings): Decision {
    const { track, lastMediaAt, log } = facts
    const answer = attempts.afterFailure(this.attempts, failure, track, settings, this.ports.random())
    const { decision } = answer
    this.attempts = answer.attempts
    const { number, action, lane, delayMs } = decision
    const { cause, at } = failure
    const evidence = { ...facts.evidence, lane, ...(track ? { track } : {}) }
    const nextAttemptAt = delayMs === null ? null : at + delayMs
    const id = this.ports.newAttemptId()
    this.log.failed({ id, number, cause, action, evidence, nextAttemptAt, startedAt: at, log }, lastMediaAt)
    return decision
  }

  /** Media flows, from the process that runs now. */
  flows(at: number): void {
    this.attempts = attempts.afterFirstPacket(this.attempts)
    this.log.recovered(at)
  }

  change(changes: Partial<Attempts>): void {
    this.attempts = { ...this.attempts, ...changes }
  }
}
