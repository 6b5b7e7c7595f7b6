import { spawn } from 'node:child_process'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startCamera } from '../support/camera.ts'
import * as documents from '../support/documents.ts'
import { startHlsSource } from '../support/hls-source.ts'
import { sample } from '../support/samples.ts'
import { healthOf, namedSince, waitForHealth } from '../support/stream-health.ts'
import { until } from '../support/until.ts'
import { Weir } from '../support/weir.ts'

/** The soak watches for hours. */
const watchedMs = 60_000

/** Takes whatever processor there is, every other second. */
const noise = 'while :; do timeout 1 sh -c "while :; do :; done"; sleep 1; done'

test('of good sources nothing is said, with a noisy processor beside them', async () => {
  await using resources = new AsyncDisposableStack()
  const small = { width: 320, height: 180 }
  const weir = resources.use(await Weir.start())
  await mkdir(weir.mediaDir, { recursive: true })
  await copyFile(await sample('h264-high-aac.mp4'), join(weir.mediaDir, 'film.mp4'))
  const noisy = spawn('setpriv', ['--pdeathsig', 'KILL', 'sh', '-c', noise], { stdio: 'ignore', detached: true })
  resources.defer(() => void process.kill(-noisy.pid!, 'SIGKILL'))

  const everySecond = resources.use(await startCamera({ video: small, audio: 'aac' }))
  const everyFourth = resources.use(await startCamera({ video: { ...small, keyframeSeconds: 4 }, audio: 'pcmu' }))
  const sound = resources.use(await startCamera({ video: null, audio: 'pcma' }))
  const bursts = resources.use(await startHlsSource(4))
  const sources = {
    'a keyframe a second': { url: { url: everySecond.url() } },
    'a keyframe in four seconds': { url: { url: everyFourth.url() } },
    'sound alone': { url: { url: sound.url() } },
    'HLS in bursts of four seconds': { url: { url: bursts.url } },
    'a film': { file: { path: 'film.mp4' } },
  }
  const streams = await Promise.all(
    Object.entries(sources).map(async ([name, source]) => {
      const { id } = await weir.liveStream({ name, source, recovery: { pictureStill: true } })
      await waitForHealth(weir, id, 'good', ({ health }) => health?.status === 'HEALTHY')
      return { name, id }
    }),
  )

  // Nothing is to happen, and for that there is no event.
  await pause(watchedMs)
  for (const { name, id } of streams) {
    expect([name, await namedSince(weir, id, 0)]).toEqual([name, []])
    expect(await healthOf(weir, id)).toMatchObject({ state: 'LIVE', health: { status: 'HEALTHY', issues: [] } })
    expect(await weir.events(id, 'stream.state_changed')).toHaveLength(1)
  }

  // What watches the pictures is switched off without touching the streams, and ends with them.
  const pictures = () => weir.processes().filter(({ commandLine }) => commandLine.includes('-skip_frame nokey'))
  const before = weir.ffmpegs().map(({ pid }) => pid)
  expect(pictures()).toHaveLength(4)
  await weir.api.request(documents.UpdateTestStream, {
    id: streams[0]!.id,
    input: { recovery: { pictureStill: false } },
  })
  await until('one watches less', () => pictures().length === 3)
  expect(weir.ffmpegs().map(({ pid }) => pid)).toEqual(before)
  await weir.clear()
  await until('none watches', () => pictures().length === 0)
}, 300_000)
