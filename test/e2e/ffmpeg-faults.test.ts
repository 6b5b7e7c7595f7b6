import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startCamera } from '../support/camera.ts'
import { Browser, longestPause, type Player } from '../support/chromium.ts'
import { readProcess } from '../support/processes.ts'
import { type StreamView, Weir } from '../support/weir.ts'

let weir: Weir
let browser: Browser

beforeAll(async () => {
  ;[weir, browser] = await Promise.all([Weir.start({ env: { STREAM_FREEZE_TIMEOUT: '3s' } }), Browser.launch()])
})
afterEach(() => weir.clear())
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await weir?.[Symbol.asyncDispose]()
})

/** As the issue orders it: the same viewer decodes again. */
const backWithinMs = 2000
const pattern = { testPattern: { width: 640, height: 360 } }

/** Sends a signal to the stream's FFmpeg under a playing viewer and waits until that viewer decodes what the next one sends. */
async function strike(stream: StreamView, player: Player, signal: NodeJS.Signals) {
  const pid = stream.process!.pid!
  await player.waitForFrames(50)
  const at = Date.now()
  process.kill(pid, signal)
  const after = await weir.waitForStream(
    stream.id,
    'LIVE by another FFmpeg',
    ({ state, process }) => state === 'LIVE' && process?.pid !== pid && process?.pid !== null,
  )
  await player.waitForFrames(50)
  const pause = longestPause(await player.frameTimes(), at - 100)!
  const changes = (await weir.events(stream.id, 'stream.state_changed')).filter((event) => event.at >= at)
  return { pid, at, after, pause, changes }
}

test('FFmpeg is killed: the same connection decodes again', async () => {
  const stream = await weir.liveStream({ name: 'Pattern', source: pattern })
  await using player = await browser.player()
  await player.playWhep(stream.playback!.whepUrl!)
  const first = await strike(stream, player, 'SIGKILL')
  console.log(`FFmpeg killed: no picture for ${Math.round(first.pause.ms)} ms`)
  expect(first.pause.ms).toBeLessThan(backWithinMs)
  // The second in a row is waited for by a second: that is what back-off is.
  const second = await strike(first.after, player, 'SIGKILL')
  console.log(`Killed again: no picture for ${Math.round(second.pause.ms)} ms`)
  expect(second.pause.ms).toBeLessThan(backWithinMs)
  for (const { changes } of [first, second]) {
    expect(changes.map(({ data }) => [data.to, data.cause])).toEqual([
      ['RECOVERING', 'KILLED'],
      ['LIVE', null],
    ])
  }
  expect(second.after.process).toMatchObject({ restarts: 2, lastExit: { cause: 'KILLED' } })
  expect(weir.ffmpegs()).toHaveLength(1)
  expect((await player.stats()).connectionState).toBe('connected')
  const producers = (await weir.stream(stream.id)).producers!.nodes
  expect(producers.map((producer) => producer!.id)).toEqual(stream.producers!.nodes.map((producer) => producer!.id))
})

test("a camera's FFmpeg is killed: the same connection decodes again from the next keyframe on", async () => {
  await using camera = await startCamera()
  const stream = await weir.liveStream({ name: 'Door', source: { url: { url: camera.url() } } })
  await using player = await browser.player()
  await player.playWhep(stream.playback!.whepUrl!)
  const { pause, changes } = await strike(stream, player, 'SIGKILL')
  console.log(`A camera's FFmpeg killed: no picture for ${Math.round(pause.ms)} ms`)
  expect(changes.map(({ data }) => data.to)).toEqual(['RECOVERING', 'LIVE'])
  expect(pause.ms).toBeLessThan(backWithinMs)
})

test('FFmpeg stands still: it is seen, ended and replaced', async () => {
  const stream = await weir.liveStream({ name: 'Pattern', source: pattern })
  await using player = await browser.player()
  await player.playWhep(stream.playback!.whepUrl!)
  const { pid, at, pause, changes } = await strike(stream, player, 'SIGSTOP')
  expect(changes.map(({ data }) => [data.to, data.cause])).toEqual([
    ['RECOVERING', 'STALLED'],
    ['LIVE', null],
  ])
  console.log(`FFmpeg frozen: seen after ${changes[0]!.at - at} ms, no picture for ${Math.round(pause.ms)} ms`)
  expect(readProcess(pid)?.state ?? 'gone').not.toBe('T')
  expect(weir.ffmpegs()).toHaveLength(1)
})

test('a camera that hangs with its connection open has stalled, and is live again when it goes on', async () => {
  await using camera = await startCamera()
  const stream = await weir.liveStream({ name: 'Door', source: { url: { url: camera.url() } } })
  await using player = await browser.player()
  await player.playWhep(stream.playback!.whepUrl!)
  await player.waitForFrames(25)
  camera.hang(true)
  await weir.waitForStream(stream.id, 'RECOVERING', ({ state }) => state === 'RECOVERING')
  camera.hang(false)
  await weir.waitForStream(stream.id, 'LIVE again', ({ state }) => state === 'LIVE')
  await player.waitForFrames(50)
  const [, seen] = await weir.events(stream.id, 'stream.state_changed')
  expect(seen!.data).toMatchObject({ to: 'RECOVERING', cause: 'STALLED' })
})
