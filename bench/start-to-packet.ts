import { startCamera } from '../test/support/camera.ts'
import { Weir } from '../test/support/weir.ts'
import { argumentsOf, firstPacketByHand } from './support/ffmpeg-by-hand.ts'
import { type Benchmark, type Figure, median } from './support/figure.ts'

const rounds = 12
const goalMs = 100

/** From the order to the first RTP packet in mediasoup, beside the same FFmpeg started by hand, in turns. */
export const startToPacket: Benchmark = {
  name: 'start-to-packet',
  title: 'startStream to the first RTP packet, tracks known',
  async run() {
    await using weir = await Weir.start()
    await using camera = await startCamera({ audio: 'aac' })
    return [
      await measure(weir, 'test pattern', { testPattern: {} }),
      await measure(weir, 'RTSP camera', { url: { url: camera.url() } }),
    ]
  },
}

type Source = Parameters<Weir['liveStream']>[0]['source']

async function measure(weir: Weir, what: string, source: Source): Promise<Figure> {
  const { id } = await weir.liveStream({ name: what, source })
  const ours: number[] = []
  const byHand: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    await stop(weir, id)
    const orderedAt = Date.now()
    await weir.startStream(id)
    const { stateSince, process } = await weir.waitForStream(
      id,
      'LIVE',
      (s) => s.state === 'LIVE' && s.process?.pid !== null,
    )
    ours.push(Date.parse(stateSince) - orderedAt)
    const commandLine = asWritten(argumentsOf(process!.pid!), source)
    await stop(weir, id)
    byHand.push(await firstPacketByHand(commandLine))
  }
  const [value, beside] = [median(ours), median(byHand)]
  return {
    what: `${what}: median of ${rounds}`,
    value,
    unit: 'ms',
    beside: { what: 'the same FFmpeg by hand', value: beside },
    goal: `at most ${goalMs} ms more`,
    reached: value - beside <= goalMs,
    samples: ours,
  }
}

/** What FFmpeg was told, with the source's own address in the place of the gate's, which is gone with the process. */
function asWritten(commandLine: string[], { url }: Source): string[] {
  const at = commandLine.indexOf('-i') + 1
  return url ? commandLine.with(at, url.url) : commandLine
}

async function stop(weir: Weir, id: string): Promise<void> {
  await weir.stopStream(id)
  await weir.waitForStream(id, 'STOPPED', ({ state }) => state === 'STOPPED')
}
