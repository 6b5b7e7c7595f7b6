import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Transport } from '../../src/client/watch/model.ts'
import { Browser } from '../support/chromium.ts'
import * as documents from '../support/player-documents.ts'
import { until } from '../support/until.ts'
import { WatchingPage } from '../support/watching-page.ts'
import { adminKey, Weir } from '../support/weir.ts'

const transports = ['mediasoup', 'whep', 'hls'] as const satisfies Transport[]
const timeoutMs = 6000

let weir: Weir
let browser: Browser

beforeAll(async () => {
  ;[weir, browser] = await Promise.all([
    Weir.start({
      env: {
        HEARTBEAT_INTERVAL: '2',
        HEARTBEAT_TIMEOUT: String(timeoutMs / 1000),
        ON_DEMAND_START_TIMEOUT: '30s',
        ON_DEMAND_CLOSE_AFTER: '2s',
      },
    }),
    Browser.launch(),
  ])
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await weir?.[Symbol.asyncDispose]()
})

test('a page that sleeps is timed out, and plays again by itself when it wakes, by a new session', async () => {
  const { id: streamId } = await weir.liveStream({
    name: 'Watched',
    source: { testPattern: { width: 320, height: 240 } },
  })
  await using stack = new AsyncDisposableStack()
  const watching = await Promise.all(
    transports.map(async (transport) => {
      const options = { url: weir.url, key: adminKey, streamId, transport, clientId: `by ${transport}` }
      const page = stack.use(await WatchingPage.open(browser, options))
      return { transport, page, id: (await page.plays(`${transport} plays`)).consumerId! }
    }),
  )
  const session = async (id: string) => (await weir.api.request(documents.TestSession, { id })).consumer!
  for (const { transport, id } of watching) {
    await until(`${transport} sends heartbeats`, async () => (await session(id)).playerStats !== null)
  }
  // The browser freezes no tab that is in front.
  const inFront = await browser.page()
  await inFront.bringToFront()
  await Promise.all(watching.map(({ page }) => page.freeze()))
  for (const { transport, id } of watching) {
    let last: unknown
    const [closed] = await until(
      `${transport} is timed out`,
      async () => {
        last = await session(id)
        const found = await weir.events(id, 'consumer.closed')
        return found.length > 0 && found
      },
      { timeoutMs: 60_000, explain: () => ({ last, log: weir.lines.slice(-10) }) },
    )
    expect(closed!.data).toMatchObject({ reason: 'HEARTBEAT_TIMEOUT' })
    const { state, lastHeartbeatAt } = await session(id)
    expect(state).toBe('CLOSED')
    const afterMs = closed!.at - Date.parse(lastHeartbeatAt!)
    console.info(`${transport}: closed ${afterMs} ms after its last heartbeat`)
    expect(afterMs).toBeGreaterThanOrEqual(timeoutMs)
    // Within 5 s of its time-out: the requirement itself.
    expect(afterMs).toBeLessThan(timeoutMs + 5000)
  }
  await Promise.all(watching.map(({ page }) => page.thaw()))
  await inFront.close()
  for (const { transport, page, id } of watching) {
    const { consumerId } = await page.waitFor(
      `${transport} has a new session`,
      (status) => status.phase === 'PLAYING' && status.consumerId !== null && status.consumerId !== id,
    )
    await page.plays(`${transport} plays again`)
    await until('it is connected', async () => (await session(consumerId!)).state === 'CONNECTED')
  }
})

test('an on-demand stream starts with its first player, and stops after its last', async () => {
  const source = { testPattern: { width: 320, height: 240 } }
  const streamId = await weir.createStream({ name: 'On demand', source, onDemand: true })
  expect(await weir.stream(streamId)).toMatchObject({ state: 'STOPPED', process: { pid: null } })
  const options = { url: weir.url, key: adminKey, streamId }
  const first = await WatchingPage.open(browser, { ...options, transport: 'mediasoup', clientId: 'first' })
  await using last = await WatchingPage.open(browser, { ...options, transport: 'whep', clientId: 'last' })
  await Promise.all([first.plays('the first plays'), last.plays('the last plays')])
  await first.page.evaluate(() => window.watched.stop())
  await first[Symbol.asyncDispose]()
  // For longer than a stream without players is kept.
  const decoded = await last.decodedFrames()
  await until('the last goes on', async () => (await last.decodedFrames()) > decoded + 75)
  const orders = async () =>
    (await weir.events(streamId, 'stream.ordered')).map(({ data }) => (data as { order: string }).order)
  expect(await orders()).toEqual(['START'])
  const { consumerId } = await last.status()
  await last.page.evaluate(() => window.watched.stop())
  await weir.waitForStream(streamId, 'STOPPED', ({ state }) => state === 'STOPPED')
  await expect.poll(orders).toEqual(['START', 'STOP'])
  const [closed] = await weir.events(consumerId!, 'consumer.closed')
  const [, stopped] = await weir.events(streamId, 'stream.ordered')
  expect(closed!.data).toMatchObject({ reason: 'CLIENT' })
  expect(stopped!.at - closed!.at).toBeGreaterThanOrEqual(2000)

  // And once more, by itself, for the next who comes.
  await last.page.evaluate(() => window.watched.start())
  await last.plays('the next plays')
  expect(await orders()).toEqual(['START', 'STOP', 'START'])
})
