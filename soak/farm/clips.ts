import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** How much less there is to encode in the calm half of each minute: none, a part, most of it. */
export type Scenes = 'even' | 'uneven' | 'very uneven'

export interface ClipOptions {
  fps: number
  gopSeconds: number
  scenes?: Scenes
  audio?: 'aac' | 'pcma' | null
  width?: number
  height?: number
  profile?: 'baseline' | 'main' | 'high'
}

/** A multiple of every length of a group of pictures in use, so that a loop begins where a group does. */
export const clipSeconds = 120

/** The part of the picture's width that stands still in every second half minute. */
const still: Record<Scenes, number> = { even: 0, uneven: 0.45, 'very uneven': 0.8 }

/** Encoded once, without B-frames, as cameras do; whoever sends it only copies. */
function videoArguments({
  fps,
  gopSeconds,
  scenes = 'even',
  width = 320,
  height = 180,
  profile = 'main',
}: ClipOptions) {
  const picture = [`testsrc2=size=${width}x${height}:rate=${fps}`]
  if (still[scenes] > 0) picture.push(`drawbox=w=iw*${still[scenes]}:color=gray:t=fill:enable='gt(mod(t\\,60)\\,30)'`)
  const rate = scenes === 'even' ? ['-b:v', '300k', '-maxrate', '300k', '-bufsize', '300k'] : ['-crf', '30']
  const frames = String(gopSeconds * fps)
  return {
    input: ['-f', 'lavfi', '-i', picture.join(',')],
    codec: [
      ...['-c:v', 'libx264', '-preset', 'superfast', '-profile:v', profile, '-pix_fmt', 'yuv420p', '-bf', '0'],
      ...['-g', frames, '-keyint_min', frames, '-sc_threshold', '0', '-threads', '1', '-x264-params', 'aud=1', ...rate],
    ],
  }
}

const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:beep_factor=4:sample_rate=48000']

async function make(args: string[]): Promise<void> {
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args])
}

/** One file with all tracks; the name's ending says the container. */
export async function makeClip(folder: string, name: string, options: ClipOptions): Promise<string> {
  const path = join(folder, name)
  const { input, codec } = videoArguments(options)
  const audio = options.audio === 'aac' ? ['-c:a', 'aac', '-ac', '2', '-b:a', '96k'] : ['-an']
  const length = ['-t', String(clipSeconds)]
  await make([...input, ...(options.audio ? tone : []), ...codec, ...audio, ...length, path])
  return path
}

/** Bare tracks for a camera: H.264 with a delimiter before each picture, and AAC in ADTS or A-law. */
export async function makeTracks(
  folder: string,
  name: string,
  options: ClipOptions,
): Promise<{ video: string; audio: string | null }> {
  const { input, codec } = videoArguments(options)
  const video = join(folder, `${name}.h264`)
  const length = ['-t', String(clipSeconds)]
  await make([...input, ...codec, ...length, '-f', 'h264', video])
  if (!options.audio) return { video, audio: null }
  const audio = join(folder, `${name}.${options.audio}`)
  const format =
    options.audio === 'aac'
      ? ['-c:a', 'aac', '-ac', '2', '-b:a', '96k', '-f', 'adts']
      : ['-c:a', 'pcm_alaw', '-ar', '8000', '-ac', '1', '-f', 'alaw']
  await make([...tone, ...length, ...format, audio])
  return { video, audio }
}

export const radioBytesPerSecond = 16_000

/** MP3 at 128 kbit/s whose frames lean on no other, so that it can be sent round and round. */
export async function makeRadio(folder: string): Promise<string> {
  const path = join(folder, 'radio.mp3')
  const codec = ['-c:a', 'libmp3lame', '-b:a', '128k', '-reservoir', '0', '-write_xing', '0', '-id3v2_version', '0']
  await make([...tone, '-t', String(clipSeconds), ...codec, '-f', 'mp3', path])
  return path
}
