import { type Decision, decide, noHistory, type RecoveryHistory, type RecoverySettings } from '../recovery/policy.ts'
import type { Refusal } from '../recovery/store.ts'
import { causeTexts } from './causes.ts'
import type { MediaKind } from './model.ts'
import { type Actual, doubtsTracks, type Failure, idle } from './plan.ts'

/** What a runner remembers of its attempts; the rest of plan.Actual is what its media show. Pure: each function gives a new one. */
export interface Attempts extends Omit<Actual, 'mediaOpen' | 'producerKinds' | 'process' | 'probing' | 'stalledUntil'> {
  history: RecoveryHistory
  /** Adopted because a user ordered it just now, and not by a node that found it ordered before. */
  byOrder: boolean
}

/** Before the first order is adopted. */
export const noAttempts: Attempts = { ...idle, history: noHistory, byOrder: false }

/** A new order is carried out: what failed before is forgotten. */
export function adopted(startOrder: number, byOrder: boolean): Attempts {
  return { ...noAttempts, adopted: startOrder, byOrder }
}

/** What an owner before has been refused holds for the next as well: cameras count wrong passwords, whoever sends them. */
export function heldBack(attempts: Attempts, { number, at, nextAttemptAt }: Refusal): Attempts {
  return {
    ...attempts,
    failures: number,
    failure: { cause: 'AUTH', message: causeTexts.AUTH, at },
    down: true,
    notBefore: nextAttemptAt,
    history: { ...noHistory, failures: { ...noHistory.failures, CREDENTIALS: number } },
  }
}

/** One more failure in a row, of one track alone or of all, and how it is answered. `random` in [0, 1) spreads the next attempt. */
export function afterFailure(
  attempts: Attempts,
  failure: Failure,
  track: MediaKind | null,
  settings: RecoverySettings,
  random: number,
): { attempts: Attempts; decision: Decision } {
  const decision = decide(failure.cause, attempts.history, settings, random)
  const { number, delayMs, history } = decision
  return {
    decision,
    attempts: {
      ...attempts,
      failures: number,
      failure,
      down: true,
      notBefore: failure.at + (delayMs ?? 0),
      startSlot: null,
      tracksAnswered: track ? withTrack(attempts.tracksAnswered, track) : attempts.tracksAnswered,
      history,
    },
  }
}

const withTrack = (kinds: MediaKind[], kind: MediaKind) => [...kinds.filter((it) => it !== kind), kind]

/** A track that stands still alone is not given by its source either: a new FFmpeg would bring nothing. */
export function trackGivenUp(attempts: Attempts, kind: MediaKind): Attempts {
  return { ...attempts, lookingFor: null, tracksAnswered: withTrack(attempts.tracksAnswered, kind) }
}

/** Media flows. */
export function afterFirstPacket(attempts: Attempts): Attempts {
  return { ...attempts, hasBeenLive: true, down: false }
}

/** Media has flowed for long enough. */
export function failuresForgotten(attempts: Attempts): Attempts {
  return { ...attempts, failures: 0, failure: null, history: noHistory }
}

/** A track that stood still alone has flowed for long enough: if it stands still again, it is looked after again. */
export function answeredForgotten(attempts: Attempts, kind: MediaKind): Attempts {
  return { ...attempts, tracksAnswered: attempts.tracksAnswered.filter((replaced) => replaced !== kind) }
}

/**
 * After a process that brought nothing at all: first FFmpeg is let look for itself (PROBE_FULLY), then what the source
 * carries is learnt anew (LEARN). Null: what was learnt still stands.
 */
export function doubtAfter(attempts: Attempts, fastProbe: boolean): 'PROBE_FULLY' | 'LEARN' | null {
  if (!attempts.failure || !doubtsTracks(attempts.failure.cause)) return null
  return fastProbe ? 'PROBE_FULLY' : 'LEARN'
}
