import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { step } from '../../src/client/watch/machine.ts'
import {
  type CloseReason,
  type Look,
  noFigures,
  type PlayerSession,
  type Transport,
} from '../../src/client/watch/model.ts'
import {
  type Failure,
  idlePlayer,
  nextAt,
  type PlayerEffect,
  type PlayerEvent,
  type PlayerState,
  statusOf,
} from '../../src/client/watch/state.ts'

const finalReasons: CloseReason[] = ['FORCED', 'REPLACED', 'STREAM_STOPPED', 'STREAM_DELETED', 'KEY_REVOKED']
const passingReasons: CloseReason[] = ['HEARTBEAT_TIMEOUT', 'NODE_LOST', 'TRANSPORT_FAILED', 'CLIENT']
const lookAt = (shown: number): Look => ({ received: shown, shown, figures: noFigures, fps: 25, width: 1, height: 1 })
const failure = (changes: Partial<Failure> = {}): Failure => ({
  reason: 'broken',
  code: null,
  retryAfterMs: null,
  closeReason: null,
  ...changes,
})

/** The player in a world of its own: sessions that a server has, effects that were asked for. Everything that must always hold is looked at after each step. */
class World {
  state: PlayerState
  at = 0
  /** Sessions that the server takes for open. */
  readonly open = new Map<string, PlayerSession>()
  /** What the player asked for with its last step. */
  effects: PlayerEffect[] = []
  pending: Extract<PlayerEffect, { do: 'open' }> | null = null
  beating: PlayerSession | null = null
  shown = 0
  #next = 1
  #dropped = true

  constructor(transports: readonly Transport[]) {
    this.state = idlePlayer(transports)
  }

  passes(ms: number): void {
    this.at += ms
  }

  tell(event: PlayerEvent): void {
    const before = this.state
    const { state, effects } = step(before, event, this.at, 0.5)
    this.state = state
    this.effects = effects
    for (const effect of effects) {
      if (effect.do === 'open') {
        // One at a time, each with a number of its own, a session only by the transport that it is of.
        expect(this.#dropped).toBe(true)
        expect(effect.attempt).toBeGreaterThan(before.attempt)
        if (effect.session) expect(effect.session.transport).toBe(effect.transport)
        this.#dropped = false
        this.pending = effect
      }
      if (effect.do === 'drop') {
        this.#dropped = true
        this.pending = null
      }
      if (effect.do === 'goodbye') this.open.delete(effect.session.consumerId)
      if (effect.do === 'beat') this.beating = effect.session
    }
    // A session is only given up without a goodbye where the server has refused it.
    const had = before.session
    if (had && had.consumerId !== state.session?.consumerId && event.type === 'failed') {
      if (refusedSession.has(event.failure.code)) this.open.delete(had.consumerId)
    }
    this.#holds()
  }

  #holds(): void {
    const { phase, run, session, waitUntil, beat } = this.state
    if (phase === 'IDLE' || phase === 'ENDED') {
      expect([run, session, waitUntil, beat, nextAt(this.state)]).toEqual([null, null, null, null, null])
      return
    }
    // It never waits for nothing.
    expect(run === null).toBe(phase === 'WAITING')
    expect(waitUntil === null).toBe(phase !== 'WAITING')
    expect(nextAt(this.state)).not.toBeNull()
    if (phase === 'PLAYING' || phase === 'STALLED') expect(run!.shownAt).not.toBeNull()
    if (session) expect(beat === null).toBe(run?.opened !== true && beat === null)
    expect(statusOf(this.state).phase).toBe(phase)
  }

  /** The server lets it in; by a session, except where it is watched without. */
  opened(withSession: boolean): void {
    const asked = this.pending
    if (!asked) return
    this.pending = null
    this.shown = 0
    let session = asked.session
    if (session && !this.open.has(session.consumerId)) {
      this.tell({ type: 'failed', attempt: asked.attempt, failure: failure({ code: 'NOT_FOUND' }) })
      return
    }
    if (!session && withSession) {
      session = { consumerId: `consumer_${this.#next++}`, token: 't', heartbeatMs: 30_000, transport: asked.transport }
      this.open.set(session.consumerId, session)
    }
    this.tell({ type: 'opened', attempt: asked.attempt, session })
  }

  looked(more: number): void {
    this.shown += more
    if (this.state.run?.opened) this.tell({ type: 'looked', attempt: this.state.attempt, look: lookAt(this.shown) })
  }

  beaten(): void {
    const session = this.beating
    if (!session) return
    this.beating = null
    const { consumerId } = session
    if (this.open.has(consumerId)) this.tell({ type: 'beaten', consumerId, token: null })
    else this.tell({ type: 'closed', consumerId, closeReason: 'HEARTBEAT_TIMEOUT', message: null })
  }

