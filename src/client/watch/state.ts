import type { CloseReason, Look, PlayerPhase, PlayerSession, PlayerStatus, Transport } from './model.ts'
import { idleStatus } from './model.ts'

/** What a player knows, is told and does: plain data of machine.ts. Times are ms of a clock that only goes forward. */

export interface PlayerState {
  phase: PlayerPhase
  /** In the order in which they are tried. */
  transports: readonly Transport[]
  /** Which of them is tried, or is next. */
  index: number
  /** Of each attempt, so that what an earlier one still tells is known by it. */
  attempt: number
  /** Null: no attempt is under way. */
  run: Run | null
  session: PlayerSession | null
  /** Rounds through all transports since something played. */
  failures: number
  /** Transports of this round that were refused for good. */
  refused: number
  waitUntil: number | null
  /** Whether the server says that media flows: while it doesn't, a still picture is no reason to begin anew. */
  live: boolean
  liveSince: number
  beat: Beat | null
  /** When anything was told last. */
  at: number
  reason: string | null
  closeReason: CloseReason | null
}

interface Run {
  transport: Transport
  beganAt: number
  opened: boolean
  shownAt: number | null
  /** Since when the connection is under suspicion, and has to show that it lives. */
  suspectSince: number | null
  look: Look | null
}

interface Beat {
  dueAt: number
  /** Since when an answer is awaited. */
  askedAt: number | null
  failures: number
}

export type PlayerEvent =
  | { type: 'start' }
  | { type: 'stop' }
  | { type: 'live'; live: boolean }
  | { type: 'tick' }
  /** The page was asleep, or the network was away. */
  | { type: 'woke' }
  | { type: 'opened'; attempt: number; session: PlayerSession | null }
  | { type: 'failed'; attempt: number; failure: Failure }
  | { type: 'looked'; attempt: number; look: Look }
  | { type: 'beaten'; consumerId: string; token: string | null }
  | { type: 'beatFailed'; consumerId: string; code: string }
  /** The server has closed the session: by a heartbeat's answer, or as it told by itself. */
  | { type: 'closed'; consumerId: string; closeReason: CloseReason | null; message: string | null }

/** Why an attempt ended. `code` is of the API's table; null: not told by it. */
export interface Failure {
  reason: string
  code: string | null
  retryAfterMs: number | null
  /** The session that it was about is closed, and why. */
  closeReason: CloseReason | null
}

export type PlayerEffect =
  /** With `session`, that session is opened again by its token. */
  | { do: 'open'; attempt: number; transport: Transport; session: PlayerSession | null }
  | { do: 'drop' }
  | { do: 'follow'; session: PlayerSession }
  | { do: 'unfollow' }
  | { do: 'beat'; session: PlayerSession }
  | { do: 'goodbye'; session: PlayerSession }

/** For an answer to a heartbeat. */
export const beatAnswerMs = 5000

export function idlePlayer(transports: readonly Transport[], session: PlayerSession | null = null): PlayerState {
  return {
    phase: 'IDLE',
    transports,
    index: 0,
    attempt: 0,
    run: null,
    session,
    failures: 0,
    refused: 0,
    waitUntil: null,
    live: true,
    liveSince: 0,
    beat: null,
    at: 0,
    reason: null,
    closeReason: null,
  }
}

/** When `tick` has to be told at the latest; null: not at all. */
export function nextAt({ phase, run, beat, waitUntil, at }: PlayerState): number | null {
  if (phase === 'IDLE' || phase === 'ENDED') return null
  const times = [waitUntil, beat && (beat.askedAt === null ? beat.dueAt : beat.askedAt + beatAnswerMs)]
  if (run) times.push(at + 1000)
  const known = times.filter((time) => time !== null)
  return known.length > 0 ? Math.min(...known) : null
}

export function statusOf({ phase, transports, index, run, session, reason, closeReason }: PlayerState): PlayerStatus {
  if (phase === 'IDLE') return idleStatus
  const { figures, fps = null, width = null, height = null } = run?.look ?? {}
  return {
    ...idleStatus,
    ...figures,
    fps,
    width,
    height,
    phase,
    transport: run?.transport ?? (phase === 'ENDED' ? null : (transports[index] ?? null)),
    consumerId: session?.consumerId ?? null,
    reason,
    closeReason,
  }
}
