/**
 * What to do next for one stream: pure functions of what is wanted, what is, the time and the policy. No I/O, no clock.
 * The runner carries out one step, looks again, and so on until there is nothing left but to wait.
 */
import type { FailureCause, MediaKind, StreamState } from './model.ts'

/** What the database says: the orders of users, and what has been learnt of the source. */
export interface Wanted {
  /** Ordered to run, and not deleted. */
  running: boolean
  /** Grows with each start, restart and change of source. */
  startOrder: number
  /** The kinds that the source has; null while that is not known. */
  sourceKinds: MediaKind[] | null
  /** Kinds whose producer was closed by order since the last start. */
  closedKinds: MediaKind[]
}

/** The process that runs now. Times in ms since the epoch. */
export interface ActualProcess {
  startedAt: number
  /** The kinds that it was told to send. */
  kinds: MediaKind[]
  /** When the first of its packets reached mediasoup; null: none yet. */
  firstPacketAt: number | null
  /** When packets were last seen to arrive. */
  progressAt: number
  /** It has been asked to end. */
  stopping: boolean
}

export interface Failure {
  cause: FailureCause
  message: string
  at: number
}

/** What this node knows that it runs. */
export interface Actual {
  /** The start order that is being carried out; null before the first. */
  adopted: number | null
  probing: boolean
  mediaOpen: boolean
  /** Kinds with an open producer in mediasoup. */
  producerKinds: MediaKind[]
  process: ActualProcess | null
  /** Failed attempts in a row. */
  failures: number
  failure: Failure | null
  /** No new attempt before this time. */
  notBefore: number
  /** Media has arrived since the start order was adopted. */
  hasBeenLive: boolean
  /** What was learnt of the source is in doubt: probe again. */
  tracksInDoubt: boolean
  /** A source that is not repeated has come to its end. */
  ended: boolean
}

export interface PlanPolicy {
  /** A process must bring its first packet within this time. */
  startDeadlineMs: number
  /** A live stream without packets for this long has stalled. */
  freezeMs: number
  /** From this many failures in a row on, a stream that had been live is in ERROR rather than RECOVERING. */
  maxAttempts: number
  /** Live for this long, and the failures before are forgotten. */
  stableMs: number
}

export type Step =
  | { do: 'ABORT_PROBE' }
  | { do: 'STOP_PROCESS' }
  | { do: 'CLOSE_MEDIA' }
  | { do: 'RELEASE' }
  | { do: 'ADOPT' }
  | { do: 'PROBE' }
  | { do: 'OPEN_MEDIA' }
  | { do: 'SYNC_PRODUCERS' }
  | { do: 'START_PROCESS' }
  | { do: 'FORGET_FAILURES' }
  | { do: 'FAIL'; cause: FailureCause; message: string }
  | { do: 'WAIT'; until: number | null }

export const idle: Actual = {
  adopted: null,
  probing: false,
  mediaOpen: false,
  producerKinds: [],
  process: null,
  failures: 0,
  failure: null,
  notBefore: 0,
  hasBeenLive: false,
  tracksInDoubt: false,
  ended: false,
}

/** The kinds that should flow. */
export function kindsToSend(wanted: Wanted): MediaKind[] {
  return (wanted.sourceKinds ?? []).filter((kind) => !wanted.closedKinds.includes(kind))
}

const sameKinds = (a: MediaKind[], b: MediaKind[]) => a.length === b.length && a.every((kind) => b.includes(kind))

/** True where everything should come to rest: stopped, deleted, or played to its end. */
function shouldRest(wanted: Wanted, actual: Actual): boolean {
  return !wanted.running || (actual.ended && actual.adopted === wanted.startOrder)
}

/** The one next step. */
export function nextStep(wanted: Wanted, actual: Actual, now: number, policy: PlanPolicy): Step {
  const rest = shouldRest(wanted, actual)
  if (rest || actual.adopted !== wanted.startOrder) {
    if (actual.probing) return { do: 'ABORT_PROBE' }
    if (actual.process) return actual.process.stopping ? { do: 'WAIT', until: null } : { do: 'STOP_PROCESS' }
    if (!rest) return { do: 'ADOPT' }
    return actual.mediaOpen ? { do: 'CLOSE_MEDIA' } : { do: 'RELEASE' }
  }
  if (actual.process) return watch(actual.process, wanted, actual, now, policy)
  return approachStart(wanted, actual, now)
}

