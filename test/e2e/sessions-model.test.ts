import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser } from '../support/chromium.ts'
import { seeded } from '../support/seeded.ts'
import { agreement } from '../support/session-agreement.ts'
import { SessionDriver, together } from '../support/session-model.ts'
import { SessionServer } from '../support/session-server.ts'
import { recvCapabilities } from '../support/signalled-player.ts'
import { WatchingPage } from '../support/watching-page.ts'
import { adminKey } from '../support/weir.ts'

const count = Number(process.env.SESSIONS ?? 2000)
const seed = Number(process.env.SEED ?? Date.now() % 1e9)
const timeoutSeconds = 10
const atATime = 16
const transports = ['mediasoup', 'whep'] as const

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
  const { id: streamId } = await weir.liveStream({ name: 'Watched by many', source })
  await using players = new AsyncDisposableStack()
  const pages = await Promise.all(
    Array.from({ length: 5 }, async (_, i) => {
      const options = { url: weir.url, key: adminKey, streamId, transport: transports[i % 2]!, clientId: `page ${i}` }
      const page = players.use(await WatchingPage.open(browser, options))
      await page.plays()
      return page
    }),
  )
  const ofPages = (await server.open()).rows
  expect(ofPages).toHaveLength(5)

  const driver = new SessionDriver({ url: weir.url, adminKey, streamId, random })
  driver.rtpCapabilities = await recvCapabilities(pages[0]!.page, await driver.routerRtpCapabilities())
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

    await agreement(server, driver, ofPages)
    await Promise.all(pages.map((page) => page.plays()))
  } finally {
    over.abort()
    await beating
  }
})
