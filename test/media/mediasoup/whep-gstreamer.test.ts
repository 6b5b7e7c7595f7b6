import '../../support/worker.ts'

import { expect, onTestFinished, test } from 'vitest'
import { newId } from '../../../src/ids.ts'
import { GstreamerPlayer } from '../../support/gstreamer-player.ts'
import { producerSpecs, serveWhep, startPool } from '../../support/media-bed.ts'
import { RtpSender } from '../../support/rtp-sender.ts'

test("GStreamer's webrtcbin plays picture and sound: an offer without candidates, trickled ones, DELETE at the end", async () => {
  const pool = await startPool()
  const whep = await serveWhep(pool)
  onTestFinished(async () => {
    await whep.close()
    await pool.close()
  })
  const media = await pool.openStream(newId('Stream'), producerSpecs('VIDEO', 'AUDIO'))
  const before = await pool.inventory()
  await using _sender = new RtpSender({ VIDEO: await media.rtpTarget('VIDEO'), AUDIO: await media.rtpTarget('AUDIO') })
  const player = new GstreamerPlayer(`${whep.url}/whep/${media.streamId}`)
  try {
    await player.waitFor('opened')
    expect(await player.waitFor('trickled')).toMatchObject({ status: 204 })
    await player.waitFor('connection', ({ state }) => state === 'connected')
    await player.waitFor('decoded', ({ video, audio }) => video >= 30 && audio >= 30)
    expect(media.viewerCount()).toBe(1)
  } finally {
    await player[Symbol.asyncDispose]()
  }
  // Its connection may tell of the end after it.
  expect(player.said).toContainEqual({ event: 'ended', status: 200 })
  await expect.poll(() => pool.inventory()).toMatchObject({ sessions: 0, webRtcTransports: before.webRtcTransports })
})
