import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, document, type Transport } from '../../src/client/index.ts'
import { Browser } from '../support/chromium.ts'
import { startWatchSite, type WatchSite } from '../support/watch-page.ts'
import { adminKey, Weir } from '../support/weir.ts'

const Sessions = document<
  { consumers: { nodes: { id: string; state: string; closeReason: string | null; playerStats: object | null }[] } },
  { id: string }
>('query($id: ID!) { consumers(filter: { streamId: $id }) { nodes { id state closeReason playerStats } } }')

/** examples/watch.html, with the client as it is built. What becomes of its players later is in players.test.ts. */
let weir: Weir
let browser: Browser
let site: WatchSite
let stream: string

beforeAll(async () => {
  ;[weir, browser, site] = await Promise.all([
    // Often, so that heartbeats need not be waited for.
    Weir.start({ env: { HEARTBEAT_INTERVAL: '1' } }),
    Browser.launch(),
    startWatchSite(),
  ])
  ;({ id: stream } = await weir.liveStream({ name: 'Pattern', source: { testPattern: { width: 320, height: 240 } } }))
})
afterAll(async () => {
  await site?.[Symbol.asyncDispose]()
  await browser?.[Symbol.asyncDispose]()
  await weir?.[Symbol.asyncDispose]()
})

const api = () => createClient({ url: weir.url, key: adminKey })
async function session(id: string) {
  const { consumers } = await api().request(Sessions, { id: stream })
  return consumers.nodes.find((node) => node.id === id)!
}
const watch = (by: Transport[] | undefined, key: string | null = adminKey) =>
  site.open(browser, { url: weir.url, stream, key, ...(by ? { by } : {}) })

describe.each<Transport>(['mediasoup', 'whep', 'hls'])('by %s', (transport) => {
  test('Chromium plays in a session whose heartbeats tell what it sees; a goodbye closes it', async () => {
    const { page, untilPlays } = await watch([transport])
    const { consumerId, width, bitrateBps } = await untilPlays()
    expect([width, bitrateBps]).toEqual([320, expect.any(Number)])
    await expect
      .poll(async () => (await session(consumerId!)).playerStats, { timeout: 20_000 })
      .toMatchObject({ framesDecoded: expect.any(Number), framesDropped: expect.any(Number) })
    expect((await session(consumerId!)).state).toBe('CONNECTED')
    await page.goto('about:blank')
    await expect.poll(async () => (await session(consumerId!)).state, { timeout: 20_000 }).toBe('CLOSED')
    expect((await session(consumerId!)).closeReason).toBe('CLIENT')
    await page.close()
  })
})

test('without a key it plays what is public', async () => {
  const { page, untilPlays } = await watch(undefined, null)
  expect(await untilPlays()).toMatchObject({ transport: 'whep' })
  await page.close()
})

test('with a key that is wrong it ends with the reason', async () => {
  const { page, until } = await watch(['mediasoup', 'whep'], 'weir_wrong')
  expect(await until('it has ended', ({ phase }) => phase === 'ENDED')).toMatchObject({ consumerId: null })
  await page.close()
})
