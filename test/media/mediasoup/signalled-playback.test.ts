import '../../support/worker.ts'

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { SessionNotice } from '../../../src/consumers/media.ts'
import { newId } from '../../../src/ids.ts'
import type { Pool } from '../../../src/media/mediasoup/pool.ts'
import type { StreamMedia } from '../../../src/media/mediasoup/types.ts'
import type { MediaKind } from '../../../src/streams/model.ts'
import { Browser } from '../../support/chromium.ts'
import { newRef, nextNotice, producerSpecs, startPool } from '../../support/media-bed.ts'
import { RtpSender } from '../../support/rtp-sender.ts'
import { playSignalled } from '../../support/signalled-player.ts'
import { UdpLine } from '../../support/udp-line.ts'

let pool: Pool
let browser: Browser

beforeAll(async () => {
  pool = await startPool({ workers: 2, sessionsPerWorker: 1 })
  browser = await Browser.launch()
})
afterAll(async () => {
  await browser[Symbol.asyncDispose]()
  await pool.close()
})

function open(...kinds: MediaKind[]) {
  return pool.openStream(newId('Stream'), producerSpecs(...kinds))
}

async function send(media: StreamMedia): Promise<RtpSender> {
  return new RtpSender({ VIDEO: await media.rtpTarget('VIDEO'), AUDIO: await media.rtpTarget('AUDIO') })
}

function noticesOf(consumerId: string): SessionNotice['what'][] {
  const seen: SessionNotice['what'][] = []
  pool.sessions.onNotice((notice) => notice.consumerId === consumerId && seen.push(notice.what))
  return seen
}

test('mediasoup-client plays, pauses and resumes, its figures are measured, and a forced close reaches it', async () => {
  const media = await open('VIDEO', 'AUDIO')
  await using _sender = await send(media)
  await using player = await browser.player()
  const before = await pool.inventory()
  const ref = newRef()
  const notices = noticesOf(ref.consumerId)
  await playSignalled(player, pool.sessions, ref, media.streamId)
  await player.waitForPicture(30)
  expect(notices).toEqual(['CONNECTED'])
  expect(media.viewerCount()).toBe(1)

  const measured = async () => (await pool.sessions.sessionFigures({ consumerIds: [ref.consumerId, 'another'] }))[0]!
  await expect.poll(async () => (await measured()).roundTripMs, { timeout: 20_000 }).not.toBeNull()
  expect(await measured()).toMatchObject({
    consumerId: ref.consumerId,
    bitrateBps: expect.any(Number),
    packetsLost: 0,
    tracks: [{ kind: 'VIDEO' }, { kind: 'AUDIO' }],
  })
  expect((await measured()).bytesSent).toBeGreaterThan(10_000)

  await pool.sessions.setPaused({ ...ref, kinds: ['VIDEO'], paused: true })
  expect(notices).toEqual(['CONNECTED'])
  await pool.sessions.setPaused({ ...ref, kinds: null, paused: true })
  await pool.sessions.setPaused({ ...ref, kinds: null, paused: false })
  expect(notices).toEqual(['CONNECTED', 'PAUSED', 'RESUMED'])
  await player.waitForPicture(30)

  await pool.sessions.close(ref)
  await player.page.evaluate(() => window.closedByServer)
  expect(notices).toEqual(['CONNECTED', 'PAUSED', 'RESUMED'])
  await expect.poll(() => pool.inventory()).toEqual(before)
  await media.close()
})

test('FFmpeg killed under a player: the same tracks decode again, five times', async () => {
  const media = await open('VIDEO', 'AUDIO')
  let sender = await send(media)
  await using player = await browser.player()
  const ref = newRef()
  const notices = noticesOf(ref.consumerId)
  await playSignalled(player, pool.sessions, ref, media.streamId)
  await player.waitForPicture(10)
  const ids = async () => (await pool.sessions.sessionFigures(asked))[0]!.tracks.map(({ id }) => id)
  const asked = { consumerIds: [ref.consumerId] }
  const before = await ids()
  for (let round = 0; round < 5; round++) {
    await sender.kill()
    sender = await send(media)
    await player.waitForPicture(30)
  }
  expect(await ids()).toEqual(before)
  expect(notices).toEqual(['CONNECTED'])
  await sender.kill()
  await media.close()
})

