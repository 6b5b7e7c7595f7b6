/**
 * What is done about a failure, and not before when: pure functions of the cause, of what failed before it in the same row,
 * of the stream's policy and of chance. The plan alone says what the next step is; this only says how long it waits.
 */
import type { FailureCause } from '../streams/model.ts'
import type { StreamPolicy } from '../streams/policy.ts'
import type { RecoveryAction } from './model.ts'

/** How a cause is answered. */
export type RecoveryLane = 'PROCESS' | 'SOURCE' | 'CREDENTIALS'

/**
 * PROCESS: what failed is on our side, or nobody knows; a new FFmpeg may mend it. SOURCE: the other side does not give what it should;
 * a new FFmpeg only asks again. CREDENTIALS: asking again does harm, for cameras lock an account after a few wrong passwords.
 */
export const laneOf: Record<FailureCause, RecoveryLane> = {
  AUTH: 'CREDENTIALS',
  NOT_FOUND: 'SOURCE',
  DNS: 'SOURCE',
  REFUSED: 'SOURCE',
  UNREACHABLE: 'SOURCE',
  TIMEOUT: 'SOURCE',
  NO_MEDIA: 'SOURCE',
  DECODE: 'PROCESS',
  OUT_OF_MEMORY: 'PROCESS',
  KILLED: 'PROCESS',
  // Whether FFmpeg or the source stands still is not known yet: where it is the source, the next attempt says TIMEOUT.
  STALLED: 'PROCESS',
  LEASE_LOST: 'PROCESS',
  NODE_LOST: 'PROCESS',
  TLS: 'SOURCE',
  UNSUPPORTED: 'SOURCE',
  BLOCKED: 'SOURCE',
  REDIRECT_LOOP: 'SOURCE',
  ENDED: 'SOURCE',
  STORAGE: 'PROCESS',
  OUTPUT_LOST: 'PROCESS',
  WORKER_DIED: 'PROCESS',
  UNKNOWN: 'PROCESS',
}

/** The failures in a row so far, by lane. Media that flows for `progressResetsMs` starts the row anew. */
export interface RecoveryHistory {
  failures: Record<RecoveryLane, number>
  /** It has escalated: once a row. */
  escalated: boolean
}

export const noHistory: RecoveryHistory = { failures: { PROCESS: 0, SOURCE: 0, CREDENTIALS: 0 }, escalated: false }

/**
 * Of real progress, and the row is over: a minute from one failure to the next, of which a few seconds may have gone into
 * coming back.
 */
export const progressResetsMs = 55_000

const secondMs = 1000
/** Between restarts the bound of the jitter doubles up to this, */
export const longestJitterMs = 30_000
/** between refused passwords the wait itself, */
export const firstRefusalMs = 60_000
/** up to this. */
export const longestRefusalMs = 600_000

/** The settings of a stream that recovery goes by. */
export type RecoverySettings = Pick<
  StreamPolicy,
  'enabled' | 'maxAttempts' | 'cooldownSeconds' | 'sourceRetrySeconds' | 'sourceMaxRetries'
>

export interface Decision {
  action: RecoveryAction
  /** This is the n-th failure of its row, from 1. */
  number: number
  lane: RecoveryLane
  /** The row has escalated, now or before: it goes on slowly. */
  slow: boolean
  /** The next attempt comes after so long; null: it waits for an order. */
  delayMs: number | null
  history: RecoveryHistory
}

/** How one more failure is answered. `random` is in [0, 1). */
export function decide(
  cause: FailureCause,
  before: RecoveryHistory,
  settings: RecoverySettings,
  random: number,
): Decision {
  const lane = laneOf[cause]
  const failures = { ...before.failures, [lane]: before.failures[lane] + 1 }
  const number = failures.PROCESS + failures.SOURCE + failures.CREDENTIALS
  const slow = before.escalated || failures[lane] > mostOf(lane, settings)
  const decision = { number, lane, slow }
  if (!settings.enabled) {
    // Nobody is called for what nobody tried to mend.
    return { ...decision, slow: false, action: 'NONE', delayMs: null, history: { ...before, failures } }
  }
  const history = { failures, escalated: slow }
  const usual: RecoveryAction = lane === 'PROCESS' ? 'RESTART' : 'RETRY_SOURCE'
  const action = slow && !before.escalated ? 'ESCALATE' : usual
  return { ...decision, action, delayMs: delayMs(lane, failures[lane], slow, settings, random), history }
}

/** So many failures of a lane in a row are answered before it escalates. */
function mostOf(lane: RecoveryLane, { maxAttempts, sourceMaxRetries }: RecoverySettings): number {
  return lane === 'SOURCE' ? sourceMaxRetries : maxAttempts
}

/** From the n-th failure of a lane in a row to the next attempt. */
function delayMs(
  lane: RecoveryLane,
  failures: number,
  slow: boolean,
  { cooldownSeconds, sourceRetrySeconds }: RecoverySettings,
  random: number,
): number {
  const usual = {
    PROCESS: () => restartDelayMs(failures, random),
    SOURCE: () => sourceDelayMs(failures, sourceRetrySeconds * secondMs, random),
    CREDENTIALS: () => refusalDelayMs(failures, random),
  }[lane]()
  if (!slow) return usual
  // Never sooner than a cool-down, and not sooner than before it escalated; a tenth apart, so that many don't come together.
  const cooldownMs = cooldownSeconds * secondMs * (1 + random / 10)
  return Math.round(lane === 'PROCESS' ? cooldownMs : Math.max(cooldownMs, usual))
}

/**
 * Nothing after the first failure, 1 s after the second, then anything between 1 s and a bound that doubles up to 30 s, so that
 * many streams that failed together do not come back together.
 */
function restartDelayMs(failures: number, random: number): number {
  if (failures <= 1) return 0
  const boundMs = Math.min(longestJitterMs, secondMs * 2 ** Math.min(failures - 2, 10))
  return Math.round(secondMs + random * (boundMs - secondMs))
}

/**
 * Nothing after the first failure, for a blip must heal fast; then waits that double from 1 s until they reach the interval
 * between two retries, so that a camera that reboots in 20 s is back soon after. Up to a tenth shorter by chance.
 */
function sourceDelayMs(failures: number, intervalMs: number, random: number): number {
  if (failures <= 1) return 0
  const waitMs = Math.min(intervalMs, secondMs * 2 ** Math.min(failures - 2, 20))
  return Math.round(waitMs * (1 - random / 10))
}

/**
 * 60 s after the first, as three wrong passwords lock many a camera, and doubling up to 10 min. An attempt is one log-in: a probe
 * that is refused starts no FFmpeg.
 */
function refusalDelayMs(failures: number, random: number): number {
  const waitMs = Math.min(longestRefusalMs, firstRefusalMs * 2 ** Math.min(failures - 1, 10))
  return Math.round(waitMs * (1 + random / 10))
}