  closed(closeReason: CloseReason): void {
    const [consumerId] = this.open.keys()
    if (!consumerId) return
    this.open.delete(consumerId)
    this.tell({ type: 'closed', consumerId, closeReason, message: 'because' })
  }
}

const refusedSession = new Set<string | null>(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'INVALID_STATE'])

type Happening = (world: World) => void
const codes = ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'INVALID_STATE', 'UNAVAILABLE', 'CAPACITY_EXCEEDED', null]
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.nat(4000).map((ms) => (world: World) => world.passes(ms)) },
  { weight: 1, arbitrary: fc.nat(200_000).map((ms) => (world: World) => world.passes(ms)) },
  { weight: 6, arbitrary: fc.boolean().map((withSession) => (world: World) => world.opened(withSession)) },
  { weight: 6, arbitrary: fc.nat(3).map((more) => (world: World) => world.looked(more)) },
  { weight: 4, arbitrary: fc.constant((world: World) => world.tell({ type: 'tick' })) },
  { weight: 3, arbitrary: fc.constant((world: World) => world.beaten()) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(...codes).map((code) => (world: World) => {
      world.tell({ type: 'failed', attempt: world.state.attempt, failure: failure({ code }) })
    }),
  },
  { weight: 1, arbitrary: fc.constant((world: World) => world.tell({ type: 'woke' })) },
  { weight: 1, arbitrary: fc.boolean().map((live) => (world: World) => world.tell({ type: 'live', live })) },
  { weight: 1, arbitrary: fc.constantFrom(...passingReasons).map((reason) => (world: World) => world.closed(reason)) },
  // The server closes it and nobody tells.
  { weight: 1, arbitrary: fc.constant((world: World) => world.open.clear()) },
)
const rough: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 12, arbitrary: happening },
  { weight: 1, arbitrary: fc.constantFrom(...finalReasons).map((reason) => (world: World) => world.closed(reason)) },
  { weight: 1, arbitrary: fc.constantFrom('start', 'stop').map((type) => (world: World) => world.tell({ type })) },
)
const orders = fc.constantFrom<Transport[]>(['mediasoup', 'whep', 'hls'], ['whep', 'hls'], ['whep'], ['hls'])

