import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCamera } from '../support/camera.ts'
import { Browser } from '../support/chromium.ts'
import * as documents from '../support/documents.ts'
import { until } from '../support/until.ts'
import { Weir } from '../support/weir.ts'

let weir: Weir
let browser: Browser

beforeAll(async () => {
  ;[weir, browser] = await Promise.all([Weir.start(), Browser.launch()])
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await weir?.[Symbol.asyncDispose]()
})

async function codecs(id: string): Promise<string[]> {
  const { stream } = await weir.api.request(documents.TestStreamTracks, { id })
  return (stream?.tracks ?? []).map(({ codec }) => codec)
}

const live = (id: string) =>
  weir.waitForStream(id, 'LIVE', ({ state, process }) => state === 'LIVE' && process?.pid != null)

test('what a camera carries is asked once, and known at the next start, also of the server', async () => {
  await using camera = await startCamera()
  const { id } = await weir.liveStream({ name: 'Door', source: { url: { url: camera.url() } } })
  // Once to learn it, once to play it.
  expect(camera.counts.describe).toBe(2)
  await weir.stopStream(id)
  await weir.waitForStream(id, 'STOPPED', ({ state }) => state === 'STOPPED')
  await weir.startStream(id)
  await live(id)
  expect(camera.counts.describe).toBe(3)
  await weir.end('SIGTERM')
  await weir.start()
  await live(id)
  expect(camera.counts.describe).toBe(4)
  expect(await codecs(id)).toEqual(['h264'])
  await weir.clear()
})

test('a camera that was set up anew is learnt anew by itself, and its picture is seen', async () => {
  const camera = await startCamera()
  const { id, playback } = await weir.liveStream({ name: 'Door', source: { url: { url: camera.url() } } })
  const { port } = camera
  await camera[Symbol.asyncDispose]()
  await using renewed = await startCamera({ port, video: { codec: 'h265' }, audio: 'pcmu' })
  await until(
    'what was learnt is what the camera sends now',
    async () => (await codecs(id)).join() === 'hevc,pcm_mulaw',
  )
  await live(id)
  await using player = await browser.player()
  await player.playWhep(playback!.whepUrl!)
  await player.waitForFrames(25)
  expect(renewed.counts.play).toBeGreaterThan(0)
  await weir.clear()
})
