import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FailureCause, MediaKind } from '../../src/streams/model.ts'
import {
  type Actual,
  idle,
  isSettled,
  kindsToSend,
  nextStep,
  type PlanPolicy,
  restartDelayMs,
  type Step,
  stateOf,
  type Wanted,
} from '../../src/streams/plan.ts'

const policy: PlanPolicy = { startDeadlineMs: 10_000, freezeMs: 5_000, maxAttempts: 3, stableMs: 10_000 }

const wantedRunning: Wanted = { running: true, startOrder: 1, sourceKinds: ['VIDEO', 'AUDIO'], closedKinds: [] }

/** A source and a machine that follow the plan's steps as the runner does, in a time of their own. */
class World {
  now = 1_000_000
  wanted: Wanted
  actual: Actual = { ...idle }
  /** What the source does: GOOD sends, SILENT connects only, BAD ends at once. */
  source: 'GOOD' | 'SILENT' | 'BAD' = 'GOOD'
  frozen = false
  probeEndsAt: number | null = null
  stopEndsAt: number | null = null
  starts: number[] = []
  released = false

  constructor(wanted: Wanted) {
    this.wanted = wanted
  }

  step(): Step {
    const step = nextStep(this.wanted, this.actual, this.now, policy)
    this.carryOut(step)
    return step
  }

  carryOut(step: Step): void {
    const { actual } = this
    switch (step.do) {
      case 'ADOPT':
        expect(actual.process).toBeNull()
        this.actual = {
          ...actual,
          adopted: this.wanted.startOrder,
          failures: 0,
          failure: null,
          notBefore: 0,
          hasBeenLive: false,
          ended: false,
          tracksInDoubt: false,
        }
        break
      case 'PROBE':
        expect(actual.probing).toBe(false)
        expect(actual.process).toBeNull()
        this.actual = { ...actual, probing: true }
        this.probeEndsAt = this.now + 1500
        break
      case 'ABORT_PROBE':
        this.actual = { ...actual, probing: false }
        this.probeEndsAt = null
        break
      case 'OPEN_MEDIA':
        expect(actual.mediaOpen).toBe(false)
        this.actual = { ...actual, mediaOpen: true, producerKinds: kindsToSend(this.wanted) }
        break
      case 'SYNC_PRODUCERS':
        expect(actual.mediaOpen).toBe(true)
        this.actual = { ...actual, producerKinds: kindsToSend(this.wanted) }
        if (actual.process) {
          const kinds = actual.process.kinds.filter((kind) => !this.wanted.closedKinds.includes(kind))
          this.actual.process = { ...actual.process, kinds }
        }
        break
      case 'START_PROCESS':
        expect(actual.process).toBeNull()
        expect(actual.mediaOpen).toBe(true)
        expect(this.wanted.running).toBe(true)
        this.starts.push(this.now)
        this.actual = {
          ...actual,
          process: {
            startedAt: this.now,
            kinds: actual.producerKinds,
            firstPacketAt: null,
            progressAt: this.now,
            stopping: false,
          },
        }
        break
      case 'STOP_PROCESS':
        expect(actual.process?.stopping).toBe(false)
        this.actual = { ...actual, process: { ...actual.process!, stopping: true } }
        this.stopEndsAt = this.now + 300
        break
      case 'FAIL':
        this.fail(step.cause)
        this.carryOut({ do: 'STOP_PROCESS' })
        break
      case 'FORGET_FAILURES':
        this.actual = { ...actual, failures: 0, failure: null }
        break
      case 'CLOSE_MEDIA':
        expect(actual.process).toBeNull()
        this.actual = { ...actual, mediaOpen: false, producerKinds: [] }
        break
      case 'RELEASE':
        this.released = true
        break
      case 'WAIT':
        break
    }
  }

  fail(cause: FailureCause): void {
    const failures = this.actual.failures + 1
    const notBefore = this.now + restartDelayMs(failures, 0.5)
    this.actual = { ...this.actual, failures, failure: { cause, message: cause, at: this.now }, notBefore }
  }

  endProcess(): void {
    const { process } = this.actual
    if (!process) return
    this.actual = { ...this.actual, process: null }
    this.stopEndsAt = null
    if (!process.stopping) this.fail('KILLED')
  }

