import { backOffMs } from '../retry.ts'
import type { CloseReason, Look, PlayerSession, Transport } from './model.ts'
import { beatAnswerMs, type Failure, type PlayerEffect, type PlayerEvent, type PlayerState } from './state.ts'

/** How a player decides: events in, effects out. No clock, no chance, no browser in here. Times are ms of a clock that only goes forward. */

/** No packet for so long: this transport doesn't work. An HLS playlist may be waited for. */
const firstPacketMs: Record<Transport, number> = { mediasoup: 6000, whep: 4000, hls: 12_000 }
/** Packets but no picture: a source may send a keyframe every ten seconds only. */
const firstPictureMs = 12_000
/** For an answer of the server: a stream on demand is started meanwhile. */
const openMs = 30_000
const stalledMs = 2500
/** The stream is said to be live, but nothing new comes: begin anew. */
const deadMs: Record<Transport, number> = { mediasoup: 8000, whep: 8000, hls: 15_000 }
/** The same, of one that has just woken. */
const suspectMs = 3000
const maxWaitMs = 15_000
/** Nothing was told for so long though it should: we were asleep. */
const asleepMs = 5000

/** Nobody is to come back from these by himself. */
const final = new Set<CloseReason>(['FORCED', 'REPLACED', 'STREAM_STOPPED', 'STREAM_DELETED', 'KEY_REVOKED'])
/** Asking once more would bring the same. */
const refusals = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'UNSUPPORTED_MEDIA'])
/** Of a session that is asked to be opened again: it is no more, or its token is no good. */
const lost = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'INVALID_STATE'])

/** `random` is from 0 to 1. */
export function step(
  before: PlayerState,
  event: PlayerEvent,
  at: number,
  random: number,
): { state: PlayerState; effects: PlayerEffect[] } {
  const turn = new Turn(before, at, random)
  turn.take(event)
  return { state: turn.state, effects: turn.effects }
}

/** One event, and what comes of it. */
class Turn {
  readonly state: PlayerState
  readonly effects: PlayerEffect[] = []
  readonly #at: number
  readonly #random: number
  readonly #asleepForMs: number

  constructor(before: PlayerState, at: number, random: number) {
    this.state = { ...before, run: before.run && { ...before.run }, beat: before.beat && { ...before.beat }, at }
    this.#at = at
    this.#random = random
    // While something runs it is told of every second.
    this.#asleepForMs = before.run && at - before.at > asleepMs ? at - before.at : 0
  }

