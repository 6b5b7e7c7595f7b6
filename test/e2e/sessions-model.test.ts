import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser } from '../support/chromium.ts'
import { seeded } from '../support/seeded.ts'
import { SessionDriver, together } from '../support/session-model.ts'
import { SessionServer } from '../support/session-server.ts'
import { recvCapabilities } from '../support/signalled-player.ts'
import { until } from '../support/until.ts'
import { adminKey } from '../support/weir.ts'

const count = Number(process.env.SESSIONS ?? 2000)
const seed = Number(process.env.SEED ?? Date.now() % 1e9)
const timeoutSeconds = 10
const atATime = 16

let server: SessionServer
let browser: Browser

beforeAll(async () => {
  ;[server, browser] = await Promise.all([
    SessionServer.start({
      HEARTBEAT_INTERVAL: '4',
      HEARTBEAT_TIMEOUT: String(timeoutSeconds),
      MAX_CONSUMERS: String(count + 100),
    }),
    Browser.launch(),
  ])
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

test('sessions with random behaviour end as the model says: the same are open in the tables, in mediasoup and by their places', async () => {
  console.info(`${count} sessions, SEED=${seed}`)
  const random = seeded(seed)
  const { weir } = server
  const source = { testPattern: { width: 160, height: 120, fps: 10, tone: false } }
  const { id: streamId, playback } = await weir.liveStream({ name: 'Watched by many', source })
  await using players = new AsyncDisposableStack()
  const pages = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const player = players.use(await browser.player())
      await player.playWhep(playback!.whepUrl!)
      await player.waitForFrames(5)
      return player
    }),
  )
  const ofPages = (await server.open()).rows
  expect(ofPages).toHaveLength(5)

  const driver = new SessionDriver({ url: weir.url, adminKey, streamId, random })
  driver.rtpCapabilities = await recvCapabilities(pages[0]!, await driver.routerRtpCapabilities())
  const over = new AbortController()
  const beating = (async () => {
    while (!over.signal.aborted) {
      await driver.beatAll()
      await pause(2000, undefined, { signal: over.signal }).catch(() => {})
    }
  })()
  const startedAt = performance.now()
  try {
    const names = Array.from({ length: count - pages.length }, (_, i) => `player ${i}`)
    await together(names, atATime, async (name) => {
      const session = await driver.openOne(name)
      while (random() < 0.4) await driver.act(session)
    })
    const openedMs = performance.now() - startedAt
    const { webRtcTransports, byWorker } = await server.inventory()
    console.info('transports by worker:', byWorker)
    // Beyond 300 of a stream, a second worker serves it too.
    if (webRtcTransports > 300) expect(byWorker.length).toBeGreaterThan(1)
    await together(driver.sessions, atATime, (session) => driver.act(session))
    console.info(`opened in ${Math.round(openedMs)} ms, all ${Math.round(performance.now() - startedAt)} ms`)
    console.info(Object.fromEntries(driver.done))

    const vanished = driver.sessions.filter(({ vanished }) => vanished)
    await until(
      'those that vanished are closed',
      async () => {
        const open = new Set((await server.open()).rows)
        return !vanished.some(({ id }) => open.has(id))
      },
      { timeoutMs: 60_000, everyMs: 250 },
    )
    for (const session of vanished) session.closed = { reason: 'HEARTBEAT_TIMEOUT', message: null }

    const expected = [...driver.open().map(({ id }) => id), ...ofPages].sort()
    // A transport is ended after the commit that closes its session.
    await expect
      .poll(() => server.open(), { timeout: 10_000 })
      .toEqual({ rows: expected, heard: expected, places: expected.length, transports: expected.length })
    const closed = driver.sessions.filter(({ closed }) => closed !== null)
    expect(await server.closings()).toEqual(
      new Map(closed.map(({ id, closed }) => [id, { times: 1, reason: closed!.reason }])),
    )
    await Promise.all(pages.map((page) => page.waitForFrames(5)))
  } finally {
    over.abort()
    await beating
  }
})