  /** Time passes; the source and the machine do what they do by themselves. */
  pass(ms: number): void {
    this.now += ms
    if (this.probeEndsAt !== null && this.now >= this.probeEndsAt) {
      this.probeEndsAt = null
      this.actual = { ...this.actual, probing: false }
      if (this.source === 'BAD') this.fail('REFUSED')
      else this.wanted = { ...this.wanted, sourceKinds: ['VIDEO', 'AUDIO'] }
      if (this.source !== 'BAD') this.actual = { ...this.actual, tracksInDoubt: false }
    }
    if (this.stopEndsAt !== null && this.now >= this.stopEndsAt) this.endProcess()
    const { process } = this.actual
    if (!process || process.stopping) return
    if (this.source === 'BAD') this.endProcess()
    else if (this.source === 'GOOD' && !this.frozen && this.now - process.startedAt >= 200) {
      const firstPacketAt = process.firstPacketAt ?? this.now
      this.actual = { ...this.actual, hasBeenLive: true, process: { ...process, firstPacketAt, progressAt: this.now } }
    }
  }

  /** Steps and lets time pass until it rests or `ms` are over. At most 20 steps without waiting: a plan that never waits is broken. */
  run(ms: number): void {
    const end = this.now + ms
    while (this.now < end && !this.released) {
      let steps = 0
      let step = this.step()
      while (step.do !== 'WAIT' && step.do !== 'RELEASE') {
        expect(++steps).toBeLessThan(20)
        step = this.step()
      }
      this.pass(100)
    }
  }

  state() {
    return stateOf(this.wanted, this.actual, policy).state
  }
}

const happening = fc.oneof(
  fc.constantFrom('start', 'stop', 'restart', 'kill', 'workerDies', 'doubt', 'freeze', 'thaw'),
  fc.constantFrom('GOOD', 'SILENT', 'BAD'),
  fc.constantFrom('closeVideo', 'openVideo', 'closeAudio', 'forgetTracks'),
)

function happen(world: World, what: string): void {
  const { wanted, actual } = world
  const close = (kind: MediaKind) => ({ ...wanted, closedKinds: [...new Set([...wanted.closedKinds, kind])] })
  if (what === 'start' && !wanted.running)
    world.wanted = { ...wanted, running: true, startOrder: wanted.startOrder + 1, closedKinds: [] }
  if (what === 'restart')
    world.wanted = { ...wanted, running: true, startOrder: wanted.startOrder + 1, closedKinds: [] }
  if (what === 'stop') world.wanted = { ...wanted, running: false }
  if (what === 'kill' && actual.process) world.endProcess()
  if (what === 'workerDies' && actual.mediaOpen) {
    world.actual = { ...actual, mediaOpen: false, producerKinds: [] }
    world.fail('WORKER_DIED')
  }
  if (what === 'doubt') world.actual = { ...actual, tracksInDoubt: true }
  if (what === 'freeze') world.frozen = true
  if (what === 'thaw') world.frozen = false
  if (what === 'GOOD' || what === 'SILENT' || what === 'BAD') world.source = what
  if (what === 'closeVideo') world.wanted = close('VIDEO')
  if (what === 'closeAudio') world.wanted = close('AUDIO')
  if (what === 'openVideo')
    world.wanted = { ...wanted, closedKinds: wanted.closedKinds.filter((kind) => kind !== 'VIDEO') }
  if (what === 'forgetTracks' && !actual.process) world.wanted = { ...wanted, sourceKinds: null }
}

const history = fc.array(fc.tuple(happening, fc.integer({ min: 0, max: 8000 })), { maxLength: 25 })