test('the session that comes after those of the first worker decodes on the second, beside the first', async () => {
  const media = await open('VIDEO', 'AUDIO')
  let sender = await send(media)
  await using first = await browser.player()
  await using second = await browser.player()
  const refs = [newRef(), newRef()] as const
  await playSignalled(first, pool.sessions, refs[0], media.streamId)
  await playSignalled(second, pool.sessions, refs[1], media.streamId)
  expect(media.sessions.places).toEqual(
    new Map([
      [0, 1],
      [1, 1],
    ]),
  )
  await Promise.all([first.waitForPicture(30), second.waitForPicture(30)])
  await sender.kill()
  sender = await send(media)
  await Promise.all([first.waitForPicture(30), second.waitForPicture(30)])
  const { routers } = await pool.inventory()
  for (const ref of refs) await pool.sessions.close(ref)
  await expect.poll(async () => (await pool.inventory()).routers).toBe(routers - 1)
  await sender.kill()
  await media.close()
})

test('ICE is restarted and the picture goes on', async () => {
  const media = await open('VIDEO')
  await using _sender = await send(media)
  await using player = await browser.player()
  const ref = newRef()
  await playSignalled(player, pool.sessions, ref, media.streamId)
  await player.waitForPicture(10)
  const ufrag = await player.page.evaluate(async (ref) => {
    const iceParameters = await window.signal('restartIce', ref)
    await window.transport.restartIce({ iceParameters: iceParameters as never })
    return iceParameters.usernameFragment
  }, ref)
  const inUse = () =>
    player.page.evaluate(async () => {
      const reports = [...(await window.transport.getStats()).values()]
      const { selectedCandidatePairId } = reports.find(({ type }) => type === 'transport')
      const pair = reports.find(({ id }) => id === selectedCandidatePairId)
      return reports.find(({ id }) => id === pair?.remoteCandidateId)?.usernameFragment
    })
  await expect.poll(inUse, { timeout: 20_000 }).toBe(ufrag)
  await player.waitForPicture(30)
  await media.close()
})

test('a player that does not answer is disconnected, and connected again when it does', async () => {
  const impatient = await startPool({ sessionTimes: { consentSeconds: 4 } })
  onTestFinished(() => impatient.close())
  const media = await impatient.openStream(newId('Stream'), producerSpecs('VIDEO'))
  await using _sender = await send(media)
  await using line = await UdpLine.to(impatient.workers()[0]!.webRtcPort)
  await using player = await browser.player()
  const ref = newRef()
  await playSignalled(player, impatient.sessions, ref, media.streamId, line.port)
  await player.waitForPicture(10)
  const gone = nextNotice(impatient)
  line.cut = true
  expect(await gone).toMatchObject({ ...ref, what: 'DISCONNECTED' })
  expect(media.viewerCount()).toBe(0)
  const back = nextNotice(impatient)
  line.cut = false
  expect(await back).toMatchObject({ ...ref, what: 'CONNECTED' })
  await player.waitForPicture(30)
})

test('a player that goes by its own wish has ended, and leaves nothing behind', async () => {
  const media = await open('VIDEO')
  await using _sender = await send(media)
  await using player = await browser.player()
  const before = await pool.inventory()
  const ref = newRef()
  await playSignalled(player, pool.sessions, ref, media.streamId)
  await player.waitForPicture(10)
  const ended = nextNotice(pool, 'ENDED')
  await player.page.evaluate(() => window.transport.close())
  expect(await ended).toMatchObject(ref)
  await expect.poll(() => pool.inventory()).toEqual(before)
  await media.close()
})
