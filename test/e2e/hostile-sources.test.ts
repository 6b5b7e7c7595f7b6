import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { causeTexts } from '../../src/streams/causes.ts'
import type { FailureCause } from '../../src/streams/model.ts'
import { type Canary, startCanary } from '../support/canary.ts'
import { type HostileServer, hostileCases, startHostileServer } from '../support/hostile-server.ts'
import { sample } from '../support/samples.ts'
import { until } from '../support/until.ts'
import { Weir } from '../support/weir.ts'

let canary: Canary
let hostile: HostileServer
let weir: Weir

beforeAll(async () => {
  canary = await startCanary()
  hostile = await startHostileServer(canary.port)
  weir = await Weir.start({ env: { SOURCE_ALLOW_CIDRS: '127.0.0.2/32' } })
})
afterEach(async () => {
  expect(canary.touched).toBe(0)
  const { ok } = await fetch(`${weir.url}/health/readiness`)
  expect(ok).toBe(true)
  await weir.clear()
})
afterAll(async () => {
  await weir?.[Symbol.asyncDispose]()
  await hostile?.[Symbol.asyncDispose]()
  await canary?.[Symbol.asyncDispose]()
})

/** As the issue orders it. */
const toldWithinMs = 15_000
const requestsAllowed = 50

/** The first cause that the stream tells, after `since` (ms since the epoch), and how long that took. */
function causeTold(id: string, since: number): Promise<{ cause: FailureCause; tookMs: number }> {
  return until(
    'the stream tells a cause',
    async () => {
      const events = await weir.events(id, 'stream.state_changed')
      const change = events.find(({ data, at }) => data.cause && at >= since)
      return change && { cause: change.data.cause as FailureCause, tookMs: change.at - since }
    },
    { everyMs: 100, explain: () => weir.lines.slice(-20) },
  )
}

test.for(hostileCases)('a source that $what', async ({ kind, path, expected, isTls }) => {
  const url = hostile.url(path, isTls ?? false)
  const orderedAt = Date.now()
  const id = await weir.createStream({ name: 'Hostile', source: { url: { url, kind } }, start: true })
  const { cause, tookMs } = await causeTold(id, orderedAt)
  // The next attempt, which may come at once, has an allowance of its own.
  expect(hostile.requests(path.split('/')[1]!, orderedAt + tookMs)).toBeLessThanOrEqual(requestsAllowed)
  expect(expected).toContain(cause)
  expect(tookMs).toBeLessThan(toldWithinMs)
  const stream = await weir.stream(id)
  expect(stream.state).not.toBe('LIVE')
  expect([null, ...Object.values(causeTexts)]).toContain(stream.stateReason)
})

test('a source that turns hostile while it is live', async () => {
  const media = await readFile(await sample('h264-high-aac.ts'))
  let turned = false
  let requests = 0
  const server = createServer((_, response) => {
    if (turned) {
      requests += 1
      response.writeHead(302, { location: `http://127.0.0.1:${canary.port}/` }).end()
    } else response.write(media)
  }).listen(0, '127.0.0.2')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    const { id } = await weir.liveStream({
      name: 'Turncoat',
      source: { url: { url: `http://127.0.0.2:${port}/a.ts` } },
    })
    turned = true
    server.closeAllConnections()
    const turnedAt = Date.now()
    // It ends first, and is asked again by itself.
    await until('it is asked again', () => requests > 0, { explain: () => weir.lines.slice(-20) })
    await weir.waitForStream(id, 'told as blocked', ({ stateReason }) => stateReason === causeTexts.BLOCKED)
    const events = await weir.events(id, 'stream.state_changed')
    const change = events.find(({ data, at }) => data.cause === 'BLOCKED' && at >= turnedAt)
    expect(change!.at - turnedAt).toBeLessThan(toldWithinMs)
    expect(requests).toBeLessThanOrEqual(requestsAllowed)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test.for([
  'http://127.0.0.1:80/a.ts',
  'http://2130706433/a.ts',
  'http://0x7f.1/a.ts',
  'http://[::1]/a.m3u8',
  'http://[::ffff:127.0.0.1]/a.m3u8',
  'http://localhost/a.ts',
  'rtsp://cameras.localhost/live',
  'rtsp://169.254.169.254/live',
  'rtmp://0.0.0.0/live/x',
  'srt://[fe80::1]:9000',
])('what is refused as it is written can not be ordered: %s', async (url) => {
  const order = weir.createStream({ name: 'Inner', source: { url: { url } } })
  await expect(order).rejects.toThrow(/refused/)
})