describe('the plan over generated histories', () => {
  it('ends live when it is wanted and the source is good', () => {
    fc.assert(
      fc.property(history, (happenings) => {
        const world = new World(wantedRunning)
        for (const [what, ms] of happenings) {
          world.released = false
          happen(world, what)
          world.run(ms)
        }
        world.released = false
        world.source = 'GOOD'
        world.frozen = false
        happen(world, 'start')
        world.run(45_000)
        expect(world.state()).toBe('LIVE')
        expect(isSettled(world.wanted, world.actual, stateOf(world.wanted, world.actual, policy))).toBe(true)
        expect([...world.actual.process!.kinds].sort()).toEqual(
          expect.arrayContaining([...kindsToSend(world.wanted)].sort()),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('ends with nothing running when it is not wanted', () => {
    fc.assert(
      fc.property(history, (happenings) => {
        const world = new World(wantedRunning)
        for (const [what, ms] of happenings) {
          world.released = false
          happen(world, what)
          world.run(ms)
        }
        world.released = false
        happen(world, 'stop')
        world.run(5_000)
        expect(world.released).toBe(true)
        expect(world.state()).toBe('STOPPED')
        expect(world.actual).toMatchObject({ process: null, mediaOpen: false, probing: false })
      }),
      { numRuns: 300 },
    )
  })

  it('keeps trying a source that is away, with growing waits and one process at a time', () => {
    const world = new World(wantedRunning)
    world.source = 'BAD'
    world.run(10 * 60_000)
    const waits = world.starts.slice(1).map((at, i) => at - world.starts[i]!)
    expect(world.state()).toBe('ERROR')
    expect(waits[0]!).toBeLessThan(1000)
    expect(Math.max(...waits)).toBeGreaterThan(10_000)
    expect(Math.max(...waits)).toBeLessThan(32_000)
    expect(world.starts.length).toBeGreaterThan(20)
    world.source = 'GOOD'
    world.run(40_000)
    expect(world.state()).toBe('LIVE')
  })
})

describe('single decisions', () => {
  it('calls a source that connects and sends nothing NO_MEDIA, never LIVE', () => {
    const world = new World(wantedRunning)
    world.source = 'SILENT'
    world.run(11_000)
    expect(world.actual.failure?.cause).toBe('NO_MEDIA')
    expect(world.actual.hasBeenLive).toBe(false)
    expect(world.state()).toBe('ERROR')
  })

  it('replaces a process whose packets stop', () => {
    const world = new World(wantedRunning)
    world.run(3_000)
    expect(world.state()).toBe('LIVE')
    world.frozen = true
    world.run(5_200)
    expect(world.actual.failure?.cause).toBe('STALLED')
    expect(world.state()).toBe('RECOVERING')
    world.frozen = false
    world.run(2_000)
    expect(world.state()).toBe('LIVE')
    expect(world.starts).toHaveLength(2)
  })

  it('restarts at once after a crash of a live stream, and forgets it after a while', () => {
    const world = new World(wantedRunning)
    world.run(3_000)
    world.endProcess()
    const crashedAt = world.now
    world.run(1_000)
    expect(world.starts.at(-1)! - crashedAt).toBeLessThanOrEqual(100)
    world.run(11_000)
    expect(world.actual.failures).toBe(0)
  })

  it('rests when a file that is not repeated has been played, until it is ordered again', () => {
    const world = new World(wantedRunning)
    world.run(3_000)
    world.actual = { ...world.actual, process: null, ended: true }
    world.run(1_000)
    expect(world.released).toBe(true)
    expect(stateOf(world.wanted, world.actual, policy)).toMatchObject({ state: 'STOPPED', cause: 'ENDED' })
    world.released = false
    happen(world, 'restart')
    world.run(2_000)
    expect(world.state()).toBe('LIVE')
  })

  it('says RECOVERING first and ERROR after three failures in a row', () => {
    const failed = (failures: number): Actual => ({
      ...idle,
      adopted: 1,
      hasBeenLive: true,
      failures,
      failure: { cause: 'REFUSED', message: 'refused', at: 0 },
    })
    expect(stateOf(wantedRunning, failed(1), policy)).toEqual({
      state: 'RECOVERING',
      cause: 'REFUSED',
      reason: 'refused',
    })
    expect(stateOf(wantedRunning, failed(3), policy).state).toBe('ERROR')
  })

  it('waits between 1 s and a bound of 30 s that doubles, and not at all after the first failure', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, random) => {
          const delay = restartDelayMs(failures, random)
          expect(delay).toBeGreaterThanOrEqual(1000)
          expect(delay).toBeLessThanOrEqual(30_000)
        },
      ),
    )
    expect(restartDelayMs(1, 0.9)).toBe(0)
    expect(restartDelayMs(2, 0.9)).toBe(1000)
  })
})
