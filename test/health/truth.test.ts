import { describe, expect, test } from 'vitest'
import { statusOf } from '../../src/health/watch.ts'
import { failureCauses } from '../../src/streams/model.ts'
import { History } from '../support/health-history.ts'

const audio = { codec: 'aac', packetsPerSecond: 50, bytes: 160 }
const healthy = { status: 'HEALTHY', issues: [] }

describe('UNKNOWN is neither good nor bad', () => {
  test.each(['STARTING', 'STOPPING', 'STOPPED'] as const)('%s', (state) => {
    expect(new History().run(30).change({ state }).run(1).view).toEqual({ status: 'UNKNOWN', issues: [] })
  })

  test('live, and nothing has been measured yet', () => {
    expect(new History({ logLost: true, rtpLost: true, fps: 25 }).run(2).view.status).toBe('UNKNOWN')
  })

  test('a figure that is null raises nothing', () => {
    const nothing = null as unknown as number
    const history = new History().run(60).change({ cpuPercent: nothing, memoryBytes: nothing, jitterMs: nothing })
    expect(history.run(60).view).toEqual(healthy)
  })
})

describe('no false alarm', () => {
  test('where there is only video, nothing is said of audio', () => {
    expect(new History({ audio: null }).run(120).told.at(-1)!.issues).toEqual([])
  })

  test('of a track that was closed by order', () => {
    const history = new History().run(60).change({ closed: ['AUDIO'], audio: { ...audio, packetsPerSecond: 0 } })
    expect(history.run(60).told.flatMap(({ issues }) => issues)).toEqual([])
    expect(history.view).toEqual(healthy)
  })

  test('of a packet log that has fallen out, while packets arrive at mediasoup', () => {
    const history = new History().run(60).change({ logLost: true }).run(60)
    expect(history.told.flatMap(({ issues }) => issues)).toEqual([])
  })

  test.each([4, 10, 300])('of a node that stood still for %d s', (seconds) => {
    const history = new History().run(60).standStill(seconds).run(60)
    expect(history.told.flatMap(({ issues }) => issues)).toEqual([])
    // And the next fault is found as fast as any.
    expect(history.change({ fps: 0 }).secondsUntil('VIDEO_FROZEN VIDEO', 20)).toBeLessThanOrEqual(5)
  })

  test('of a source that brings its packets every 6 s', () => {
    const inBursts = (second: number) => (second % 6 === 0 ? 150 : 0)
    const bursts = { ...audio, packetsPerSecond: (second: number) => inBursts(second) * 2 }
    const history = new History({ kind: 'HLS', fps: inBursts, declaredFps: null, gopSeconds: 2, audio: bursts }).run(40)
    const before = history.told.length
    history.run(200)
    expect(
      history.told.slice(before).flatMap(({ issues }) => issues.filter((it) => /FROZEN|NO_MEDIA/.test(it))),
    ).toEqual([])
    expect(history.change({ fps: 0 }).secondsUntil('VIDEO_FROZEN VIDEO', 30)).toBeLessThanOrEqual(18)
  })

  test('of a camera that makes a frame every 4 s', () => {
    const slowly = (second: number) => (second % 4 === 0 ? 1 : 0)
    const history = new History({ fps: slowly, declaredFps: 0.25, gopSeconds: 1, audio: null }).run(120)
    expect(history.told.flatMap(({ issues }) => issues)).toEqual([])
  })

  test('of a camera with its own frame rate, whatever it declares', () => {
    expect(new History({ fps: 12.5, declaredFps: 25 }).run(120).told.flatMap(({ issues }) => issues)).toEqual([])
  })
})

describe('what fails is named by its cause', () => {
  test.each(failureCauses)('%s', (cause) => {
    const { view } = new History().run(30).change({ state: 'RECOVERING', cause }).run(1)
    expect(view.status).toBe('CRITICAL')
    expect(view.issues).toHaveLength(1)
    expect(view.issues[0]).toMatchObject({ track: null, severity: 'CRITICAL', evidence: { cause } })
  })

  test('until media is measured again', () => {
    const history = new History().run(30).change({ state: 'RECOVERING', cause: 'KILLED' }).run(5)
    expect(history.view.issues[0]!.since).toBe(history.at - 4_000)
    history.change({ state: 'LIVE', cause: null, restarts: 1, pid: 101 })
    expect(history.run(1).view).toEqual(healthy)
  })

  test('more than three restarts of what had been live, in ten minutes', () => {
    const history = new History().run(30)
    for (let restart = 1; restart <= 4; restart += 1) {
      expect(history.issues()).not.toContain('RESTARTING_OFTEN')
      history.change({ state: 'RECOVERING', cause: 'KILLED' }).run(1)
      history.change({ state: 'LIVE', cause: null, restarts: restart, pid: 100 + restart }).run(30)
    }
    expect(history.issues()).toContain('RESTARTING_OFTEN')
    expect(history.run(600).view).toEqual(healthy)
  })

  test('attempts at a source that is away are no restarts', () => {
    const history = new History().run(30).change({ state: 'ERROR', cause: 'REFUSED' })
    for (let restarts = 1; restarts < 10; restarts += 1) history.change({ restarts }).run(30)
    expect(history.issues()).toEqual(['SOURCE_LOST'])
  })

  test('a picture that stands still, where that is watched', () => {
    const watched = new History({}, { overrides: { pictureStill: true } }).run(30)
    expect(
      watched
        .change({ pictureStillSince: watched.at - 5_000 })
        .run(1)
        .issues(),
    ).toEqual(['PICTURE_STILL VIDEO'])
    expect(watched.change({ pictureStillSince: null }).run(3).view).toEqual(healthy)
    const unwatched = new History().run(30)
    expect(unwatched.change({ pictureStillSince: unwatched.at - 5_000 }).run(5).view).toEqual(healthy)
  })
})

test('thresholds are the stream’s own where it sets them', () => {
  const overrides = { freezeSeconds: 20 }
  const history = new History({}, { overrides }).run(60).change({ fps: 0 })
  const seconds = history.secondsUntil('VIDEO_FROZEN VIDEO', 30)
  expect(seconds).toBeGreaterThan(17)
  expect(seconds).toBeLessThanOrEqual(20)
})

test('no evidence is of another type than figures and names', () => {
  const history = new History().run(60).change({ fps: 0, cpuPercent: 400, lossPercent: 8, jitterMs: 300 }).run(30)
  expect(history.view.issues.length).toBeGreaterThan(3)
  for (const { evidence, reason } of history.view.issues) {
    expect(JSON.stringify(evidence) + reason).not.toMatch(/:\/\/|NaN|undefined|Infinity/)
    for (const value of Object.values(evidence)) expect(['number', 'string', 'object']).toContain(typeof value)
  }
})

test.each([
  [[], 'HEALTHY'],
  [['INFO'], 'HEALTHY'],
  [['INFO', 'WARNING'], 'WARNING'],
  [['WARNING', 'ERROR'], 'CRITICAL'],
  [['CRITICAL', 'INFO'], 'CRITICAL'],
] as const)('issues of %j are %s', (severities, status) => {
  const about = { type: 'CPU_HIGH', track: null, reason: '', since: 0, evidence: {} } as const
  expect(statusOf(severities.map((severity) => ({ ...about, severity })))).toBe(status)
})
