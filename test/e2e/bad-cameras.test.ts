import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { causeTexts } from '../../src/streams/causes.ts'
import type { FailureCause } from '../../src/streams/model.ts'
import { startCamera } from '../support/camera.ts'
import { faultyCamera, type RtspFault } from '../support/rtsp-faults.ts'
import { until } from '../support/until.ts'
import { Weir } from '../support/weir.ts'

let weir: Weir

beforeAll(async () => {
  weir = await Weir.start()
})
afterEach(() => weir.clear())
afterAll(() => weir?.[Symbol.asyncDispose]())

/** As the issue orders it. */
const toldWithinMs = 15_000

/** Orders a start; resolves with the first cause that the stream names, and the most processes that worked on this URL at once. */
async function firstCause(url: string): Promise<{ cause: FailureCause; tookMs: number; mostProcesses: number }> {
  let mostProcesses = 0
  const id = await weir.createStream({ name: 'Bad', source: { url: { url } }, start: true })
  const told = await until(
    `the stream of ${url} tells a cause`,
    async () => {
      const working = weir.processes().filter(({ commandLine }) => commandLine.includes(new URL(url).host))
      // A look takes its time: of two that it found, one may have ended before the other began.
      const still = new Set(weir.processes().map(({ pid }) => pid))
      mostProcesses = Math.max(mostProcesses, working.filter(({ pid }) => still.has(pid)).length)
      const events = await weir.events(id, 'stream.ordered', 'stream.created', 'stream.state_changed')
      const change = events.find(({ data }) => data.cause)
      return change && { cause: change.data.cause as FailureCause, tookMs: change.at - events[0]!.at }
    },
    { everyMs: 100, explain: () => weir.lines.slice(-20) },
  )
  const stream = await weir.stream(id)
  expect(stream.state).not.toBe('LIVE')
  expect(stream.desiredState).toBe('RUNNING')
  // Everybody may read the reason: it is our sentence, not the source's address or words.
  expect(stream.stateReason).toBe(causeTexts[told.cause])
  return { ...told, mostProcesses }
}

test.for<[string, RtspFault, FailureCause]>([
  ['refuses', 'refuse', 'REFUSED'],
  ['wants a password', 401, 'AUTH'],
  ['has no such path', 404, 'NOT_FOUND'],
  ['never answers', 'hang', 'TIMEOUT'],
  ['answers but sends nothing', 'silent', 'NO_MEDIA'],
])('a camera that %s: the stream says so', async ([, fault, expected]) => {
  await using camera = await faultyCamera(fault)
  const { cause, tookMs, mostProcesses } = await firstCause(camera.url)
  expect(cause).toBe(expected)
  expect(tookMs).toBeLessThan(toldWithinMs)
  expect(mostProcesses).toBeLessThanOrEqual(1)
  expect(camera.mostOpen).toBeLessThanOrEqual(1)
})

test('real cameras tell the same causes: no password, a wrong one, a wrong path', async () => {
  await using camera = await startCamera({ user: 'viewer', password: 'right' })
  const urls: [string, FailureCause][] = [
    [camera.url(), 'AUTH'],
    [camera.url({ user: 'viewer', password: 'wrong' }), 'AUTH'],
    [camera.url({ user: 'viewer', password: 'right', path: '/nowhere' }), 'NOT_FOUND'],
  ]
  for (const [url, expected] of urls) expect((await firstCause(url)).cause).toBe(expected)
})

test('a camera that stays broken is tried again, ever more seldom, and plays as soon as it is mended', async () => {
  await using camera = await startCamera()
  await camera.stop()
  const id = await weir.createStream({ name: 'Away', source: { url: { url: camera.url() } }, start: true })
  await weir.waitForStream(id, 'tried twice', ({ state }) => state === 'ERROR')
  await camera.start()
  await weir.waitForStream(id, 'LIVE', ({ state }) => state === 'LIVE', 60_000)
  expect(weir.ffmpegs()).toHaveLength(1)
})