describe('the player, over generated histories', () => {
  test('always waits for something that comes, and leaves no session behind', () => {
    fc.assert(
      fc.property(orders, fc.array(rough, { maxLength: 80 }), (transports, history) => {
        const world = new World(transports)
        world.tell({ type: 'start' })
        for (const happens of history) happens(world)
        const given = world.pending
        world.tell({ type: 'stop' })
        expect(world.state.phase).toBe('IDLE')
        // What opens after that is closed too.
        const late = { consumerId: 'consumer_late', token: 't', heartbeatMs: 1, transport: 'whep' as const }
        if (given) {
          world.tell({ type: 'opened', attempt: given.attempt, session: late })
          expect(world.effects).toEqual([{ do: 'goodbye', session: late }])
        }
        expect([...world.open.keys()]).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('plays again once the world is good again, whatever was before', () => {
    fc.assert(
      fc.property(orders, fc.array(happening, { maxLength: 60 }), (transports, history) => {
        const world = new World(transports)
        world.tell({ type: 'start' })
        for (const happens of history) happens(world)
        if (world.state.phase === 'ENDED') world.tell({ type: 'start' })
        world.tell({ type: 'live', live: true })
        for (let second = 0; second < 90 && world.state.phase !== 'PLAYING'; second++) {
          world.at += 1000
          world.tell({ type: 'tick' })
          world.opened(true)
          world.beaten()
          world.looked(25)
        }
        expect(world.state.phase).toBe('PLAYING')
      }),
      { numRuns: 500 },
    )
  })

  test('is asked for no beat while one is awaited, and for one each interval', () => {
    const world = playing(['whep'])
    let beats = 0
    for (let second = 0; second < 120; second++) {
      world.at += 1000
      world.looked(25)
      if (world.beating) beats++
      world.beaten()
    }
    expect(beats).toBe(4)
  })
})

function playing(transports: Transport[]): World {
  const world = new World(transports)
  world.tell({ type: 'start' })
  world.opened(true)
  world.looked(1)
  expect(world.state.phase).toBe('PLAYING')
  return world
}

describe('the player', () => {
  test.each(finalReasons)('closed for good by %s: it stops and says so', (reason) => {
    const world = playing(['whep', 'hls'])
    world.closed(reason)
    expect(statusOf(world.state)).toMatchObject({ phase: 'ENDED', closeReason: reason, reason: 'because' })
    world.at += 600_000
    world.tell({ type: 'tick' })
    world.tell({ type: 'woke' })
    expect(world.effects).toEqual([])
  })

  test.each(passingReasons)('closed by %s: it opens a new session by itself', (reason) => {
    const world = playing(['whep'])
    world.closed(reason)
    world.at += 5000
    world.tell({ type: 'tick' })
    expect(world.pending).toMatchObject({ transport: 'whep', session: null })
    world.opened(true)
    world.looked(1)
    expect(world.state.phase).toBe('PLAYING')
  })

  test('a page that was frozen asks by a heartbeat at once, and plays anew where it was timed out', () => {
    const world = playing(['whep'])
    world.at += 300_000
    world.open.clear()
    world.looked(0)
    expect(world.effects).toMatchObject([{ do: 'beat' }])
    expect(world.state.phase).toBe('PLAYING')
    world.beaten()
    expect(world.state.closeReason).toBe('HEARTBEAT_TIMEOUT')
    expect(world.pending).toMatchObject({ session: null })
  })

  test('a page that was frozen but not given up on plays on in its session', () => {
    const world = playing(['whep'])
    world.at += 50_000
    world.looked(0)
    world.beaten()
    world.at += 500
    world.looked(10)
    expect(world.state.phase).toBe('PLAYING')
    expect(world.open.size).toBe(1)
  })

  test('a lost connection is made anew in the same session', () => {
    const world = playing(['mediasoup', 'whep'])
    const { consumerId } = world.state.session!
    world.tell({ type: 'failed', attempt: world.state.attempt, failure: failure() })
    world.at += 2000
    world.tell({ type: 'tick' })
    expect(world.pending).toMatchObject({ transport: 'mediasoup', session: { consumerId } })
    world.opened(true)
    world.looked(1)
    expect(world.state.session!.consumerId).toBe(consumerId)
  })

  test('what shows nothing is left for the next transport, and its session closed', () => {
    const world = new World(['whep', 'hls'])
    world.tell({ type: 'start' })
    world.opened(true)
    world.at += 4500
    world.tell({ type: 'tick' })
    expect(world.effects.map((effect) => effect.do)).toEqual(['drop', 'unfollow', 'goodbye', 'open'])
    expect(world.pending).toMatchObject({ transport: 'hls', session: null })
    expect(world.open.size).toBe(0)
  })

  test('refused by every transport it ends with the reason; by one of them it goes on', () => {
    const refuse = (world: World, code: string | null) =>
      world.tell({ type: 'failed', attempt: world.state.attempt, failure: failure({ code, reason: `no: ${code}` }) })
    const world = new World(['mediasoup', 'whep'])
    world.tell({ type: 'start' })
    refuse(world, 'FORBIDDEN')
    refuse(world, null)
    expect(world.state.phase).toBe('WAITING')
    world.at += 20_000
    world.tell({ type: 'tick' })
    refuse(world, 'FORBIDDEN')
    refuse(world, 'NOT_FOUND')
    expect(statusOf(world.state)).toMatchObject({ phase: 'ENDED', reason: 'no: NOT_FOUND' })
  })

  test('waits as long as the server asks for', () => {
    const world = new World(['whep'])
    world.tell({ type: 'start' })
    const told = failure({ code: 'CAPACITY_EXCEEDED', retryAfterMs: 60_000 })
    world.tell({ type: 'failed', attempt: world.state.attempt, failure: told })
    expect(world.state.waitUntil).toBe(60_000)
    world.tell({ type: 'woke' })
    expect(world.state.phase).toBe('CONNECTING')
  })

  test("a still picture is the source's fault while the stream is not live", () => {
    const world = playing(['whep'])
    world.tell({ type: 'live', live: false })
    for (let second = 0; second < 60; second++) {
      world.at += 1000
      world.looked(0)
    }
    expect(world.state.phase).toBe('STALLED')
    world.tell({ type: 'live', live: true })
    for (let second = 0; second < 9; second++) {
      world.at += 1000
      world.looked(0)
    }
    expect(world.state.phase).toBe('WAITING')
  })

  test('without a session it plays without heartbeats', () => {
    const world = new World(['hls'])
    world.tell({ type: 'start' })
    world.opened(false)
    for (let second = 0; second < 120; second++) {
      world.at += 1000
      world.looked(25)
    }
    expect(world.beating).toBeNull()
    expect(statusOf(world.state)).toMatchObject({ phase: 'PLAYING', consumerId: null })
  })
})
