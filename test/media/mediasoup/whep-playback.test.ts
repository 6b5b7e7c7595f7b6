import '../../support/worker.ts'

import process from 'node:process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../src/ids.ts'
import type { Pool } from '../../../src/media/mediasoup/pool.ts'
import type { StreamMedia } from '../../../src/media/mediasoup/types.ts'
import type { MediaKind } from '../../../src/streams/model.ts'
import { Browser, type Player } from '../../support/chromium.ts'
import { producerSpecs, serveWhep, startPool } from '../../support/media-bed.ts'
import { RtpSender } from '../../support/rtp-sender.ts'

let pool: Pool
let whep: Awaited<ReturnType<typeof serveWhep>>
let browser: Browser

beforeAll(async () => {
  pool = await startPool()
  whep = await serveWhep(pool)
  browser = await Browser.launch()
})
afterAll(async () => {
  await browser[Symbol.asyncDispose]()
  await whep.close()
  await pool.close()
})

function open(...kinds: MediaKind[]) {
  return pool.openStream(newId('Stream'), producerSpecs(...kinds))
}

async function send(media: StreamMedia): Promise<RtpSender> {
  return new RtpSender({ VIDEO: await media.rtpTarget('VIDEO'), AUDIO: await media.rtpTarget('AUDIO') })
}

function address(media: StreamMedia): string {
  return `${whep.url}/whep/${media.streamId}`
}

/** Sound is measured behind the volume: a muted player has none. */
async function unmute(player: Player): Promise<void> {
  await player.page.evaluate(() => {
    document.querySelector('video')!.muted = false
  })
}

async function waitForSound(player: Player): Promise<void> {
  const from = (await player.stats()).audio?.audioEnergy ?? 0
  await player.waitForStats(({ audio }) => (audio?.audioEnergy ?? 0) > from)
}

test('Chromium plays picture and sound', async () => {
  const media = await open('VIDEO', 'AUDIO')
  await using _sender = await send(media)
  await using player = await browser.player()
  await player.playWhep(address(media))
  await unmute(player)
  const stats = await player.waitForFrames(30)
  await waitForSound(player)
  expect(stats).toMatchObject({ protocol: 'udp', video: { packetsLost: 0 }, audio: { packetsLost: 0 } })
  expect(media.viewerCount()).toBe(1)
  await media.close()
})

test('Chromium plays over TCP where UDP does not come through', async () => {
  const media = await open('VIDEO', 'AUDIO')
  await using _sender = await send(media)
  await using player = await browser.player()
  await player.playWhep(address(media), { udpDropped: true })
  expect(await player.waitForFrames(30)).toMatchObject({ protocol: 'tcp' })
  await media.close()
})

test('FFmpeg killed under a viewer: the same connection decodes again, picture and sound, five times', async () => {
  const media = await open('VIDEO', 'AUDIO')
  let sender = await send(media)
  await using player = await browser.player()
  const { sessionUrl } = await player.playWhep(address(media))
  await unmute(player)
  await player.waitForFrames(10)
  for (let round = 0; round < 5; round++) {
    await sender.kill()
    const started = Date.now()
    sender = await send(media)
    await player.waitForFrames(30)
    await waitForSound(player)
    expect((await player.frameTimes()).at(-1)).toBeGreaterThan(started)
  }
  expect(await player.stats()).toMatchObject({ connectionState: 'connected' })
  expect(await pool.inventory()).toMatchObject({ sessions: 1 })
  expect((await fetch(sessionUrl!, { method: 'DELETE' })).status).toBe(200)
  await sender.kill()
  await media.close()
})

test('a player that is bound to the SSRCs it was named decodes again too', async () => {
  const media = await open('VIDEO')
  let sender = await send(media)
  await using player = await browser.player()
  await player.page.route('**/whep/**', (route) =>
    route.continue({
      postData:
        route
          .request()
          .postData()
          ?.replace(/a=extmap:.*webrtc\.org.*\r\n/g, '') ?? '',
    }),
  )
  const { answer } = await player.playWhep(address(media))
  expect(answer).toContain('a=ssrc:')
  await player.waitForFrames(10)
  await sender.kill()
  sender = await send(media)
  await player.waitForFrames(30)
  await sender.kill()
  await media.close()
})

test('a producer closed and made anew comes back to the same viewer, while the other flows', async () => {
  const media = await open('VIDEO', 'AUDIO')
  await using _sender = await send(media)
  await using player = await browser.player()
  await player.playWhep(address(media))
  await unmute(player)
  await player.waitForFrames(10)
  await media.closeProducer(media.producer('VIDEO')!.id)
  await waitForSound(player)
  await media.addProducer(producerSpecs('VIDEO')[0]!)
  await using _video = new RtpSender({ VIDEO: await media.rtpTarget('VIDEO') })
  await player.waitForFrames(30)
  await waitForSound(player)
  expect(await pool.inventory()).toMatchObject({ sessions: 1 })
  await media.close()
})

test.each(['VIDEO', 'AUDIO'] as const)('a stream of %s alone plays', async (kind) => {
  const media = await open(kind)
  await using _sender = await send(media)
  await using player = await browser.player()
  await player.playWhep(address(media))
  await unmute(player)
  if (kind === 'VIDEO') await player.waitForFrames(30)
  else await waitForSound(player)
  await media.close()
})

test('a tab that closes leaves no session behind', async () => {
  const media = await open('VIDEO', 'AUDIO')
  await using _sender = await send(media)
  const before = await pool.inventory()
  const player = await browser.player()
  await player.playWhep(address(media))
  await player.waitForFrames(1)
  await player.page.evaluate(() => window.player.stop())
  await player[Symbol.asyncDispose]()
  await expect.poll(() => pool.inventory(), { timeout: 40_000 }).toEqual(before)
  await media.close()
})

test('a worker killed under a viewer: the stream opened anew plays for who comes again', async () => {
  const media = await open('VIDEO', 'AUDIO')
  await using _sender = await send(media)
  await using player = await browser.player()
  await player.playWhep(address(media))
  await player.waitForFrames(10)
  process.kill(media.workerPid, 'SIGKILL')
  await media.lost
  const again = await pool.openStream(media.streamId, producerSpecs('VIDEO', 'AUDIO'))
  await using _next = await send(again)
  await using second = await browser.player()
  await second.playWhep(address(again))
  await second.waitForFrames(10)
  await again.close()
})
