import '../../support/worker.ts'

import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../src/ids.ts'
import type { Pool } from '../../../src/media/mediasoup/pool.ts'
import type { StreamMedia } from '../../../src/media/mediasoup/types.ts'
import { Browser } from '../../support/chromium.ts'
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

async function sendTo(media: StreamMedia): Promise<RtpSender> {
  return new RtpSender({ VIDEO: await media.rtpTarget('VIDEO'), AUDIO: await media.rtpTarget('AUDIO') })
}

test('Chromium plays picture and sound by WHEP', async () => {
  const media = await pool.openStream(newId('Stream'), producerSpecs('VIDEO', 'AUDIO'))
  await using _sender = await sendTo(media)
  await using player = await browser.player(whep.url)
  await player.playWhep(`${whep.url}/whep/${media.streamId}`)
  const stats = await player.waitForFrames(30)
  await player.page.waitForFunction(async () => ((await window.player.stats()).audio?.audioEnergy ?? 0) > 0)
  expect(stats.protocol).toBe('udp')
  expect(media.viewerCount()).toBe(1)
  await media.close()
})
