import { afterAll, beforeAll, expect, test } from 'vitest'
import { chromiumOffer } from '../media/mediasoup/offers.ts'
import { Browser } from '../support/chromium.ts'
import { eventually } from '../support/eventually.ts'
import { GstreamerPlayer } from '../support/gstreamer-player.ts'
import * as documents from '../support/player-documents.ts'
import { until } from '../support/until.ts'
import { adminKey, Weir } from '../support/weir.ts'

let weir: Weir
let streamId: string
let endpoint: string
let browser: Browser
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

beforeAll(async () => {
  ;[weir, browser] = await Promise.all([
    Weir.start({ env: { PUBLIC_PLAYBACK: 'false', HEARTBEAT_INTERVAL: '2', HEARTBEAT_TIMEOUT: '20' } }),
    Browser.launch(),
  ])
  const source = { testPattern: { width: 320, height: 180, fps: 15, tone: true } }
  streamId = (await weir.liveStream({ name: 'Pattern', source })).id
  endpoint = `${weir.url}/whep/${streamId}`
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await weir?.[Symbol.asyncDispose]()
})

async function consumers() {
  const list = await weir.api.request(documents.TestSessions, { filter: { streamId }, first: 100 })
  return list.consumers!.nodes!.filter((node) => node !== null)
}
const consumer = async (id: string) => (await consumers()).find((row) => row.id === id)
const post = (body: string, headers: Record<string, string>, path = '') =>
  fetch(endpoint + path, { method: 'POST', body, headers: { 'content-type': 'application/sdp', ...headers } })
const openHls = async () => {
  const input = { streamId, clientId: 'tv', protocol: 'HLS' as const }
  return (await weir.api.request(documents.OpenTestSession, { input })).openConsumer!
}

test('a session by WHEP is a row: who it is, what becomes of it, and how it ends', async () => {
  expect((await post(chromiumOffer, {})).status).toBe(401)
  const opened = await post(chromiumOffer, bearer(adminKey), '?client=wall%207&source=agency')
  expect(opened.status).toBe(201)
  const id = opened.headers.get('weir-consumer-id')!
  expect(await consumer(id)).toMatchObject({ protocol: 'WHEP', state: 'NEW', clientId: 'wall 7', source: 'agency' })
  expect(opened.headers.get('weir-heartbeat-seconds')).toBe('2')

  // Its token opens it anew, under the same id, and nothing else.
  const token = opened.headers.get('weir-session-token')!
  const again = await post(chromiumOffer, bearer(token))
  expect([again.status, again.headers.get('weir-consumer-id')]).toEqual([201, id])
  expect(again.headers.get('etag')).not.toBe(opened.headers.get('etag'))
  expect((await post(chromiumOffer, bearer(`${token.slice(0, -1)}_`))).status).toBe(401)

  const session = new URL(again.headers.get('location')!, endpoint)
  expect((await fetch(session, { method: 'DELETE' })).status).toBe(200)
  expect(await consumer(id)).toMatchObject({ state: 'CLOSED', closeReason: 'CLIENT' })
  const closed = await post(chromiumOffer, bearer(token))
  expect([closed.status, await closed.json()]).toEqual([
    409,
    expect.objectContaining({ code: 'INVALID_STATE', closeReason: 'CLIENT' }),
  ])
})

test('garbage makes no session and takes no place', async () => {
  const before = await consumers()
  const bodies = [
    'v=0',
    'x'.repeat(500_000),
    'x'.repeat(2 * 1024 * 1024),
    chromiumOffer.replaceAll('a=fingerprint', 'a=finger'),
    chromiumOffer.replaceAll(/H264|opus/g, 'XYZ'),
  ]
  for (const body of bodies) {
    const { status } = await post(body, bearer(adminKey)).catch(() => ({ status: 400 }))
    expect([400, 413, 415]).toContain(status)
  }
  expect(await consumers()).toEqual(before)
})

test("GStreamer's webrtcbin plays from a whole node, and its session is known as connected until it ends it", async () => {
  const player = new GstreamerPlayer(endpoint, adminKey)
  const { session } = await player.waitFor('opened')
  const id = session.split('/').at(-2)!
  await player.waitFor('decoded', ({ video, audio }) => video >= 20 && audio >= 20)
  await eventually(async () => expect(await consumer(id)).toMatchObject({ state: 'CONNECTED' }))
  await player[Symbol.asyncDispose]()
  expect(player.said.at(-1)).toEqual({ event: 'ended', status: 200 })
  expect(await consumer(id)).toMatchObject({ state: 'CLOSED', closeReason: 'CLIENT' })
})

test('HLS by a session alone: any player plays it while the session is open, and hears why it ended', async () => {
  const { url, consumer: opened } = await openHls()
  const bare = `${weir.url}/hls/${streamId}/index.m3u8`
  expect((await fetch(bare)).status).toBe(401)
  await using player = await browser.player()
  await player.playHls(url!)
  await player.waitForPicture(10)
  const heard = (await consumer(opened!.id))!.lastHeartbeatAt
  await eventually(async () => {
    const row = await consumer(opened!.id)
    expect(row).toMatchObject({ state: 'CONNECTED', closeReason: null })
    // The playlist alone keeps it open.
    expect(Date.parse(row!.lastHeartbeatAt!)).toBeGreaterThan(Date.parse(heard ?? '2000-01-01'))
  })
  const playlist = await (await fetch(url!)).text()
  const segment = new URL(playlist.split('\n').find((line) => line.includes('.m4s'))!, url!)
  expect((await fetch(segment)).status).toBe(200)
  segment.search = ''
  expect((await fetch(segment)).status).toBe(401)

  await weir.api.request(documents.CloseTestSession, { id: opened!.id, reason: 'Maintenance at noon.' })
  const refused = await fetch(url!)
  expect([refused.status, await refused.json()]).toEqual([
    403,
    expect.objectContaining({ code: 'FORBIDDEN', closeReason: 'FORCED', closeMessage: 'Maintenance at noon.' }),
  ])
  segment.search = new URL(url!).search
  expect((await fetch(segment)).status).toBe(403)
})

test('HLS that nobody fetches is timed out, and one token does not open another stream', {
  timeout: 120_000,
}, async () => {
  const { url, consumer: opened } = await openHls()
  expect((await fetch(url!)).status).toBe(200)
  const source = { testPattern: { width: 160, height: 90, fps: 10, tone: false } }
  const other = await weir.createStream({ name: 'Another', source })
  expect((await fetch(url!.replace(streamId, other))).status).toBe(404)
  const ended = await until('it is closed', async () => (await consumer(opened!.id))?.closeReason, {
    timeoutMs: 90_000,
  })
  expect(ended).toBe('HEARTBEAT_TIMEOUT')
  await eventually(async () => expect((await fetch(url!)).status).toBe(403))
})
