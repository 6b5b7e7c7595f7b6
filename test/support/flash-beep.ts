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

/** How much later than the flash the beep is, as Chromium shows and plays them. */
export interface FlashBeepOffset {
  medianMs: number
  /** One for each pair, in their order. */
  offsetsMs: number[]
}

/**
 * Measures what the player plays right now, until `pairs` pairs of flash and beep have been seen. Flashes are timed by when
 * their frame is due on the screen, beeps by when their sample is due at the loudspeaker.
 */
export async function measureFlashBeep(player: Player, pairs = 8): Promise<FlashBeepOffset> {
  const { flashes, beeps } = await player.page.evaluate(recordFlashesAndBeeps, pairs)
  const offsetsMs = flashes
    .map((flash) => beeps.map((beep) => beep - flash).sort((a, b) => Math.abs(a) - Math.abs(b))[0]!)
    .filter((offset) => Math.abs(offset) < 450)
  const sorted = offsetsMs.toSorted((a, b) => a - b)
  if (sorted.length === 0) throw new Error(`no pair in ${flashes.length} flashes and ${beeps.length} beeps`)
  return { medianMs: sorted[Math.floor(sorted.length / 2)]!, offsetsMs }
}

/** Runs in the page. Times are of the page's performance clock, in ms. */
async function recordFlashesAndBeeps(pairs: number): Promise<{ flashes: number[]; beeps: number[] }> {
  const video = document.querySelector('video')!
  const flashes: number[] = []
  const beeps: number[] = []
  const { promise: enough, resolve } = Promise.withResolvers<void>()
  const check = () => flashes.length > pairs && beeps.length > pairs && resolve()

  const canvas = new OffscreenCanvas(8, 8)
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  let wasBright: boolean | null = null
  const onFrame = (_now: number, frame: VideoFrameCallbackMetadata) => {
    context.drawImage(video, 0, 0, 8, 8)
    const isBright = context.getImageData(4, 4, 1, 1).data[0]! > 128
    if (isBright && wasBright === false) flashes.push(frame.expectedDisplayTime)
    wasBright = isBright
    check()
    video.requestVideoFrameCallback(onFrame)
  }
  video.requestVideoFrameCallback(onFrame)

  // Says at which sample a sound begins after at least a fifth of a second of silence.
  const onsetDetector = `registerProcessor('onsets', class extends AudioWorkletProcessor {
    silentSince = currentFrame
    process([[samples]]) {
      if (!samples) return true
      for (let i = 0; i < samples.length; i += 1) {
        if (Math.abs(samples[i]) < 0.05) continue
        if (currentFrame + i - this.silentSince > sampleRate / 5) this.port.postMessage((currentFrame + i) / sampleRate)
        this.silentSince = currentFrame + i
      }
      return true
    }
  })`
  const audio = new AudioContext()
  await audio.audioWorklet.addModule(URL.createObjectURL(new Blob([onsetDetector], { type: 'text/javascript' })))
  const detector = new AudioWorkletNode(audio, 'onsets')
  const source =
    video.srcObject instanceof MediaStream
      ? audio.createMediaStreamSource(video.srcObject)
      : audio.createMediaElementSource(video)
  source.connect(detector).connect(audio.destination)
  detector.port.onmessage = ({ data: contextTime }: MessageEvent<number>) => {
    const output = audio.getOutputTimestamp()
    beeps.push(output.performanceTime! + (contextTime - output.contextTime!) * 1000)
    check()
  }
  await enough
  await audio.close()
  return { flashes, beeps }
}