  take(event: PlayerEvent): void {
    const { state } = this
    if (event.type === 'start') {
      if (state.phase !== 'IDLE' && state.phase !== 'ENDED') return
      Object.assign(state, { index: 0, failures: 0, refused: 0, reason: null, closeReason: null, liveSince: this.#at })
      this.#open()
      return
    }
    if (state.phase === 'IDLE' || state.phase === 'ENDED') {
      if (event.type === 'stop') state.phase = 'IDLE'
      if (event.type === 'live') this.#setLive(event.live)
      // What opens too late is closed again.
      if (event.type === 'opened' && event.session) this.effects.push({ do: 'goodbye', session: event.session })
      return
    }
    if (this.#asleepForMs > 0) this.#wake(this.#asleepForMs)
    switch (event.type) {
      case 'stop':
        this.#leave()
        state.phase = 'IDLE'
        break
      case 'live':
        this.#setLive(event.live)
        break
      case 'woke':
        this.#wake(0)
        break
      case 'opened':
        if (event.attempt === state.attempt && state.run) this.#opened(event.session)
        else if (event.session) this.effects.push({ do: 'goodbye', session: event.session })
        break
      case 'failed':
        if (event.attempt === state.attempt && state.run) this.#failed(event.failure)
        break
      case 'looked':
        if (event.attempt === state.attempt && state.run?.opened) this.#looked(event.look)
        break
      case 'beaten':
        if (event.consumerId === state.session?.consumerId) this.#beaten(event.token)
        break
      case 'beatFailed':
        if (event.consumerId === state.session?.consumerId) this.#beatFailed(event.code)
        break
      case 'closed':
        if (event.consumerId === state.session?.consumerId) this.#closed(event.closeReason, event.message)
        break
      case 'tick':
        break
    }
    this.#mind()
  }

  /** What is due by the clock alone. */
  #mind(): void {
    const { state } = this
    const { run, session, beat } = state
    if (session && beat) {
      const unanswered = beat.askedAt !== null && this.#at - beat.askedAt >= beatAnswerMs
      if (unanswered || (beat.askedAt === null && this.#at >= beat.dueAt)) {
        beat.askedAt = this.#at
        this.effects.push({ do: 'beat', session })
      }
    }
    if (state.waitUntil !== null && this.#at >= state.waitUntil) {
      this.#open()
      return
    }
    if (!run) return
    if (!run.opened) {
      if (this.#at - run.beganAt >= openMs) this.#end('the server does not answer')
      return
    }
    const stillMs = this.#at - (run.shownAt ?? run.beganAt)
    if (run.shownAt === null) {
      const limitMs = (run.look?.received ?? 0) > 0 ? firstPictureMs : firstPacketMs[run.transport]
      if (stillMs > limitMs) this.#end('no picture')
      return
    }
    state.phase = stillMs > stalledMs ? 'STALLED' : 'PLAYING'
    const isDead = Math.min(stillMs, this.#at - state.liveSince) > deadMs[run.transport]
    const isSuspect = run.suspectSince !== null && this.#at - run.suspectSince > suspectMs
    if (state.live && (isDead || isSuspect)) this.#end('the picture stood still')
  }

  #open(): void {
    const { state } = this
    const transport = state.transports[state.index]!
    // A session goes on only by its own transport.
    if (state.session && state.session.transport !== transport) this.#forget(true)
    state.attempt++
    state.run = { transport, beganAt: this.#at, opened: false, shownAt: null, suspectSince: null, look: null }
    state.phase = 'CONNECTING'
    state.waitUntil = null
    this.effects.push({ do: 'open', attempt: state.attempt, transport, session: state.session })
  }

  #opened(session: PlayerSession | null): void {
    const { state } = this
    state.run!.opened = true
    state.run!.beganAt = this.#at
    const isNew = session?.consumerId !== state.session?.consumerId
    if (isNew) this.#forget(false)
    state.session = session
    if (!session) return
    state.beat = { dueAt: this.#at + session.heartbeatMs, askedAt: null, failures: 0 }
    this.effects.push({ do: 'follow', session })
  }

  #looked(look: Look): void {
    const run = this.state.run!
    if (look.shown > (run.look?.shown ?? 0)) {
      run.shownAt = this.#at
      run.suspectSince = null
      Object.assign(this.state, { failures: 0, refused: 0, phase: 'PLAYING', reason: null })
    }
    run.look = look
    if (!this.state.live) this.state.liveSince = this.#at
  }

  /** The attempt has come to its end by our own judgement. */
  #end(reason: string): void {
    this.#failed({ reason, code: null, retryAfterMs: null, closeReason: null })
  }

  #failed({ reason, code, retryAfterMs, closeReason }: Failure): void {
    const { state } = this
    if (closeReason && state.session) {
      this.#closed(closeReason, reason)
      return
    }
    const run = state.run!
    const hadSession = state.session !== null
    this.#drop()
    state.reason = reason
    if (hadSession && code !== null && lost.has(code)) {
      // Whatever it was: without it the same transport may well play.
      this.#forget(false)
      this.#wait(null)
      return
    }
    if (run.shownAt !== null) {
      // From the best one on; what was made do with is kept for as long as it plays.
      state.index = 0
      this.#wait(retryAfterMs)
      return
    }
    if (code !== null && refusals.has(code)) state.refused++
    state.index++
    if (state.index < state.transports.length) {
      this.#open()
      return
    }
    state.index = 0
    if (state.refused >= state.transports.length) {
      this.#over()
      return
    }
    state.refused = 0
    this.#wait(retryAfterMs)
  }

  #wait(retryAfterMs: number | null): void {
    const { state } = this
    const waitMs = Math.max(backOffMs(state.failures, this.#random, maxWaitMs), retryAfterMs ?? 0)
    state.failures++
    state.phase = 'WAITING'
    state.waitUntil = this.#at + waitMs
  }

  #closed(closeReason: CloseReason | null, message: string | null): void {
    const { state } = this
    this.#drop()
    this.#forget(false)
    state.closeReason = closeReason
    state.reason = message ?? (closeReason === null ? 'the session is unknown' : meaning[closeReason])
    if (closeReason !== null && final.has(closeReason)) {
      this.#over()
      return
    }
    // Who has slept comes back at once; of those that a node has lost not all at the same moment.
    if (closeReason === 'HEARTBEAT_TIMEOUT' && state.failures === 0) {
      state.failures++
      this.#open()
      return
    }
    this.#wait(null)
  }

  #over(): void {
    this.#leave()
    this.state.phase = 'ENDED'
  }

  #beaten(token: string | null): void {
    const { state } = this
    const session = state.session!
    if (token !== null) state.session = { ...session, token }
    state.beat = { dueAt: this.#at + session.heartbeatMs, askedAt: null, failures: 0 }
    if (token !== null) this.effects.push({ do: 'follow', session: state.session! })
  }

  #beatFailed(code: string): void {
    const { state } = this
    // Its token is no good: nobody will hear of it again.
    if (lost.has(code)) {
      this.#closed(null, 'the token was not accepted')
      return
    }
    const failures = (state.beat?.failures ?? 0) + 1
    const againMs = Math.min(state.session!.heartbeatMs / 2, backOffMs(failures, this.#random, maxWaitMs))
    state.beat = { dueAt: this.#at + againMs, askedAt: null, failures }
  }

  #wake(asleepForMs: number): void {
    const { state } = this
    const { run, beat } = state
    // Nothing was seen meanwhile, so nothing is known of it.
    if (run) {
      run.beganAt += asleepForMs
      if (run.shownAt !== null) {
        run.shownAt += asleepForMs
        run.suspectSince ??= this.#at
      }
    }
    // Whether the session is still there is known to the server alone.
    if (beat && (beat.askedAt === null || asleepForMs > 0)) {
      beat.askedAt = null
      beat.dueAt = this.#at
    }
    if (state.waitUntil !== null) state.waitUntil = this.#at
  }

  #setLive(live: boolean): void {
    if (live && !this.state.live) this.state.liveSince = this.#at
    this.state.live = live
  }

  #drop(): void {
    if (!this.state.run) return
    this.state.run = null
    this.effects.push({ do: 'drop' })
  }

  /** The session is no longer ours; with `tell` the server hears of it. */
  #forget(tell: boolean): void {
    const { state } = this
    if (!state.session) return
    this.effects.push({ do: 'unfollow' })
    if (tell) this.effects.push({ do: 'goodbye', session: state.session })
    state.session = null
    state.beat = null
  }

  #leave(): void {
    this.#drop()
    this.#forget(true)
    this.state.waitUntil = null
    this.state.attempt++
  }
}

const meaning: Record<CloseReason, string> = {
  CLIENT: 'the session was closed by its player',
  FORCED: 'the session was closed',
  HEARTBEAT_TIMEOUT: 'the player was not heard of for too long',
  REPLACED: 'another player took the place of this one',
  STREAM_STOPPED: 'the stream was stopped',
  STREAM_DELETED: 'the stream was deleted',
  NODE_LOST: 'the server that played it is gone',
  KEY_REVOKED: 'the key is no longer good',
  TRANSPORT_FAILED: 'the connection failed',
}
