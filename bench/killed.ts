import { setTimeout as pause } from 'node:timers/promises'
import { startCamera } from '../test/support/camera.ts'
import { Browser, longestPause, type Player } from '../test/support/chromium.ts'
import { Weir } from '../test/support/weir.ts'
import { type Benchmark, type Figure, percentile } from './support/figure.ts'

const rounds = 20
const goalMs = 2000
/** A stream that has been live for so long has its failures forgotten; sooner, it would be made to wait. */
const forgottenAfterMs = 11_000

type Source = Parameters<Weir['liveStream']>[0]['source']

/** FFmpeg is killed under a playing viewer: how long the same RTCPeerConnection shows nothing new. */
export const killed: Benchmark = {
  name: 'killed',
  title: 'FFmpeg killed until the same viewer decodes again',
  async run() {
    await using weir = await Weir.start()
    await using browser = await Browser.launch()
    await using camera = await startCamera()
    const subjects = [
      await Subject.start(weir, browser, 'test pattern', { testPattern: { width: 640, height: 360 } }),
      await Subject.start(weir, browser, 'RTSP camera, a keyframe a second', { url: { url: camera.url() } }),
    ]
    for (let round = 0; round < rounds; round += 1) {
      const restedAt = performance.now() + forgottenAfterMs
      for (const subject of subjects) await subject.strike()
      await pause(Math.max(0, restedAt - performance.now()))
    }
    return subjects.flatMap((subject) => subject.figures())
  },
}

/** A stream, its viewer, and how long that viewer saw nothing after each kill. */
class Subject {
  readonly #weir: Weir
  readonly #what: string
  readonly #streamId: string
  readonly #player: Player
  readonly #pauses: number[] = []

  private constructor(weir: Weir, what: string, streamId: string, player: Player) {
    this.#weir = weir
    this.#what = what
    this.#streamId = streamId
    this.#player = player
  }

  static async start(weir: Weir, browser: Browser, what: string, source: Source): Promise<Subject> {
    const stream = await weir.liveStream({ name: what, source })
    const player = await browser.player()
    await player.playWhep(stream.playback!.whepUrl!)
    return new Subject(weir, what, stream.id, player)
  }

  async strike(): Promise<void> {
    await this.#player.waitForFrames(40)
    const { process: ffmpeg } = await this.#weir.waitForStream(this.#streamId, 'LIVE', (s) => s.process?.pid != null)
    const at = Date.now()
    process.kill(ffmpeg!.pid!, 'SIGKILL')
    await this.#weir.waitForStream(
      this.#streamId,
      'LIVE again',
      (s) => s.state === 'LIVE' && s.process?.pid !== ffmpeg!.pid,
    )
    await this.#player.waitForFrames(25)
    this.#pauses.push(longestPause(await this.#player.frameTimes(), at - 100)!.ms)
  }

  figures(): Figure[] {
    const figures = [
      { name: 'median', value: percentile(this.#pauses, 0.5) },
      { name: 'the longest', value: Math.max(...this.#pauses) },
    ]
    return figures.map(({ name, value }) => {
      return {
        what: `${this.#what}: ${name} of ${rounds}`,
        value,
        unit: 'ms',
        beside: { what: 'the limit', value: goalMs },
        goal: `at most ${goalMs} ms`,
        reached: value <= goalMs,
        samples: this.#pauses,
      }
    })
  }
}
