import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Player } from './chromium.ts'

const run = promisify(execFile)
const flashSeconds = 0.12

/**
 * Makes an MP4 (H.264 and AAC, a keyframe a second) in which a white flash and a 1 kHz beep begin together at each full second.
 * `beepLateMs` puts the beep later than the flash, for tests of the measurement itself.
 */
export async function makeFlashBeepFile(path: string, { seconds = 60, beepLateMs = 0 } = {}): Promise<void> {
  const isOn = (time: string) => `lt(mod(${time}\\,1)\\,${flashSeconds})`
  const picture = `color=black:s=320x240:r=25,drawbox=color=white:t=fill:enable=${isOn('t')}`
  const sound = `aevalsrc=0.5*sin(2*PI*1000*t)*${isOn(`(t+1-${beepLateMs / 1000})`)}:s=48000`
  await run('ffmpeg', [
    ...[
      '-nostdin',
      '-y',
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      picture,
      '-f',
      'lavfi',
      '-i',
      sound,
      '-t',
      String(seconds),
    ],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline'],
    ...['-pix_fmt', 'yuv420p', '-g', '25', '-c:a', 'aac', '-b:a', '96k', path],
  ])
}

/** How much later than the flash the beep is, as Chromium shows and plays them, for each pair in their order. */
export interface FlashBeepOffsets {
  all: number[]
  /** The median of the last ones. */
  medianMs: number
}

/**
 * Measures what the player gets by WebRTC right now. Frames and samples are taken where WebRTC hands them over to be shown and
 * played, after it has delayed one to fit the other. It changes that delay by small steps, so it is given time: the
 * measurement ends when `steady` pairs in a row were within `withinMs`, or after `atMost` pairs.
 */
export async function measureFlashBeep(
  player: Player,
  { steady = 5, withinMs = 80, atMost = 30 } = {},
): Promise<FlashBeepOffsets> {
  const all = await player.page.evaluate(recordOffsets, { steady, withinMs, atMost })
  const last = all.slice(-steady).sort((a, b) => a - b)
  return { all, medianMs: last[Math.floor(last.length / 2)]! }
}

/** As Chromium has it; TypeScript's DOM library does not yet. */
declare const MediaStreamTrackProcessor: new <Data extends AudioData | VideoFrame>(init: {
  track: MediaStreamTrack
}) => { readable: ReadableStream<Data> }

/** Runs in the page. Times are of the page's performance clock, in ms. */
async function recordOffsets(limits: { steady: number; withinMs: number; atMost: number }): Promise<number[]> {
  const media = document.querySelector('video')!.srcObject as MediaStream
  const flashes: number[] = []
  const beeps: number[] = []
  /** A flash's own beep is the nearest; it is known half a second later. */
  const offsets = () =>
    flashes
      .filter((flash) => performance.now() - flash > 500)
      .map((flash) => beeps.map((beep) => beep - flash).sort((a, b) => Math.abs(a) - Math.abs(b))[0])
      .filter((offset) => offset !== undefined)
  const isEnough = () => {
    const last = offsets().slice(-limits.steady)
    return (
      flashes.length >= limits.atMost ||
      (last.length === limits.steady && last.every((offset) => Math.abs(offset) < limits.withinMs))
    )
  }
  const bright = 128
  const loud = 0.05
  const silenceMs = 200

  async function watch(): Promise<void> {
    const frames = new MediaStreamTrackProcessor<VideoFrame>({ track: media.getVideoTracks()[0]! }).readable.getReader()
    let wasBright: boolean | null = null
    while (!isEnough()) {
      const { value: frame } = await frames.read()
      if (!frame) return
      const at = performance.now()
      const planes = new Uint8Array(frame.allocationSize())
      const [luminance] = await frame.copyTo(planes)
      const { codedWidth, codedHeight } = frame
      frame.close()
      const middle = luminance!.offset + (codedHeight >> 1) * luminance!.stride + (codedWidth >> 1)
      const isBright = planes[middle]! > bright
      if (isBright && wasBright === false) flashes.push(at)
      wasBright = isBright
    }
    await frames.cancel()
  }

  async function listen(): Promise<void> {
    const chunks = new MediaStreamTrackProcessor<AudioData>({ track: media.getAudioTracks()[0]! }).readable.getReader()
    let loudAt = performance.now()
    while (!isEnough()) {
      const { value: chunk } = await chunks.read()
      if (!chunk) return
      const arrivedAt = performance.now()
      const samples = new Float32Array(chunk.numberOfFrames)
      chunk.copyTo(samples, { planeIndex: 0, format: 'f32-planar' })
      const first = samples.findIndex((sample) => Math.abs(sample) > loud)
      if (first >= 0) {
        const at = arrivedAt + (first / chunk.sampleRate) * 1000
        if (at - loudAt > silenceMs) beeps.push(at)
        loudAt = at
      }
      chunk.close()
    }
    await chunks.cancel()
  }

  await Promise.all([watch(), listen()])
  return offsets()
}
