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
  /** A file: one of its tracks may end before the other. */
  isFile: boolean
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
  /** When packets of any track were last seen to arrive. */
  progressAt: number
  /** The same by kind; absent: none yet. */
  tracks: Partial<Record<MediaKind, TrackFlow>>
  /** Packets come in bursts that are so far apart, as seen so far; 0 where they should not. */
  burstMs: number
  /** It has been asked to end. */
  stopping: boolean
}

/** How one track flows. Times in ms since the epoch. */
export interface TrackFlow {
  progressAt: number
  /** Without a gap since then. */
  flowingSince: number
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
  /** No media has come since the failure. */
  down: boolean
  /** No new attempt before this time. */
  notBefore: number
  /** The time that the next start was given by the node's start bucket; null: none was asked for yet. */
  startSlot: number | null
  /** A kind that stands still alone, and whose source is asked just now whether it gives it. */
  lookingFor: MediaKind | null
  /** Kinds that stood still alone, and that FFmpeg was replaced for or that the source does not give either. */
  tracksAnswered: MediaKind[]
  /** Media has arrived since the start order was adopted. */
  hasBeenLive: boolean
  /** What was learnt of the source is in doubt: probe again. */
  tracksInDoubt: boolean
  /** A source that is not repeated has come to its end. */
  ended: boolean
  /** When this process or its machine last stood still; no deadline is counted from before that. */
  stalledUntil: number
}

export interface PlanPolicy {
  /** A process must bring its first packet within this time. */
  startDeadlineMs: number
  /** Media without packets for this long stands still. */
  freezeMs: number
  /** What has failed is tried again. */
  enabled: boolean
  /** From this many failures in a row on, a stream that had been live is in ERROR rather than RECOVERING. */
  maxAttempts: number
  /** Media that flows for this long, and what failed before is forgotten. */
  stableMs: number
}

export type Step =
  | { do: 'ABORT_PROBE' }
  | { do: 'STOP_PROCESS' }
  | { do: 'CLOSE_MEDIA' }
  | { do: 'RELEASE' }
  | { do: 'ADOPT' }
  | { do: 'PROBE' }
  | { do: 'RESERVE_START' }
  | { do: 'OPEN_MEDIA' }
  | { do: 'SYNC_PRODUCERS' }
  | { do: 'START_PROCESS' }
  | { do: 'FORGET_FAILURES' }
  | { do: 'FORGET_ANSWERED'; kind: MediaKind }
  /** Asks the source, while FFmpeg runs on, whether it gives a track that stands still: only then a new FFmpeg would help. */
  | { do: 'LOOK_FOR_TRACK'; kind: MediaKind; message: string }
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
  down: false,
  notBefore: 0,
  startSlot: null,
  lookingFor: null,
  tracksAnswered: [],
  hasBeenLive: false,
  tracksInDoubt: false,
  ended: false,
  stalledUntil: 0,
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
  return approachStart(wanted, actual, now, policy)
}

function watch(process: ActualProcess, wanted: Wanted, actual: Actual, now: number, policy: PlanPolicy): Step {
  if (process.stopping) return { do: 'WAIT', until: null }
  if (!actual.mediaOpen || actual.tracksInDoubt) return { do: 'STOP_PROCESS' }
  const kinds = kindsToSend(wanted)
  if (!sameKinds(kinds, actual.producerKinds)) return { do: 'SYNC_PRODUCERS' }
  if (kinds.some((kind) => !process.kinds.includes(kind))) return { do: 'STOP_PROCESS' }
  if (process.firstPacketAt === null) {
    const deadline = Math.max(process.startedAt, actual.stalledUntil) + policy.startDeadlineMs
    if (now < deadline) return { do: 'WAIT', until: deadline }
    const seconds = Math.round(policy.startDeadlineMs / 1000)
    const message = `The source is connected but sent no media within ${seconds} s.`
    return { do: 'FAIL', cause: 'NO_MEDIA', message }
  }
  return watchFlow(process, wanted, actual, now, policy)
}

/** What has been seen to flow and stands still; what flows again for long enough. */
function watchFlow(process: ActualProcess, wanted: Wanted, actual: Actual, now: number, policy: PlanPolicy): Step {
  // What comes in bursts stands still between them: twice as long, and the next one is overdue.
  const freezeMs = Math.max(policy.freezeMs, 2 * process.burstMs)
  const stallsAt = (progressAt: number) => Math.max(progressAt, actual.stalledUntil) + freezeMs
  const secondsSince = (at: number) => Math.round((now - at) / 1000)
  const stalls = stallsAt(process.progressAt)
  if (now >= stalls) {
    const message = `No packet has arrived for ${secondsSince(process.progressAt)} s.`
    return { do: 'FAIL', cause: 'STALLED', message }
  }
  let next = stalls
  for (const kind of kindsToSend(wanted)) {
    const flow = process.tracks[kind]
    if (!flow || wanted.isFile) continue
    const trackStalls = stallsAt(flow.progressAt)
    // A camera whose sound was switched off must not lose its picture for it, again and again.
    if (actual.tracksAnswered.includes(kind)) {
      if (now < trackStalls && now >= flow.flowingSince + policy.stableMs) return { do: 'FORGET_ANSWERED', kind }
      continue
    }
    if (!policy.enabled || actual.probing) continue
    const due = Math.max(trackStalls, actual.startSlot ?? 0)
    if (now < due) {
      next = Math.min(next, due)
      continue
    }
    if (actual.startSlot === null) return { do: 'RESERVE_START' }
    const message = `No ${kind.toLowerCase()} packet has arrived for ${secondsSince(flow.progressAt)} s.`
    return { do: 'LOOK_FOR_TRACK', kind, message }
  }
  if (actual.failures > 0) {
    const stable = process.firstPacketAt! + policy.stableMs
    if (now >= stable) return { do: 'FORGET_FAILURES' }
    next = Math.min(next, stable)
  }
  return { do: 'WAIT', until: next }
}

function approachStart(wanted: Wanted, actual: Actual, now: number, policy: PlanPolicy): Step {
  if (actual.down && !policy.enabled) return actual.probing ? { do: 'ABORT_PROBE' } : { do: 'WAIT', until: null }
  // A clock that was set back behind the failure says nothing of how long it is ago.
  const clockIsSetBack = actual.failure !== null && now < actual.failure.at
  if (now < actual.notBefore && !clockIsSetBack) return { do: 'WAIT', until: actual.notBefore }
  if (actual.probing) return actual.lookingFor ? { do: 'ABORT_PROBE' } : { do: 'WAIT', until: null }
  const isLearnt = wanted.sourceKinds !== null && !actual.tracksInDoubt
  if (isLearnt && !actual.mediaOpen) return { do: 'OPEN_MEDIA' }
  if (isLearnt && !sameKinds(kindsToSend(wanted), actual.producerKinds)) return { do: 'SYNC_PRODUCERS' }
  if (actual.startSlot === null) return { do: 'RESERVE_START' }
  if (now < actual.startSlot && !clockIsSetBack) return { do: 'WAIT', until: actual.startSlot }
  return isLearnt ? { do: 'START_PROCESS' } : { do: 'PROBE' }
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
    const recovering = policy.enabled && actual.hasBeenLive && actual.failures < policy.maxAttempts
    return { state: recovering ? 'RECOVERING' : 'ERROR', cause: failure.cause, reason: failure.message }
  }
  return { state: 'STARTING', cause: null, reason: null }
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
