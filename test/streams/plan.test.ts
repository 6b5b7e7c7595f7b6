import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noHistory } from '../../src/recovery/policy.ts'
import {
  type Attempts,
  adopted,
  afterFailure,
  afterFirstPacket,
  heldBack,
  noAttempts,
  trackGivenUp,
} from '../../src/streams/attempts.ts'
import type { FailureCause, MediaKind } from '../../src/streams/model.ts'
import {
  type Actual,
  idle,
  isSettled,
  kindsToSend,
  nextStep,
  type PlanPolicy,
  type Step,
  stateOf,
  type Wanted,
} from '../../src/streams/plan.ts'
import { flowsOn } from '../../src/streams/track-flow.ts'

const settings = { enabled: true, maxAttempts: 3, cooldownSeconds: 60, sourceRetrySeconds: 30, sourceMaxRetries: 20 }
const policy: PlanPolicy = {
  startDeadlineMs: 10_000,
  freezeMs: 5_000,
  enabled: true,
  maxAttempts: 3,
  stableMs: 60_000,
}

const wantedRunning: Wanted = {
  running: true,
  startOrder: 1,
  isFile: false,
  sourceKinds: ['VIDEO', 'AUDIO'],
  closedKinds: [],
}

/** A source and a machine that follow the plan's steps as the runner does, in a time of their own. */
class World {
  now = 1_000_000
  wanted: Wanted
  actual: Actual & Attempts = { ...idle, ...noAttempts }
  settings = settings
  /** What the source does: GOOD sends, SILENT connects only, BAD ends at once. */
  source: 'GOOD' | 'SILENT' | 'BAD' = 'GOOD'
  frozen = false
  /** Tracks that stand still while the others flow. */
  frozenKinds: MediaKind[] = []
  /** Those of them that the source does not give. */
  lostKinds: MediaKind[] = []
  looks = 0
  probeEndsAt: number | null = null
  stopEndsAt: number | null = null
  starts: number[] = []
  released = false

  constructor(wanted: Wanted) {
    this.wanted = wanted
  }

  step(): Step {
    const step = nextStep(this.wanted, this.actual, this.now, { ...policy, enabled: this.settings.enabled })
    this.carryOut(step)
    return step
  }

