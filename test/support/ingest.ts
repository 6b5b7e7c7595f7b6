import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { probeSource } from '../../src/media/ffmpeg/probe.ts'
import { patternTracks } from '../../src/media/ffmpeg/probe-output.ts'
import { startIngest } from '../../src/media/ffmpeg/process.ts'
import { kindsOf } from '../../src/media/ffmpeg/tracks.ts'
import type { IngestProcess, IngestSpec } from '../../src/media/ffmpeg/types.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { needsGate } from '../../src/sources/gate.ts'
import type { SourceTrack, StreamSource } from '../../src/streams/model.ts'
import { gate } from './gate.ts'
import { RtpReceiver } from './rtp-receiver.ts'

export const ingestDeps = { logger: silentLogger, now: Date.now, ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' }

export interface IngestOptions {
  tracks?: SourceTrack[]
  /** Instead of a fresh folder. */
  segmentFolder?: string | null
  fastProbe?: boolean
  videoSequence?: number
}

/** One real FFmpeg on a source, with receivers where mediasoup would be, and a folder for segments. */
export class Ingest implements AsyncDisposable {
  readonly process: IngestProcess
  readonly spec: IngestSpec
  readonly video: RtpReceiver
  readonly audio: RtpReceiver
  readonly folder: string

  constructor(process: IngestProcess, spec: IngestSpec, video: RtpReceiver, audio: RtpReceiver, folder: string) {
    this.process = process
    this.spec = spec
    this.video = video
    this.audio = audio
    this.folder = folder
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.stop(500)
    await Promise.all([this.video[Symbol.asyncDispose](), this.audio[Symbol.asyncDispose]()])
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** What a source carries: known for a pattern, learnt for all else. A URL is asked at the gate, as the server does it. */
export async function learn(source: StreamSource): Promise<SourceTrack[]> {
  if (source.kind === 'TEST_PATTERN') return patternTracks(source)
  if (!needsGate(source)) return probeSource(source, 20_000, ingestDeps)
  using gated = await gate(source)
  return await probeSource(gated.source, 20_000, { ...ingestDeps, gated })
}

export async function ingest(source: StreamSource, options: IngestOptions = {}): Promise<Ingest> {
  const tracks = options.tracks ?? (await learn(source))
  const kinds = kindsOf(tracks)
  const video = await RtpReceiver.open({
    ssrc: 0xf1234567,
    payloadType: 101,
    sequence: options.videoSequence ?? 65_500,
  })
  const audio = await RtpReceiver.open({ ssrc: 0x7654321, payloadType: 100, sequence: 7 })
  const folder = await mkdtemp(join(tmpdir(), 'weir-test-segments-'))
  const segmentFolder = options.segmentFolder === undefined ? folder : options.segmentFolder
  const gated = needsGate(source) ? await gate(source) : null
  const spec: IngestSpec = {
    streamId: 'stream_test',
    source: gated?.source ?? source,
    gated,
    tracks,
    rtp: {
      ...(kinds.includes('VIDEO') ? { VIDEO: video.target } : {}),
      ...(kinds.includes('AUDIO') ? { AUDIO: audio.target } : {}),
    },
    segments: segmentFolder === null ? null : { folder: segmentFolder, segmentSeconds: 1 },
    fastProbe: options.fastProbe ?? true,
  }
  return new Ingest(await startIngest(spec, ingestDeps), spec, video, audio, folder)
}