function watch(process: ActualProcess, wanted: Wanted, actual: Actual, now: number, policy: PlanPolicy): Step {
  if (process.stopping) return { do: 'WAIT', until: null }
  if (!actual.mediaOpen || actual.tracksInDoubt) return { do: 'STOP_PROCESS' }
  const kinds = kindsToSend(wanted)
  if (!sameKinds(kinds, actual.producerKinds)) return { do: 'SYNC_PRODUCERS' }
  if (kinds.some((kind) => !process.kinds.includes(kind))) return { do: 'STOP_PROCESS' }
  if (process.firstPacketAt === null) {
    const deadline = process.startedAt + policy.startDeadlineMs
    if (now < deadline) return { do: 'WAIT', until: deadline }
    const seconds = Math.round(policy.startDeadlineMs / 1000)
    return { do: 'FAIL', cause: 'NO_MEDIA', message: `The source is connected but sent no media within ${seconds} s.` }
  }
  const stalls = process.progressAt + policy.freezeMs
  if (now >= stalls) {
    const seconds = Math.round((now - process.progressAt) / 1000)
    return { do: 'FAIL', cause: 'STALLED', message: `No packet has arrived for ${seconds} s.` }
  }
  if (actual.failures > 0) {
    const stable = process.firstPacketAt + policy.stableMs
    if (now >= stable) return { do: 'FORGET_FAILURES' }
    return { do: 'WAIT', until: Math.min(stalls, stable) }
  }
  return { do: 'WAIT', until: stalls }
}

function approachStart(wanted: Wanted, actual: Actual, now: number): Step {
  if (now < actual.notBefore) return { do: 'WAIT', until: actual.notBefore }
  if (actual.probing) return { do: 'WAIT', until: null }
  if (wanted.sourceKinds === null || actual.tracksInDoubt) return { do: 'PROBE' }
  if (!actual.mediaOpen) return { do: 'OPEN_MEDIA' }
  if (!sameKinds(kindsToSend(wanted), actual.producerKinds)) return { do: 'SYNC_PRODUCERS' }
  return { do: 'START_PROCESS' }
}

export interface StateView {
  state: StreamState
  cause: FailureCause | null
  reason: string | null
}

/** The state that users see. */
export function stateOf(wanted: Wanted, actual: Actual, policy: PlanPolicy): StateView {
  if (shouldRest(wanted, actual)) {
    if (actual.process || actual.probing || actual.mediaOpen) return { state: 'STOPPING', cause: null, reason: null }
    if (wanted.running) return { state: 'STOPPED', cause: 'ENDED', reason: 'The file has been played to its end.' }
    return { state: 'STOPPED', cause: null, reason: null }
  }
  const { process, failure } = actual
  if (process?.firstPacketAt != null && !process.stopping && actual.adopted === wanted.startOrder) {
    return { state: 'LIVE', cause: null, reason: null }
  }
  if (failure && actual.adopted === wanted.startOrder) {
    const recovering = actual.hasBeenLive && actual.failures < policy.maxAttempts
    return { state: recovering ? 'RECOVERING' : 'ERROR', cause: failure.cause, reason: failure.message }
  }
  return { state: 'STARTING', cause: null, reason: null }
}

/**
 * How long to wait after this many failures in a row: nothing after the first, 1 s after the second, then anything between 1 s and
 * a bound that doubles up to 30 s, so that many streams that failed together do not come back together. `random` is in [0, 1).
 */
export function restartDelayMs(failures: number, random: number): number {
  if (failures <= 1) return 0
  const boundMs = Math.min(30_000, 1000 * 2 ** Math.min(failures - 2, 10))
  return 1000 + random * (boundMs - 1000)
}

/** Causes that say nothing about what the source carries: what was learnt of it still stands. */
const causesOutsideTheMedia: readonly FailureCause[] = [
  'AUTH',
  'NOT_FOUND',
  'DNS',
  'REFUSED',
  'UNREACHABLE',
  'TLS',
  'KILLED',
  'OUT_OF_MEMORY',
  'WORKER_DIED',
  'STORAGE',
  'BLOCKED',
  'REDIRECT_LOOP',
]

/** After a process that brought nothing at all: may what was learnt of the source be wrong? */
export function doubtsTracks(cause: FailureCause): boolean {
  return !causesOutsideTheMedia.includes(cause)
}

/** Has the newest order been carried out? */
export function isSettled(wanted: Wanted, actual: Actual, view: StateView): boolean {
  return shouldRest(wanted, actual) ? view.state === 'STOPPED' : actual.adopted === wanted.startOrder
}
