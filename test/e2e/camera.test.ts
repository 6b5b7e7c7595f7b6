import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startCamera } from '../support/camera.ts'
import { Browser } from '../support/chromium.ts'
import { Weir } from '../support/weir.ts'

let weir: Weir
let browser: Browser

beforeAll(async () => {
  ;[weir, browser] = await Promise.all([Weir.start(), Browser.launch()])
})
afterEach(() => weir.clear())
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await weir?.[Symbol.asyncDispose]()
})

/** Mean difference of a pixel that a moving picture exceeds and a still one, however it was compressed, does not. */
const moving = 0.5

test('a camera is seen moving by WHEP and by HLS, and comes back by itself after it was away', async () => {
  await using camera = await startCamera({ audio: 'aac' })
  const stream = await weir.liveStream({ name: 'Door', source: { url: { url: camera.url() } } })
  expect(stream.producers?.nodes.map((producer) => producer?.kind).toSorted()).toEqual(['AUDIO', 'VIDEO'])

  await using watched = weir.watchStream(stream.id)

  await using webRtc = await browser.player()
  await webRtc.playWhep(stream.playback!.whepUrl!)
  const { video } = await webRtc.waitForFrames(50)
  expect(video!.packetsReceived).toBeGreaterThan(50)
  await webRtc.waitForSound()
  expect(await webRtc.change()).toBeGreaterThan(moving)

  await using hls = await browser.player()
  await hls.playHls(stream.playback!.hlsUrl!)
  await hls.waitForPicture(50)
  expect(await hls.change()).toBeGreaterThan(moving)
  expect(await hls.fatalErrors()).toEqual([])

  await camera.stop()
  await weir.waitForStream(stream.id, 'no longer LIVE', ({ state }) => state !== 'LIVE')
  await camera.start()
  await weir.waitForStream(stream.id, 'LIVE again', ({ state }) => state === 'LIVE')
  await webRtc.waitForFrames(50)
  expect(await webRtc.change()).toBeGreaterThan(moving)
  expect((await webRtc.stats()).connectionState).toBe('connected')
  await hls.waitForPicture(50)
  expect(await hls.fatalErrors()).toEqual([])

  const happened = (await weir.events(stream.id, 'stream.state_changed')).map(({ data }) => data.to)
  const told = watched.messages.map(({ node }) => 'state' in node && node.state)
  for (const states of [happened, told]) {
    expect(states[0]).toBe('LIVE')
    expect(states).toContain('RECOVERING')
    expect(states.at(-1)).toBe('LIVE')
  }
})

test('a player that UDP does not reach plays by TCP', async () => {
  const stream = await weir.liveStream({ name: 'Pattern', source: { testPattern: { width: 640, height: 360 } } })
  await using player = await browser.player()
  await player.playWhep(stream.playback!.whepUrl!, { udpDropped: true })
  const { protocol } = await player.waitForFrames(25)
  expect(protocol).toBe('tcp')
})

test.for([
  ['H.264 High and Opus', { video: { profile: 'high' }, audio: 'opus' }],
  ['B-frames and G.711', { video: { profile: 'main', bFrames: 2 }, audio: 'pcmu' }],
  ['H.265', { video: { codec: 'h265' } }],
] as const)('a camera with %s is decoded by the browser', async ([name, options]) => {
  await using camera = await startCamera(options)
  const stream = await weir.liveStream({ name, source: { url: { url: camera.url() } } })
  await using player = await browser.player()
  await player.playWhep(stream.playback!.whepUrl!)
  await player.waitForFrames(50)
  expect(await player.change()).toBeGreaterThan(moving)
})

test('a camera behind a password is seen, and its password is in no log and no answer', async () => {
  const password = 'pässword with/odd@signs'
  await using camera = await startCamera({ user: 'viewer', password })
  const url = camera.url({ user: 'viewer', password })
  const stream = await weir.liveStream({ name: 'Safe', source: { url: { url } } })
  await using player = await browser.player()
  await player.playWhep(stream.playback!.whepUrl!)
  await player.waitForFrames(25)

  await camera.stop()
  const recovering = await weir.waitForStream(stream.id, 'RECOVERING', ({ state }) => state === 'RECOVERING')
  const told = [...weir.lines, JSON.stringify(recovering), JSON.stringify(await weir.events(stream.id))].join('\n')
  expect(told).not.toContain(password)
  expect(told).not.toContain(encodeURIComponent(password))
})

test('a camera that only makes sound is heard', async () => {
  await using camera = await startCamera({ video: null, audio: 'pcma' })
  const stream = await weir.liveStream({ name: 'Microphone', source: { url: { url: camera.url() } } })
  expect(stream.producers?.nodes.map((producer) => producer?.kind)).toEqual(['AUDIO'])
  await using player = await browser.player()
  await player.playWhep(stream.playback!.whepUrl!)
  await player.waitForSound()
})
