import { startCamera } from '../test/support/camera.ts'
import { Browser } from '../test/support/chromium.ts'
import { Weir } from '../test/support/weir.ts'
import { type Benchmark, type Figure, median } from './support/figure.ts'

const rounds = 8

/** From the order to the first frame that Chromium shows, the offer sent as soon as the stream is LIVE. */
export const firstFrame: Benchmark = {
  name: 'first-frame',
  title: 'startStream to the first frame in the browser',
  async run() {
    await using weir = await Weir.start()
    await using browser = await Browser.launch()
    await using camera = await startCamera()
    return [
      await measure(weir, browser, 'test pattern', { testPattern: {} }),
      await measure(weir, browser, 'RTSP camera, a keyframe a second', { url: { url: camera.url() } }),
    ]
  },
}

async function measure(
  weir: Weir,
  browser: Browser,
  what: string,
  source: Parameters<Weir['liveStream']>[0]['source'],
): Promise<Figure> {
  const { id, playback } = await weir.liveStream({ name: what, source })
  const total: number[] = []
  const live: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    await weir.stopStream(id)
    await weir.waitForStream(id, 'STOPPED', ({ state }) => state === 'STOPPED')
    await using player = await browser.player()
    const orderedAt = Date.now()
    await weir.startStream(id)
    const { stateSince } = await weir.waitForStream(id, 'LIVE', ({ state }) => state === 'LIVE')
    await player.playWhep(playback!.whepUrl!)
    await player.waitForFrames(1)
    await player.waitForPicture(1)
    total.push((await player.frameTimes())[0]! - orderedAt)
    live.push(Date.parse(stateSince) - orderedAt)
  }
  return {
    what: `${what}: median of ${rounds}`,
    value: median(total),
    unit: 'ms',
    beside: { what: 'of that until the first RTP packet', value: median(live) },
    goal: 'to be known',
    reached: true,
    samples: total,
  }
}