  carryOut(step: Step): void {
    const { actual } = this
    switch (step.do) {
      case 'ADOPT':
        expect(actual.process).toBeNull()
        this.actual = { ...actual, ...adopted(this.wanted.startOrder, true) }
        break
      case 'PROBE':
        expect(actual.probing).toBe(false)
        expect(actual.process).toBeNull()
        expect(actual.startSlot).not.toBeNull()
        this.actual = { ...actual, probing: true, startSlot: null }
        this.probeEndsAt = this.now + 1500
        break
      case 'LOOK_FOR_TRACK':
        expect(actual.probing).toBe(false)
        expect(actual.startSlot).not.toBeNull()
        this.looks += 1
        this.actual = { ...actual, probing: true, startSlot: null, lookingFor: step.kind }
        this.probeEndsAt = this.now + 1500
        break
      case 'ABORT_PROBE':
        this.actual = { ...actual, probing: false, lookingFor: null }
        this.probeEndsAt = null
        break
      case 'RESERVE_START':
        expect(actual.startSlot).toBeNull()
        this.actual = { ...actual, startSlot: this.now }
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
        expect(actual.startSlot).toBeLessThanOrEqual(this.now)
        this.starts.push(this.now)
        this.actual = {
          ...actual,
          startSlot: null,
          process: {
            startedAt: this.now,
            kinds: actual.producerKinds,
            firstPacketAt: null,
            progressAt: this.now,
            tracks: {},
            burstMs: 0,
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
        this.actual = { ...actual, failures: 0, failure: null, history: noHistory }
        break
      case 'FORGET_ANSWERED':
        expect(actual.tracksAnswered).toContain(step.kind)
        this.actual = { ...actual, tracksAnswered: actual.tracksAnswered.filter((kind) => kind !== step.kind) }
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

  fail(cause: FailureCause, track: MediaKind | null = null): void {
    const failure = { cause, message: cause, at: this.now }
    const { attempts } = afterFailure(this.actual, failure, track, this.settings, 0.5)
    this.actual = { ...this.actual, ...attempts }
  }

  looked(kind: MediaKind): void {
    if (this.source === 'BAD' || this.lostKinds.includes(kind))
      this.actual = { ...this.actual, ...trackGivenUp(this.actual, kind) }
    else {
      this.fail('STALLED', kind)
      this.carryOut({ do: 'STOP_PROCESS' })
    }
  }

  endProcess(cause: FailureCause = 'KILLED'): void {
    const { process } = this.actual
    if (!process) return
    this.actual = { ...this.actual, process: null }
    this.stopEndsAt = null
    if (!process.stopping) this.fail(cause)
  }

  /** Time passes; the source and the machine do what they do by themselves. */
  pass(ms: number): void {
    this.now += ms
    if (this.probeEndsAt !== null && this.now >= this.probeEndsAt) {
      this.probeEndsAt = null
      const { lookingFor } = this.actual
      this.actual = { ...this.actual, probing: false, lookingFor: null }
      if (lookingFor) this.looked(lookingFor)
      else if (this.source === 'BAD') this.fail('REFUSED')
      else this.wanted = { ...this.wanted, sourceKinds: ['VIDEO', 'AUDIO'] }
      if (this.source !== 'BAD' && !lookingFor) this.actual = { ...this.actual, tracksInDoubt: false }
    }
    if (this.stopEndsAt !== null && this.now >= this.stopEndsAt) this.endProcess()
    const { process } = this.actual
    if (!process || process.stopping) return
    if (this.source === 'BAD') this.endProcess('REFUSED')
    else if (this.source === 'GOOD' && !this.frozen && this.now - process.startedAt >= 200) {
      const firstPacketAt = process.firstPacketAt ?? this.now
      const flowing = process.kinds.filter((kind) => !this.frozenKinds.includes(kind))
      const tracks = { ...process.tracks }
      for (const kind of flowing) tracks[kind] = flowsOn(tracks[kind], this.now)
      const progressAt = flowing.length > 0 || process.kinds.length === 0 ? this.now : process.progressAt
      const isFirst = process.firstPacketAt === null
      this.actual = { ...this.actual, process: { ...process, firstPacketAt, progressAt, tracks } }
      if (isFirst) this.actual = { ...this.actual, ...afterFirstPacket(this.actual) }
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
        world.run(80_000)
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
    world.run(6 * 60_000)
    const waits = world.starts.slice(1).map((at, i) => at - world.starts[i]!)
    expect(world.state()).toBe('ERROR')
    expect(waits[0]!).toBeLessThan(1000)
    expect(Math.max(...waits)).toBeGreaterThan(25_000)
    expect(Math.max(...waits)).toBeLessThan(32_000)
    expect(world.starts.length).toBeGreaterThan(15)
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
    world.run(60_000)
    expect(world.actual.failures).toBe(0)
    expect(world.actual.history).toEqual(noHistory)
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

  it('replaces FFmpeg once for a track that stands still alone, and again only after it has flowed for a minute', () => {
    const world = new World(wantedRunning)
    world.run(3_000)
    world.frozenKinds = ['AUDIO']
    world.run(10 * 60_000)
    expect(world.starts).toHaveLength(2)
    expect(world.state()).toBe('LIVE')
    world.frozenKinds = []
    world.run(30_000)
    world.frozenKinds = ['AUDIO']
    world.run(60_000)
    expect(world.starts).toHaveLength(2)
    world.frozenKinds = []
    world.run(70_000)
    world.frozenKinds = ['AUDIO']
    world.run(10_000)
    expect(world.starts).toHaveLength(3)
    expect(world.state()).toBe('LIVE')
  })

  it('leaves a picture alone whose sound the source does not give either', () => {
    const world = new World(wantedRunning)
    world.run(3_000)
    world.frozenKinds = ['AUDIO']
    world.lostKinds = ['AUDIO']
    world.run(10 * 60_000)
    expect(world.starts).toHaveLength(1)
    expect(world.looks).toBe(1)
    expect(world.state()).toBe('LIVE')
    expect(world.actual.failure).toBeNull()
  })

  it('looks for no track of a file, and does not let a look hold up the next start', () => {
    const world = new World({ ...wantedRunning, isFile: true })
    world.run(3_000)
    world.frozenKinds = ['AUDIO']
    world.run(60_000)
    expect(world.looks).toBe(0)
    const other = new World(wantedRunning)
    other.run(3_000)
    other.frozenKinds = ['AUDIO']
    other.run(5_300)
    expect(other.actual.lookingFor).toBe('AUDIO')
    other.endProcess()
    other.run(200)
    expect(other.starts).toHaveLength(2)
    expect(other.actual.probing).toBe(false)
  })

  it('calls nothing dead for a stall of its own: deadlines are counted from its end', () => {
    const world = new World(wantedRunning)
    world.run(3_000)
    world.frozen = true
    world.now += 60_000
    world.actual = { ...world.actual, stalledUntil: world.now }
    world.run(4_000)
    expect(world.actual.failure).toBeNull()
    world.run(2_000)
    expect(world.actual.failure?.cause).toBe('STALLED')
  })

  it('waits twice as long for what comes in bursts', () => {
    const world = new World(wantedRunning)
    world.run(3_000)
    world.actual = { ...world.actual, process: { ...world.actual.process!, burstMs: 6_000 } }
    world.frozen = true
    world.run(11_500)
    expect(world.actual.failure).toBeNull()
    world.run(1_000)
    expect(world.actual.failure?.cause).toBe('STALLED')
  })

  it('only tells where recovery is off, and begins again with an order or with recovery', () => {
    const world = new World(wantedRunning)
    world.settings = { ...settings, enabled: false }
    world.run(3_000)
    world.endProcess()
    world.run(10 * 60_000)
    expect(world.starts).toHaveLength(1)
    const off = { ...policy, enabled: false }
    expect(stateOf(world.wanted, world.actual, off)).toMatchObject({ state: 'ERROR', cause: 'KILLED' })
    happen(world, 'restart')
    world.run(3_000)
    expect(world.state()).toBe('LIVE')
    world.endProcess()
    world.run(10_000)
    expect(world.starts).toHaveLength(2)
    world.settings = settings
    world.run(3_000)
    expect(world.state()).toBe('LIVE')
  })

  it('does not ask again with a password that an owner before was refused, until it is time or an order comes', () => {
    const world = new World(wantedRunning)
    world.step()
    const refusal = { number: 2, at: world.now - 20_000, nextAttemptAt: world.now + 100_000 }
    world.actual = { ...world.actual, ...heldBack(world.actual, refusal) }
    world.run(99_000)
    expect(world.starts).toHaveLength(0)
    expect(stateOf(world.wanted, world.actual, policy)).toMatchObject({ state: 'ERROR', cause: 'AUTH' })
    world.run(2_000)
    expect(world.starts).toHaveLength(1)
    expect(world.actual.history.failures.CREDENTIALS).toBe(2)
  })

  it('does not wait for a time that a clock which was set back has made far away', () => {
    const world = new World(wantedRunning)
    world.run(3_000)
    for (let kills = 0; kills < 4; kills++) world.endProcess()
    world.actual = { ...world.actual, notBefore: world.now + 60_000, down: true }
    world.actual.failure = { cause: 'KILLED', message: '', at: world.now }
    world.now -= 3_600_000
    world.run(2_000)
    expect(world.starts).toHaveLength(2)
  })
})
