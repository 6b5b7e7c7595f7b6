import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CreateStreamInput } from '../../src/client/generated/graphql.ts'
import { type CameraMount, startCameras } from './cameras.ts'
import { type ClipOptions, makeClip, makeRadio, makeTracks } from './clips.ts'
import { serveFolder, startHls } from './hls.ts'
import { FarmLog } from './log.ts'
import { startRadio } from './radio.ts'
import { startRtmp } from './rtmp.ts'
import { startSrt } from './srt.ts'
import { Witness } from './witness.ts'

export interface FarmSource {
  name: string
  source: CreateStreamInput['source']
  /** What its owner sets for it. */
  recovery?: NonNullable<CreateStreamInput['recovery']>
}

const cameras: (ClipOptions & { name: string; udp?: true })[] = [
  { name: 'camera 25 fps, keyframe 1 s, AAC', fps: 25, gopSeconds: 1, audio: 'aac' },
  { name: 'camera 25 fps, keyframe 2 s, A-law', fps: 25, gopSeconds: 2, audio: 'pcma' },
  {
    name: 'camera 15 fps, keyframe 4 s, very uneven scenes (own threshold)',
    fps: 15,
    gopSeconds: 4,
    scenes: 'very uneven',
  },
  { name: 'camera 5 fps, keyframe 8 s', fps: 5, gopSeconds: 8 },
  {
    name: 'camera 25 fps by UDP, keyframe 2 s, uneven scenes, AAC',
    fps: 25,
    gopSeconds: 2,
    scenes: 'uneven',
    audio: 'aac',
    udp: true,
  },
  {
    name: 'camera 15 fps, keyframe 8 s, uneven scenes, A-law',
    fps: 15,
    gopSeconds: 8,
    scenes: 'uneven',
    audio: 'pcma',
  },
]

const playlists: (ClipOptions & { segmentSeconds: number })[] = [
  { segmentSeconds: 2, fps: 25, gopSeconds: 2, audio: 'aac' },
  { segmentSeconds: 6, fps: 25, gopSeconds: 2, audio: 'aac' },
  { segmentSeconds: 6, fps: 15, gopSeconds: 6, scenes: 'uneven' },
]

/**
 * Sixteen sources that are good in all the ways that good sources differ in. What they send was encoded once, at the start, so
 * that they leave the processor to the server. Each goes on without a seam where its clip ends.
 */
export class Farm implements AsyncDisposable {
  readonly log: FarmLog
  readonly sources: FarmSource[]
  readonly #stack: AsyncDisposableStack

  private constructor(log: FarmLog, sources: FarmSource[], stack: AsyncDisposableStack) {
    this.log = log
    this.sources = sources
    this.#stack = stack
  }

  /** `mediaDir` is the server's: files for its FILE sources are put there. */
  static async start(mediaDir: string): Promise<Farm> {
    await using stack = new AsyncDisposableStack()
    const folder = await mkdtemp(join(tmpdir(), 'weir-soak-farm-'))
    stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
    await mkdir(mediaDir, { recursive: true })
    const log = new FarmLog()
    const sources = [
      ...(await cameraSources(folder, log, stack)),
      ...(await playlistSources(folder, log, stack)),
      ...(await fileSources(mediaDir)),
      { name: 'pattern 10 fps with tone', source: { testPattern: { width: 320, height: 180, fps: 10, tone: true } } },
      { name: 'pattern 5 fps', source: { testPattern: { width: 160, height: 90, fps: 5, tone: false } } },
      await radioSource(folder, log, stack),
      await rtmpSource(folder, log, stack),
      await srtSource(folder, log, stack),
    ]
    return new Farm(log, sources, stack.move())
  }

  /** Has every source with a URL read a second time, to the end of the farm. */
  addWitnesses(): void {
    for (const { name, source } of this.sources) {
      if (source.url) this.#stack.use(new Witness(name, source.url.url, this.log))
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }
}

async function cameraSources(folder: string, log: FarmLog, stack: AsyncDisposableStack): Promise<FarmSource[]> {
  const mounts: CameraMount[] = []
  for (const [at, camera] of cameras.entries()) {
    const tracks = await makeTracks(folder, `camera-${at}`, camera)
    mounts.push({ path: `/camera-${at}`, ...tracks, fps: camera.fps, audioCodec: camera.audio ?? null })
  }
  const { child, port } = await startCameras(mounts, log)
  stack.use(child)
  return cameras.map(({ name, udp, scenes }, at) => {
    const url = `rtsp://127.0.0.1:${port}/camera-${at}`
    const source = { url: { url, ...(udp ? { rtspTransport: 'UDP' as const } : {}) } }
    // Its bitrate falls by three quarters, which is an issue by the server's own setting: whoever has such a camera says so.
    return { name, source, ...(scenes === 'very uneven' ? { recovery: { bitrateDropPercent: 95 } } : {}) }
  })
}

async function playlistSources(folder: string, log: FarmLog, stack: AsyncDisposableStack): Promise<FarmSource[]> {
  const web = stack.use(await serveFolder(folder, log))
  const sources: FarmSource[] = []
  for (const [at, { segmentSeconds, ...clip }] of playlists.entries()) {
    const path = await makeClip(folder, `hls-${at}.mp4`, clip)
    stack.use(startHls(folder, path, segmentSeconds, log))
    sources.push({
      name: `HLS ${segmentSeconds} s, ${clip.fps} fps, ${clip.audio ?? 'no audio'}`,
      source: { url: { url: web.url(`/hls-${at}.m3u8`), kind: 'HLS' } },
    })
  }
  return sources
}

async function fileSources(mediaDir: string): Promise<FarmSource[]> {
  await makeClip(mediaDir, 'with-sound.mp4', { fps: 25, gopSeconds: 2, audio: 'aac', profile: 'high' })
  await makeClip(mediaDir, 'silent.mkv', { fps: 15, gopSeconds: 4 })
  return [
    { name: 'file in a loop, AAC', source: { file: { path: 'with-sound.mp4', loop: true } } },
    { name: 'file in a loop, no audio', source: { file: { path: 'silent.mkv', loop: true } } },
  ]
}

async function radioSource(folder: string, log: FarmLog, stack: AsyncDisposableStack): Promise<FarmSource> {
  const radio = stack.use(await startRadio(await makeRadio(folder), log))
  return { name: 'radio, MP3', source: { url: { url: radio.url('/radio.mp3'), kind: 'HTTP' } } }
}

async function rtmpSource(folder: string, log: FarmLog, stack: AsyncDisposableStack): Promise<FarmSource> {
  const clip = await makeClip(folder, 'rtmp.flv', { fps: 25, gopSeconds: 2, audio: 'aac' })
  return { name: 'RTMP, AAC', source: { url: { url: await startRtmp(folder, clip, log, stack) } } }
}

async function srtSource(folder: string, log: FarmLog, stack: AsyncDisposableStack): Promise<FarmSource> {
  const clip = await makeClip(folder, 'srt.ts', { fps: 25, gopSeconds: 2, audio: 'aac' })
  return { name: 'SRT, AAC', source: { url: { url: await startSrt(clip, log, stack) } } }
}
