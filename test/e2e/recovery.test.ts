import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { firstRefusalMs } from '../../src/recovery/policy.ts'
import { startsPerSecond } from '../../src/recovery/start-bucket.ts'
import { startCamera } from '../support/camera.ts'
import { TestRecoveryAttempts, TestStreamTracks, UpdateTestStream } from '../support/documents.ts'
import { faultyCamera } from '../support/rtsp-faults.ts'
import { until } from '../support/until.ts'
import { type StreamView, Weir } from '../support/weir.ts'

let weir: Weir

beforeAll(async () => {
  weir = await Weir.start({ env: { RESTART_COOLDOWN: '2s', STREAM_FREEZE_TIMEOUT: '3s' } })
})
afterEach(() => weir.clear())
afterAll(() => weir?.[Symbol.asyncDispose]())

const pattern = { testPattern: { width: 320, height: 240 } }

/** Oldest first. */
async function attempts(streamId: string) {
  const { recoveryAttempts, recoveryStats } = await weir.api.request(TestRecoveryAttempts, { streamId })
  return { list: recoveryAttempts!.nodes.map((node) => node!).reverse(), stats: recoveryStats! }
}

async function waitForAttempts(
  id: string,
  what: string,
  isSo: (list: Awaited<ReturnType<typeof attempts>>['list']) => boolean,
) {
  let last: unknown
  return until(
    what,
    async () => {
      const { list } = await attempts(id)
      last = list
      return isSo(list) && list
    },
    { explain: () => ({ attempts: last, log: weir.lines.slice(-20) }) },
  )
}

async function killed(stream: StreamView): Promise<StreamView> {
  const pid = stream.process!.pid!
  process.kill(pid, 'SIGKILL')
  return weir.waitForStream(
    stream.id,
    'LIVE by another FFmpeg',
    ({ state, process }) => state === 'LIVE' && process?.pid != null && process.pid !== pid,
  )
}

test('FFmpeg killed five times: each attempt is told, after three in a row it escalates once, and it goes on', async () => {
  const first = await weir.liveStream({ name: 'Pattern', source: pattern })
  let stream = first
  for (let kill = 0; kill < 5; kill++) stream = await killed(stream)
  const list = await waitForAttempts(
    stream.id,
    'all attempts are decided',
    (found) => found.length === 5 && found.every(({ outcome }) => outcome !== null),
  )
  expect(list.map(({ number, cause, action, outcome }) => [number, cause, action, outcome])).toEqual([
    [1, 'KILLED', 'RESTART', 'RECOVERED'],
    [2, 'KILLED', 'RESTART', 'RECOVERED'],
    [3, 'KILLED', 'RESTART', 'RECOVERED'],
    [4, 'KILLED', 'ESCALATE', 'RECOVERED'],
    [5, 'KILLED', 'RESTART', 'RECOVERED'],
  ])
  const downtimes = list.map(({ downtimeSeconds }) => downtimeSeconds!)
  expect(Math.min(...downtimes)).toBeGreaterThan(0)
  expect(Math.min(...downtimes.slice(3))).toBeGreaterThanOrEqual(2)
  expect(list[0]!.evidence).toMatchObject({ signal: 'SIGKILL', lane: 'PROCESS', slow: false })
  const events = await weir.events(
    stream.id,
    'stream.recovery_attempted',
    'stream.recovery_ended',
    'stream.recovery_escalated',
  )
  const count = (type: string) => events.filter((event) => event.type === type).length
  expect(count('stream.recovery_attempted')).toBe(5)
  expect(count('stream.recovery_ended')).toBe(5)
  expect(events.filter(({ type }) => type === 'stream.recovery_escalated')).toMatchObject([
    { data: { number: 4, cause: 'KILLED', attemptId: list[3]!.id } },
  ])
  expect((await attempts(stream.id)).stats).toEqual({ enabled: true, restarts: 5, recentAttempts: 5 })
})

