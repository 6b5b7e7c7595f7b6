import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Transport } from '../../src/client/watch/model.ts'
import { Browser } from '../support/chromium.ts'
import * as documents from '../support/player-documents.ts'
import { until } from '../support/until.ts'
import { WatchingPage } from '../support/watching-page.ts'
import { adminKey, Weir } from '../support/weir.ts'

const transports = ['mediasoup', 'whep', 'hls'] as const satisfies Transport[]
const source = { testPattern: { width: 320, height: 240 } }

let weir: Weir
let browser: Browser
let streamId: string

beforeAll(async () => {
  ;[weir, browser] = await Promise.all([
    Weir.start({ env: { HEARTBEAT_INTERVAL: '1', HEARTBEAT_TIMEOUT: '20' } }),
    Browser.launch(),
  ])
  streamId = (await weir.liveStream({ name: 'Watched', source })).id
})
afterEach(async () => {
  if (!weir.isRunning) await weir.start()
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await weir?.[Symbol.asyncDispose]()
})

interface Watcher {
  transport: Transport
  page: WatchingPage
  /** The session that it played by first. */
  id: string
}

/** A tab for each way, and each of them plays. */
async function watchers(stack: AsyncDisposableStack): Promise<Watcher[]> {
  const options = { url: weir.url, key: adminKey, streamId }
  const found: Watcher[] = []
  for (const transport of transports) {
    const page = stack.use(await WatchingPage.open(browser, { ...options, transport, clientId: `by ${transport}` }))
    const { consumerId } = await page.plays(`${transport} plays`)
    found.push({ transport, page, id: consumerId! })
  }
  return found
}

async function session(id: string) {
  return (await weir.api.request(documents.TestSession, { id })).consumer!
}

/** Events of one session. */
const closings = (id: string) => weir.events(id, 'consumer.closed')

test('Chromium plays by mediasoup, WHEP and HLS: each is a session with statistics and heartbeats', async () => {
  await using stack = new AsyncDisposableStack()
  for (const { transport, page, id } of await watchers(stack)) {
    const connected = await until(`${transport} is connected`, async () => {
      const row = await session(id)
      return row.state === 'CONNECTED' && row.lastHeartbeatAt !== null && row.playerStats !== null && row
    })
    expect(connected).toMatchObject({ streamId, clientId: `by ${transport}`, closeReason: null })
    expect(connected.protocol).toBe(transport.toUpperCase())
    const decoded = async () =>
      ((await session(id)).playerStats as { framesDecoded?: number } | null)?.framesDecoded ?? 0
    const before = await decoded()
    await until(`${transport} tells that it decodes more`, async () => (await decoded()) > before + 10)
    if (transport !== 'hls') {
      const measured = await until('the node measures it', async () => {
        const row = await session(id)
        return (row.bitrateBps ?? 0) > 0 && row.roundTripMs !== null && row
      })
      expect(measured.bytesSent).toBeGreaterThan(1000)
      expect(measured.packetsLost).toBe(0)
      expect(measured.tracks!.map(({ kind, paused }) => [kind, paused]).sort()).toEqual([
        ['AUDIO', false],
        ['VIDEO', false],
      ])
    }
    await page.page.evaluate(() => window.watched.stop())
    await until(`${transport} said goodbye`, async () => (await session(id)).closeReason === 'CLIENT')
  }
  const { stream } = await weir.api.request(documents.TestSessionCounts, { id: streamId })
  expect(stream!.consumerCounts).toEqual({ active: 0, total: 0 })
})

test('shown the door: the picture stands within a second, and the page says why', async () => {
  await using stack = new AsyncDisposableStack()
  const watching = await watchers(stack)
  const other = stack.use(
    await WatchingPage.open(browser, {
      url: weir.url,
      key: adminKey,
      streamId,
      transport: 'mediasoup',
      clientId: 'stays',
    }),
  )
  await other.plays()
  for (const { transport, page, id } of watching) {
    const reason = `the house closes for ${transport}`
    const askedAt = performance.now()
    await weir.api.request(documents.CloseTestSession, { id, reason })
    const answeredMs = performance.now() - askedAt
    const status = await page.waitFor(`${transport} has ended`, ({ phase }) => phase === 'ENDED')
    expect(status).toMatchObject({ closeReason: 'FORCED' })
    expect(status.reason).toContain(reason)
    const [closed] = await until('it is in the log', async () => {
      const found = await closings(id)
      return found.length > 0 && found
    })
    expect(closed!.data).toMatchObject({ reason: 'FORCED', message: reason })
    const toldAt = (await page.told()).find(({ status }) => status.phase === 'ENDED')!.at
    const decoded = await page.decodedFrames()
    // Who stays sees more than a second of new pictures, who went none.
    const stays = await other.decodedFrames()
    await until('the other goes on', async () => (await other.decodedFrames()) > stays + 30)
    expect(await page.decodedFrames()).toBe(decoded)
    const stoodAfterMs = (await page.lastShownAt()) - closed!.at
    const times = `answered after ${Math.round(answeredMs)} ms, told after ${toldAt - closed!.at} ms`
    console.info(`${transport}: ${times}, the last picture after ${stoodAfterMs} ms`)
    // The second is the requirement itself; a machine that is too busy to answer at once is given that time.
    expect(stoodAfterMs).toBeLessThan(1000 + answeredMs)
    expect((await session(id)).state).toBe('CLOSED')
  }
})

test('a mediasoup worker dies: WebRTC is opened again under its id by its token, HLS goes on', async () => {
  await using stack = new AsyncDisposableStack()
  const watching = await watchers(stack)
  const ffmpeg = (await weir.stream(streamId)).process!.pid
  for (const { pid } of weir.workers()) process.kill(pid, 'SIGKILL')
  await weir.waitForStream(streamId, 'LIVE again', (s) => s.state === 'LIVE' && s.process?.pid !== ffmpeg)
  await allGoOn(watching)
})

test('the node is killed and comes back: each plays again under its id', async () => {
  await using stack = new AsyncDisposableStack()
  const watching = await watchers(stack)
  await weir.end('SIGKILL')
  await weir.start()
  await allGoOn(watching)
})

/** Each plays, by the session that it had, which nobody has closed. */
async function allGoOn(watching: Watcher[]): Promise<void> {
  for (const { transport, page, id } of watching) {
    await page.plays(`${transport} plays again`)
    await until(`the session by ${transport} is connected`, async () => (await session(id)).state === 'CONNECTED')
    expect((await page.status()).consumerId).toBe(id)
    expect(await closings(id)).toEqual([])
  }
  const { consumers } = await weir.api.request(documents.TestSessions, {
    filter: { streamId, states: ['NEW', 'CONNECTED', 'PAUSED', 'STALE'] },
  })
  expect(consumers!.nodes.map((node) => node!.id).sort()).toEqual(watching.map(({ id }) => id).sort())
}
