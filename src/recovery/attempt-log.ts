import type { FailureCause } from '../streams/model.ts'
import type { RecoveryAction, RecoveryOutcome } from './model.ts'

/** An attempt as it is when its failure has been answered. Times in ms since the epoch. */
export interface OpenedAttempt {
  id: string
  number: number
  cause: FailureCause
  action: RecoveryAction
  /** What it was decided by. For keys with READ: no addresses, no credentials. */
  evidence: Record<string, unknown>
  /** Null: it waits for an order. */
  nextAttemptAt: number | null
  startedAt: number
  /** The last lines of FFmpeg's log, redacted. */
  log: string[]
}

/** What is to be written of attempts, in this order. END_LEFT: those that an owner before has left open. */
export type AttemptWrite =
  | { do: 'OPEN'; attempt: OpenedAttempt }
  | { do: 'END'; id: string; outcome: RecoveryOutcome; endedAt: number; downtimeSeconds: number | null }
  | { do: 'END_LEFT'; outcome: RecoveryOutcome; endedAt: number }

/** Writes that wait for the database; with more the oldest are given up. */
export const mostWaiting = 500
/** Lines of FFmpeg's log that an attempt keeps. */
export const logLines = 20

/**
 * The attempts of one stream, as its runner makes them: one is open at most, and each is ended by media, by the next failure
 * or by an order. What is to be written waits here, in order and with its own times, until the database has taken it.
 */
export class AttemptLog {
  private readonly waiting: AttemptWrite[] = []
  private open: { id: string; downSince: number | null } | null = null

  /** Those that were left open by an owner before. */
  endLeft(outcome: RecoveryOutcome, endedAt: number): void {
    this.push({ do: 'END_LEFT', outcome, endedAt })
  }

  /** A failure has been answered. `lastMediaAt`: null where no media has come since the order. */
  failed(attempt: OpenedAttempt, lastMediaAt: number | null): void {
    // Of a row of failures the downtime is one: from the last media before the first of them.
    const downSince = this.open ? this.open.downSince : lastMediaAt
    this.end('FAILED', attempt.startedAt)
    this.push({ do: 'OPEN', attempt: { ...attempt, log: attempt.log.slice(-logLines) } })
    this.open = { id: attempt.id, downSince }
  }

  /** Media flows. */
  recovered(at: number): void {
    this.end('RECOVERED', at)
  }

  /** An order of a user came in between. */
  superseded(at: number): void {
    this.end('SUPERSEDED', at)
  }

  /** What is to be written now, oldest first. */
  toWrite(): readonly AttemptWrite[] {
    return [...this.waiting]
  }

  /** The database has taken these. */
  written(writes: readonly AttemptWrite[]): void {
    for (const write of writes) {
      const index = this.waiting.indexOf(write)
      if (index >= 0) this.waiting.splice(index, 1)
    }
  }

  private end(outcome: RecoveryOutcome, endedAt: number): void {
    if (!this.open) return
    const { id, downSince } = this.open
    const downtimeSeconds =
      outcome === 'RECOVERED' && downSince !== null ? Math.max(0, endedAt - downSince) / 1000 : null
    this.push({ do: 'END', id, outcome, endedAt, downtimeSeconds })
    this.open = null
  }

  private push(write: AttemptWrite): void {
    this.waiting.push(write)
    if (this.waiting.length > mostWaiting) this.waiting.shift()
  }
}