test('a camera that refuses the password is asked once a minute at most, whatever else is ordered of it', async () => {
  await using camera = await faultyCamera(401)
  const url = camera.url.replace('rtsp://', 'rtsp://viewer:wrong@')
  const id = await weir.createStream({ name: 'Locked', source: { url: { url } }, start: true })
  await weir.waitForStream(id, 'in ERROR', ({ state }) => state === 'ERROR')
  const [refused] = await waitForAttempts(id, 'the attempt is told', (list) => list.length > 0)
  expect(refused).toMatchObject({ cause: 'AUTH', action: 'RETRY_SOURCE', outcome: null })
  const { nextAttemptAt } = refused!.evidence as { nextAttemptAt: string }
  expect(Date.parse(nextAttemptAt) - Date.parse(refused!.startedAt)).toBeGreaterThanOrEqual(firstRefusalMs)
  // Another policy wakes the runner, and changes nothing of when it may ask.
  await weir.api.request(UpdateTestStream, { id, input: { recovery: { sourceRetrySeconds: 1, cooldownSeconds: 1 } } })
  await weir.waitForStream(id, 'settled', ({ generation, observedGeneration }) => generation === observedGeneration)
  expect(camera.connections).toBe(1)
  expect(JSON.stringify(await attempts(id))).not.toMatch(/wrong/)
  // Nor does another server ask sooner, nor a third.
  for (let restart = 0; restart < 2; restart++) {
    await weir.end('SIGKILL')
    await weir.start()
    await waitForAttempts(id, 'the attempt was ended', ([first]) => first!.outcome === 'FAILED')
    await weir.liveStream({ name: 'Meanwhile', source: pattern })
  }
  expect(await weir.stream(id)).toMatchObject({ state: 'ERROR' })
  expect(camera.connections).toBe(1)
  await weir.restartStream(id)
  await until('an order is carried out at once', () => camera.connections === 2)
})

test('where recovery is off it is only told, until an order comes', async () => {
  const stream = await weir.liveStream({ name: 'By hand', source: pattern, recovery: { enabled: false } })
  process.kill(stream.process!.pid!, 'SIGKILL')
  await weir.waitForStream(stream.id, 'in ERROR', ({ state }) => state === 'ERROR')
  const [told] = await waitForAttempts(stream.id, 'the failure is told', (list) => list.length > 0)
  expect(told).toMatchObject({ cause: 'KILLED', action: 'NONE', outcome: null, evidence: { nextAttemptAt: null } })
  // What wakes the runner starts nothing.
  await weir.api.request(UpdateTestStream, { id: stream.id, input: { recovery: { freezeSeconds: 9 } } })
  await weir.waitForStream(
    stream.id,
    'settled',
    ({ generation, observedGeneration }) => generation === observedGeneration,
  )
  expect(weir.ffmpegs()).toEqual([])
  await weir.restartStream(stream.id)
  await weir.waitForStream(stream.id, 'LIVE', ({ state }) => state === 'LIVE')
  await waitForAttempts(stream.id, 'the order has ended it', ([first]) => first!.outcome === 'SUPERSEDED')
})

test('another policy restarts nothing', async () => {
  const stream = await weir.liveStream({ name: 'Steady', source: pattern })
  await weir.api.request(UpdateTestStream, { id: stream.id, input: { recovery: { maxAttempts: 7, freezeSeconds: 9 } } })
  const after = await weir.waitForStream(
    stream.id,
    'settled',
    ({ generation, observedGeneration }) => generation > stream.generation && generation === observedGeneration,
  )
  expect(after.process).toMatchObject({ pid: stream.process!.pid, restarts: 0 })
  expect(after.state).toBe('LIVE')
})

test('a camera that comes back is live again by itself, and what it was away is one downtime', async () => {
  await using camera = await startCamera()
  const stream = await weir.liveStream({ name: 'Reboots', source: { url: { url: camera.url() } } })
  await camera.stop()
  await waitForAttempts(stream.id, 'it was asked twice in vain', (list) => list.length >= 3)
  await camera.start()
  await weir.waitForStream(stream.id, 'LIVE again', ({ state }) => state === 'LIVE', 60_000)
  const list = await waitForAttempts(
    stream.id,
    'the last has recovered',
    (found) => found.at(-1)?.outcome === 'RECOVERED',
  )
  expect(list.slice(0, -1).every(({ outcome }) => outcome === 'FAILED')).toBe(true)
  expect(list.slice(1).every(({ action }) => action === 'RETRY_SOURCE')).toBe(true)
  const awaySeconds = (Date.parse(list.at(-1)!.endedAt!) - Date.parse(list[0]!.startedAt)) / 1000
  expect(list.at(-1)!.downtimeSeconds).toBeGreaterThanOrEqual(awaySeconds)
})

