import '../../support/worker.ts'

import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../src/ids.ts'
import type { Pool } from '../../../src/media/mediasoup/pool.ts'
import type { StreamMedia } from '../../../src/media/mediasoup/types.ts'
import { createPictureWatch, type PictureWatch } from '../../../src/media/still/picture-watch.ts'
import { silentLogger } from '../../../src/platform/logs/logger.ts'
import { producerSpecs, startPool } from '../../support/media-bed.ts'
import { allProcesses } from '../../support/processes.ts'
import { RtpSender } from '../../support/rtp-sender.ts'
import { until } from '../../support/until.ts'

let pool: Pool
beforeAll(async () => {
  pool = await startPool()
})
afterAll(() => pool.close())

/** The same picture again and again, with the noise of a sensor. */
const still = "select='eq(n,0)',loop=-1:1,setpts=N/30/TB,noise=alls=12:allf=t"
/** The same, and in a corner something as small as a digit that comes and goes. */
const clock = `${still},drawbox=x=8:y=8:w=12:h=16:color=white:t=fill:enable='mod(floor(t),2)'`

const watchers = () =>
  allProcesses().filter(
    ({ commandLine }) => commandLine.includes('-skip_frame nokey') && commandLine.includes('ffmpeg'),
  )

class Watched implements AsyncDisposable {
  readonly media: StreamMedia
  readonly watch: PictureWatch
  #timer: NodeJS.Timeout | undefined

  constructor(media: StreamMedia) {
    this.media = media
    this.watch = createPictureWatch({ logger: silentLogger, now: Date.now, ffmpeg: 'ffmpeg' })
    this.goOn()
  }

  static async open(): Promise<Watched> {
    return new Watched(await pool.openStream(newId('Stream'), producerSpecs('VIDEO')))
  }

  async sender(options: { picture?: string; size?: string }): Promise<RtpSender> {
    return new RtpSender({ VIDEO: await this.media.rtpTarget('VIDEO') }, options)
  }

  isStill(): Promise<number> {
    return until('the picture is still', () => this.watch.stillSince())
  }

  goOn(): void {
    this.#timer = setInterval(() => this.watch.follow(this.media), 200)
  }

  pause(): void {
    clearInterval(this.#timer)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.pause()
    await this.watch.close()
    await this.media.close()
  }
}

test('a picture that stops changing under its noise is seen, and that it changes again; FFmpegs come and go beneath', async () => {
  await using watched = await Watched.open()
  await using moving = await watched.sender({})
  await until('it is watched', () => watchers().length === 1)
  expect(watched.watch.stillSince()).toBeNull()
  await moving.kill()

  const stoodAt = Date.now()
  await using standing = await watched.sender({ picture: still, size: '640x360' })
  const since = await watched.isStill()
  expect(since).toBeGreaterThanOrEqual(stoodAt)
  // A keyframe a second here: two groups of pictures and 5 s, by the times of the keyframes themselves.
  expect(since - stoodAt).toBeLessThan(7_000)
  await standing.kill()

  await using _again = await watched.sender({})
  await until('it changes', () => watched.watch.stillSince() === null)
})

test('a clock that goes is a change', async () => {
  await using standing = await Watched.open()
  await using ticking = await Watched.open()
  await using _clock = await ticking.sender({ picture: clock, size: '640x360' })
  await until('it is watched', () => watchers().length === 2)
  await using _still = await standing.sender({ picture: still, size: '640x360' })
  await standing.isStill()
  expect(ticking.watch.stillSince()).toBeNull()
})

test('its FFmpeg ends with it, and with the video; one that dies is followed by another', async () => {
  await using watched = await Watched.open()
  const { ports: withoutIt } = await pool.inventory()
  await using _sender = await watched.sender({ picture: still, size: '640x360' })
  const [first] = await until('it is watched', () => watchers().length === 1 && watchers())
  process.kill(first!.pid, 'SIGKILL')
  await until('it is watched again', () => watchers().some(({ pid }) => pid !== first!.pid))
  await watched.isStill()

  watched.pause()
  watched.watch.follow(null)
  expect(watched.watch.stillSince()).toBeNull()
  await until('none is left', () => watchers().length === 0)
  await until('its ports are given back', async () => (await pool.inventory()).ports === withoutIt)

  watched.goOn()
  await until('it is watched once more', () => watchers().length === 1)
  watched.pause()
  await watched.media.close()
  await until('none is left', () => watchers().length === 0)
})
