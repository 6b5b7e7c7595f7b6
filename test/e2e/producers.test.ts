import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser } from '../support/chromium.ts'
import * as documents from '../support/documents.ts'
import { type StreamView, Weir } from '../support/weir.ts'

let weir: Weir
let browser: Browser

beforeAll(async () => {
  ;[weir, browser] = await Promise.all([Weir.start(), Browser.launch()])
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await weir?.[Symbol.asyncDispose]()
})

const source = { testPattern: { width: 320, height: 240, tone: true } }

/** The states of the stream's producers of a kind, newest first. */
function states({ producers }: StreamView, kind: 'VIDEO' | 'AUDIO'): string[] {
  return producers!.nodes.filter((producer) => producer?.kind === kind).map((producer) => producer!.state)
}

const bothActive = (stream: StreamView) =>
  stream.state === 'LIVE' && states(stream, 'VIDEO')[0] === 'ACTIVE' && states(stream, 'AUDIO')[0] === 'ACTIVE'

test('a producer that was closed stays closed, through kills and restarts of the server, until its stream is restarted by order', async () => {
  const { id } = await weir.liveStream({ name: 'Pattern', source })
  const before = await weir.waitForStream(id, 'sending both', bothActive)
  const sound = before.producers!.nodes.find((producer) => producer?.kind === 'AUDIO')!
  await weir.api.request(documents.CloseTestProducer, { id: sound.id })
  const closed = await weir.waitForStream(
    id,
    'settled',
    (stream) => stream.generation === stream.observedGeneration && stream.state === 'LIVE',
  )
  expect(states(closed, 'AUDIO')).toEqual(['CLOSED'])
  expect(states(closed, 'VIDEO')).toEqual(['ACTIVE'])

  process.kill(closed.process!.pid!, 'SIGKILL')
  const replaced = await weir.waitForStream(
    id,
    'LIVE by another FFmpeg',
    ({ state, process: other }) => state === 'LIVE' && other?.pid != null && other.pid !== closed.process!.pid,
  )
  expect(states(replaced, 'AUDIO')).toEqual(['CLOSED'])

  await weir.end('SIGKILL')
  await weir.start()
  const revived = await weir.waitForStream(
    id,
    'LIVE again with its picture',
    (stream) => stream.state === 'LIVE' && states(stream, 'VIDEO')[0] === 'ACTIVE',
  )
  expect(states(revived, 'AUDIO')).toEqual(['CLOSED'])
  expect(states(revived, 'VIDEO')).toEqual(['ACTIVE'])

  await weir.restartStream(id)
  const restarted = await weir.waitForStream(id, 'sending both again', bothActive)
  expect(states(restarted, 'AUDIO')).toEqual(['ACTIVE', 'CLOSED'])
  expect(states(restarted, 'VIDEO')).toEqual(['ACTIVE'])
  await weir.clear()
})

test('a producer that is made again under a playing viewer is played by it', async () => {
  const { id } = await weir.liveStream({ name: 'Pattern', source })
  const before = await weir.waitForStream(id, 'sending both', bothActive)
  await using player = await browser.player()
  await player.playWhep(before.playback!.whepUrl!)
  await player.waitForFrames(25)
  const picture = before.producers!.nodes.find((producer) => producer?.kind === 'VIDEO')!
  await weir.api.request(documents.CloseTestProducer, { id: picture.id })
  const without = await weir.waitForStream(id, 'settled', (stream) => stream.generation === stream.observedGeneration)
  expect(states(without, 'VIDEO')).toEqual(['CLOSED'])
  await weir.api.request(documents.CreateTestProducer, { input: { streamId: id, kind: 'VIDEO' } })
  const again = await weir.waitForStream(id, 'sending both again', bothActive)
  expect(states(again, 'VIDEO')).toEqual(['ACTIVE', 'CLOSED'])
  await player.waitForFrames(25)
  expect((await player.stats()).connectionState).toBe('connected')
  await weir.clear()
})