test.for(['audio', 'video'] as const)(
  'only the %s of a camera stands still: the other goes on undisturbed',
  async (kind, { expect }) => {
    await using camera = await startCamera({ audio: 'aac' })
    const stream = await weir.liveStream({ name: 'Half', source: { url: { url: camera.url() } } })
    await weir.waitForStream(
      stream.id,
      'whole',
      ({ producers }) => producers!.nodes.length === 2 && producers!.nodes.every((it) => it?.state === 'ACTIVE'),
    )
    const asked = camera.counts.describe
    await camera.freeze(kind)
    // Nothing is replaced for what the source does not give: the other track flows on.
    const runsOn = async () => {
      const { process } = await weir.stream(stream.id)
      expect(process, weir.lines.slice(-20).join('\n')).toMatchObject({ pid: stream.process!.pid, restarts: 0 })
    }
    await until('the source was asked for it, and not by another FFmpeg', async () => {
      const wasAsked = camera.counts.describe > asked
      await runsOn()
      return wasAsked
    })
    const other = kind === 'audio' ? 'VIDEO' : 'AUDIO'
    const track = async (which: string) =>
      (await weir.api.request(TestStreamTracks, { id: stream.id })).stream!.tracks!.find((it) => it.kind === which)!
    const frozenAt = (await track(kind.toUpperCase())).lastProgressAt!
    let last: string | null = null
    await until(
      'the other track flows on for longer than a freeze',
      async () => {
        await runsOn()
        last = (await track(other)).lastProgressAt
        return last !== null && Date.parse(last) - Date.parse(frozenAt) > 12_000
      },
      { timeoutMs: 60_000, explain: () => ({ frozenAt, last, log: weir.lines.slice(-20) }) },
    )
    await camera.thaw(kind)
    await until('it flows again', async () => (await track(kind.toUpperCase())).lastProgressAt! > frozenAt)
    expect(camera.counts.describe).toBe(asked + 1)
    await runsOn()
    expect((await attempts(stream.id)).list).toEqual([])
    const changes = await weir.events(stream.id, 'stream.state_changed')
    expect(changes.at(-1)!.data).toMatchObject({ to: 'LIVE', from: 'STARTING' })
  },
)

test('many that fail at once are not started at once', async () => {
  const source = { testPattern: { width: 160, height: 120, fps: 5, tone: false } }
  const names = Array.from({ length: 14 }, (_, index) => `Pattern ${index}`)
  const streams = await Promise.all(names.map((name) => weir.liveStream({ name, source })))
  const killedAt = Date.now()
  for (const { process: ffmpeg } of streams) process.kill(ffmpeg!.pid!, 'SIGKILL')
  await Promise.all(
    streams.map(({ id, process: before }) =>
      weir.waitForStream(id, 'LIVE again', ({ state, process }) => state === 'LIVE' && process?.pid !== before!.pid),
    ),
  )
  const starts = weir.lines
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { message: string; timestamp: string })
    .filter(({ message, timestamp }) => message === 'FFmpeg started' && Date.parse(timestamp) >= killedAt)
    .map(({ timestamp }) => Date.parse(timestamp))
    .sort((a, b) => a - b)
  // One that comes late may have to be started once more.
  expect(starts.length).toBeGreaterThanOrEqual(streams.length)
  const within = starts.map((from) => starts.filter((at) => at >= from && at < from + 1000).length)
  expect(Math.max(...within)).toBeLessThanOrEqual(startsPerSecond)
})

test('the server killed while an attempt is open: the next one ends it', async () => {
  await using camera = await faultyCamera('refuse')
  const id = await weir.createStream({ name: 'Away', source: { url: { url: camera.url } }, start: true })
  await waitForAttempts(id, 'an attempt waits', (list) => list.length >= 3)
  await weir.end('SIGKILL')
  const before = new Date().toISOString()
  await weir.start()
  const list = await waitForAttempts(
    id,
    'the new server has attempts of its own',
    (found) => (found.at(-1)?.startedAt ?? '') > before,
  )
  expect(list.filter(({ outcome }) => outcome === null).length).toBeLessThanOrEqual(1)
  expect(list.filter(({ startedAt }) => startedAt < before).every(({ outcome }) => outcome === 'FAILED')).toBe(true)
})
