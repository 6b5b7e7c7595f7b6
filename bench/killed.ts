import { startCamera } from '../test/support/camera.ts'
import { Browser, longestPause } from '../test/support/chromium.ts'
import { Weir } from '../test/support/weir.ts'
import { type Benchmark, type Figure, percentile } from './support/figure.ts'

const rounds = 20
const goalMs = 2000

/** FFmpeg is killed under a playing viewer: how long the same RTCPeerConnection shows nothing new. */
export const killed: Benchmark = {
  name: 'killed',
  title: 'FFmpeg killed until the same viewer decodes again',
  async run() {
    await using weir = await Weir.start()
    await using browser = await Browser.launch()
    await using camera = await startCamera()
    return [
      ...(await measure(weir, browser, 'test pattern', { testPattern: { width: 640, height: 360 } })),
      ...(await measure(weir, browser, 'RTSP camera, a keyframe a second', { url: { url: camera.url() } })),
    ]
  },
}

async function measure(
  weir: Weir,
  browser: Browser,
  what: string,
  source: Parameters<Weir['liveStream']>[0]['source'],
): Promise<Figure[]> {
  const stream = await weir.liveStream({ name: what, source })
  await using player = await browser.player()
  await player.playWhep(stream.playback!.whepUrl!)
  const pauses: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    await player.waitForFrames(40)
    const { process: ffmpeg } = await weir.waitForStream(stream.id, 'LIVE', ({ process }) => process?.pid !== null)
    const at = Date.now()
    process.kill(ffmpeg!.pid!, 'SIGKILL')
    await weir.waitForStream(stream.id, 'LIVE again', (s) => s.state === 'LIVE' && s.process?.pid !== ffmpeg!.pid)
    await player.waitForFrames(25)
    pauses.push(longestPause(await player.frameTimes(), at - 100)!.ms)
  }
  await weir.deleteStream(stream.id)
  return [50, 99].map((percent) => {
    const value = percentile(pauses, percent / 100)
    return {
      what: `${what}: p${percent} of ${rounds}`,
      value,
      unit: 'ms',
      beside: { what: 'the limit', value: goalMs },
      goal: `p99 at most ${goalMs} ms`,
      reached: value <= goalMs,
      samples: pauses,
    }
  })
}
