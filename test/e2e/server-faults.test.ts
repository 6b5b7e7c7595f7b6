import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Browser } from '../support/chromium.ts'
import { until } from '../support/until.ts'
import { Weir } from '../support/weir.ts'

let weir: Weir
let browser: Browser

beforeAll(async () => {
  ;[weir, browser] = await Promise.all([Weir.start(), Browser.launch()])
})
afterEach(async () => {
  if (!weir.isRunning) await weir.start()
  await weir.clear()
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await weir?.[Symbol.asyncDispose]()
})

const source = { testPattern: { width: 320, height: 240 } }

async function plays(streamId: string): Promise<void> {
  const { playback } = await weir.waitForStream(streamId, 'LIVE', ({ state }) => state === 'LIVE')
  await using player = await browser.player()
  await player.playWhep(playback!.whepUrl!)
  await player.waitForFrames(25)
}

test('the server is killed: nothing of it is left, and the next start brings the streams back', async () => {
  const [running, stopped] = [
    await weir.liveStream({ name: 'Running', source }),
    await weir.createStream({ name: 'Stopped', source }),
  ]
  expect(weir.ffmpegs()).toHaveLength(1)
  expect(weir.workers()).toHaveLength(2)
  await weir.end('SIGKILL')
  // The second is the requirement itself.
  await until('no process of it is left', () => weir.processes().length === 0, {
    timeoutMs: 1000,
    explain: () => weir.processes(),
  })
  await weir.start()
  await plays(running.id)
  expect((await weir.stream(stopped)).state).toBe('STOPPED')
  expect(weir.ffmpegs()).toHaveLength(1)
})

test('SIGTERM: it ends in order with 0, nothing is left, and the next start brings the streams back', async () => {
  const { id } = await weir.liveStream({ name: 'Running', source })
  await using player = await browser.player()
  await player.playWhep((await weir.stream(id)).playback!.whepUrl!)
  const exit = await weir.end('SIGTERM')
  expect({ code: exit.code, signal: exit.signal }).toEqual({ code: 0, signal: null })
  // The ten seconds are the requirement itself.
  expect(exit.tookMs).toBeLessThan(10_000)
  await until('no process of it is left', () => weir.processes().length === 0, { timeoutMs: 1000 })
  await weir.start()
  await plays(id)
})

test('a mediasoup worker dies: it is replaced, and its streams come back by themselves', async () => {
  const streams = await Promise.all([
    weir.liveStream({ name: 'One', source }),
    weir.liveStream({ name: 'Two', source }),
  ])
  const before = weir.workers().map(({ pid }) => pid)
  for (const pid of before) process.kill(pid, 'SIGKILL')
  await until('both workers are new', () => {
    const now = weir.workers().map(({ pid }) => pid)
    return now.length === before.length && now.every((pid) => !before.includes(pid))
  })
  for (const { id } of streams) {
    await until('the death is told', async () =>
      (await weir.events(id, 'stream.state_changed')).some(({ data }) => data.cause === 'WORKER_DIED'),
    )
    await plays(id)
  }
  expect(weir.ffmpegs()).toHaveLength(2)
})

test("the players' port is taken: the start ends in words that name the setting", async () => {
  const holder = createSocket('udp4').bind(0, '127.0.0.1')
  await once(holder, 'listening')
  try {
    await using late = await Weir.prepare({
      env: { WEBRTC_PORT: String(holder.address().port), MEDIASOUP_WORKERS: '1' },
    })
    const exit = await late.launch()
    expect(exit.code).toBe(1)
    expect(late.logTail()).toContain('set WEBRTC_PORT')
    expect(late.logTail()).not.toMatch(/^ +at /m)
    expect(late.processes()).toEqual([])
  } finally {
    holder.close()
  }
})

test('a second server on the same folder is refused in words, and the first goes on', async () => {
  await using second = await Weir.prepare({ folder: weir.folder })
  // It must end before it is ready; the error carries its code and its last lines.
  const refusal = await second.start().catch((error: Error) => error.message)
  expect(refusal).toContain('the server ended (1)')
  expect(refusal).toContain(weir.dataDir)
  await plays((await weir.liveStream({ name: 'First', source })).id)
})
