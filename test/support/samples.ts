import { execFile } from 'node:child_process'
import { mkdir, rename, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25']
const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000']
const silence = ['-map', '0:v']
const both = ['-map', '0:v', '-map', '1:a']
const x264 = (...more: string[]) => [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-g',
  '25',
  '-pix_fmt',
  'yuv420p',
  ...more,
]
const plain = x264('-tune', 'zerolatency', '-profile:v', 'high', '-x264-params', 'cabac=1:8x8dct=1')
const aac = ['-c:a', 'aac', '-ac', '2', '-b:a', '96k']

/** Short files of every make that a source may be, by the name that says what is in them. Four seconds, a keyframe a second. */
const recipes = {
  'h264-high-aac.mp4': [...picture, ...sound, ...both, ...plain, ...aac],
  'h264-high.mp4': [...picture, ...silence, ...plain],
  'h264-baseline.mkv': [...picture, ...silence, ...x264('-tune', 'zerolatency', '-profile:v', 'baseline')],
  'h264-b-frames-aac.mp4': [
    ...[...picture, ...sound, ...both],
    ...x264('-bf', '2', '-x264-params', 'b-adapt=0:cabac=1', '-profile:v', 'main'),
    ...aac,
  ],
  'h264-444.mkv': [...picture, ...silence, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv444p'],
  'h264-high-aac.ts': [...picture, ...sound, ...both, ...plain, ...aac],
  'h264-b-frames.ts': [...picture, ...silence, ...x264('-bf', '2', '-x264-params', 'b-adapt=0', '-profile:v', 'main')],
  'h264-high-aac.flv': [...picture, ...sound, ...both, ...plain, ...aac],
  'hevc.mp4': [...picture, ...silence, '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error'],
  'mpeg4-mp3.avi': [...picture, ...sound, ...both, '-c:v', 'mpeg4', '-c:a', 'libmp3lame'],
  'h264-pcmu.mkv': [...picture, ...sound, ...both, ...plain, '-c:a', 'pcm_mulaw', '-ar', '8000', '-ac', '1'],
  'h264-opus.mkv': [...picture, ...sound, ...both, ...plain, '-c:a', 'libopus', '-ac', '2'],
  'aac.m4a': [...sound, '-map', '0:a', ...aac],
  'pcmu.wav': [...sound, '-map', '0:a', '-c:a', 'pcm_mulaw', '-ar', '8000', '-ac', '1'],
  // Packets of 2.5 ms: many a second, to fill a pipe with what is said of them.
  'h264-fast-opus.mkv': [
    ...[...picture, ...sound, ...both, ...plain],
    ...['-c:a', 'libopus', '-frame_duration', '2.5', '-application', 'lowdelay', '-ac', '1', '-b:a', '64k'],
  ],
  'odd-size.mkv': [...['-f', 'lavfi', '-i', 'testsrc2=size=321x241:rate=25'], ...silence, '-c:v', 'ffv1'],
} satisfies Record<string, string[]>

export type SampleName = keyof typeof recipes

/** The folder that holds the samples; they are made once a machine. */
export const sampleFolder = join(tmpdir(), 'weir-test-samples-1')

/** The path of a sample, made by FFmpeg where it is not there yet. */
export async function sample(name: SampleName): Promise<string> {
  const path = join(sampleFolder, name)
  if (await stat(path).catch(() => null)) return path
  await mkdir(sampleFolder, { recursive: true })
  const unfinished = join(sampleFolder, `unfinished-${process.pid}-${name}`)
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...recipes[name], '-t', '4', unfinished])
  await rename(unfinished, path)
  return path
}
