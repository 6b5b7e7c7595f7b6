import type { SourceTrack, TestPatternSource } from '../../streams/model.ts'

/** What ffprobe prints as JSON, as far as it is read here. */
export interface ProbeOutput {
  streams?: ProbeStream[]
  packets?: ProbePacket[]
}
interface ProbeStream {
  index: number
  codec_type?: string
  codec_name?: string
  profile?: string
  width?: number
  height?: number
  pix_fmt?: string
  avg_frame_rate?: string
  r_frame_rate?: string
  channels?: number
  sample_rate?: string
  disposition?: { attached_pic?: number }
}
interface ProbePacket {
  stream_index?: number
  pts?: number
}

/** The first track of each kind that sends something: cameras announce sound and never send any, and FFmpeg would wait for it. */
export function tracksInProbe({ streams = [], packets = [] }: ProbeOutput): SourceTrack[] {
  const sending = new Set(packets.map(({ stream_index }) => stream_index))
  const alive = streams.filter(
    ({ index, codec_name, disposition }) =>
      sending.has(index) && codec_name !== undefined && codec_name !== 'unknown' && disposition?.attached_pic !== 1,
  )
  const video = alive.find(({ codec_type }) => codec_type === 'video')
  const audio = alive.find(({ codec_type }) => codec_type === 'audio')
  return [...(video ? [videoTrack(video, packets)] : []), ...(audio ? [audioTrack(audio)] : [])]
}

function videoTrack(stream: ProbeStream, packets: ProbePacket[]): SourceTrack {
  const times = packets.flatMap(({ stream_index, pts }) => (stream_index === stream.index ? (pts ?? []) : []))
  return {
    kind: 'VIDEO',
    codec: stream.codec_name!,
    profile: known(stream.profile),
    width: stream.width || null,
    height: stream.height || null,
    fps: rate(stream.avg_frame_rate) ?? rate(stream.r_frame_rate),
    pixelFormat: known(stream.pix_fmt),
    // Not by has_b_frames: that is what the encoder reserved, and many a camera reserves what it never uses.
    hasBFrames: times.length < 2 ? null : times.some((pts, at) => at > 0 && pts < times[at - 1]!),
    channels: null,
    sampleRate: null,
  }
}

function audioTrack(stream: ProbeStream): SourceTrack {
  return {
    kind: 'AUDIO',
    codec: stream.codec_name!,
    profile: known(stream.profile),
    width: null,
    height: null,
    fps: null,
    pixelFormat: null,
    hasBFrames: null,
    channels: stream.channels || null,
    sampleRate: Number(stream.sample_rate) || null,
  }
}

function known(text: string | undefined): string | null {
  return text === undefined || text === 'unknown' ? null : text
}

/** E.g. "30000/1001"; null for "0/0" and for the rates that FFmpeg takes from a clock instead of frames. */
function rate(text: string | undefined): number | null {
  const [numerator = 0, denominator = 0] = (text ?? '').split('/').map(Number)
  const fps = denominator > 0 ? numerator / denominator : 0
  return fps > 0 && fps <= 240 ? Math.round(fps * 1000) / 1000 : null
}

/** What the test pattern carries, known without asking. */
export function patternTracks(source: TestPatternSource): SourceTrack[] {
  const { width, height, fps } = source
  const none = { profile: null, width: null, height: null, fps: null, pixelFormat: null, hasBFrames: null }
  const video = { ...none, codec: 'rawvideo', width, height, fps, pixelFormat: 'yuv420p', channels: null }
  const tone = { ...none, codec: 'pcm_s16le', channels: 1, sampleRate: 48_000 }
  return [{ ...video, kind: 'VIDEO', sampleRate: null }, ...(source.tone ? [{ ...tone, kind: 'AUDIO' } as const] : [])]
}
