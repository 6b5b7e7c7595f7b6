import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { faultyCamera } from '../support/rtsp-faults.ts'
import { until } from '../support/until.ts'
import { Weir } from '../support/weir.ts'

let weir: Weir

beforeAll(async () => {
  weir = await Weir.start()
})
afterEach(() => weir.clear())
afterAll(() => weir?.[Symbol.asyncDispose]())

const source = { testPattern: { width: 160, height: 120, fps: 10, tone: false } }

test('started twice at once: one FFmpeg', async () => {
  const id = await weir.createStream({ name: 'Twice', source })
  await Promise.all([weir.startStream(id), weir.startStream(id)])
  await weir.waitForStream(id, 'LIVE and settled', (s) => s.state === 'LIVE' && s.generation === s.observedGeneration)
  const running = weir.ffmpegs().map(({ pid }) => pid)
  expect(running).toHaveLength(1)
  await weir.startStream(id)
  await weir.waitForStream(id, 'settled', (s) => s.generation === s.observedGeneration && s.state === 'LIVE')
  expect(weir.ffmpegs().map(({ pid }) => pid)).toEqual(running)
})

test('stopped while it is starting: it ends STOPPED and nothing is left', async () => {
  await using camera = await faultyCamera('silent')
  const id = await weir.createStream({ name: 'Hasty', source: { url: { url: camera.url } }, start: true })
  await until('something works on it', () => camera.connections > 0)
  await weir.stopStream(id)
  await weir.waitForStream(id, 'STOPPED', (s) => s.state === 'STOPPED' && s.generation === s.observedGeneration)
  expect(weir.processes().filter(({ commandLine }) => commandLine.includes(`:${camera.port}`))).toEqual([])
})

test('deleted while it is live: nobody can watch it and nothing is left', async () => {
  const stream = await weir.liveStream({ name: 'Gone', source })
  await weir.deleteStream(stream.id)
  await until('no FFmpeg is left', () => weir.ffmpegs().length === 0)
  const whep = await fetch(stream.playback!.whepUrl!, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp' },
    body: 'v=0\r\n',
  })
  expect(whep.status).toBeGreaterThanOrEqual(400)
  expect(whep.status).toBeLessThan(500)
  expect((await fetch(stream.playback!.hlsUrl!)).status).toBe(404)
})

test('50 random orders in a second end as last ordered, and no process is left over', async () => {
  const ids = await Promise.all(['A', 'B', 'C'].map((name) => weir.createStream({ name, source })))
  const orders = ['startStream', 'stopStream', 'restartStream'] as const
  const wanted = new Map<string, 'RUNNING' | 'STOPPED'>()
  let seed = Date.now() % 2 ** 31
  console.log(`50 random orders from seed ${seed}`)
  const random = (below: number) => {
    seed = (seed * 48271) % (2 ** 31 - 1)
    return seed % below
  }
  // Each stream's orders follow one another, those of different streams cross.
  await Promise.all(
    ids.map(async (id, i) => {
      for (let n = i; n < 50; n += ids.length) {
        const order = orders[random(orders.length)]!
        await weir[order](id)
        wanted.set(id, order === 'stopStream' ? 'STOPPED' : 'RUNNING')
      }
    }),
  )
  for (const id of ids) {
    const state = wanted.get(id) === 'RUNNING' ? 'LIVE' : 'STOPPED'
    await weir.waitForStream(
      id,
      `${state} and settled`,
      (s) => s.state === state && s.generation === s.observedGeneration,
    )
  }
  const running = [...wanted.values()].filter((state) => state === 'RUNNING').length
  expect(weir.ffmpegs()).toHaveLength(running)
  expect(weir.workers()).toHaveLength(2)

  await Promise.all(ids.map((id) => weir.stopStream(id)))
  for (const id of ids) await weir.waitForStream(id, 'STOPPED', ({ state }) => state === 'STOPPED')
  expect(weir.ffmpegs()).toEqual([])
})
