import type {
  SourceKind,
  SourceTrack,
  StreamSource,
  TestPatternSource,
  UrlSource,
  UrlSourceKind,
} from '../../streams/model.ts'
import { initName, listName, segmentPattern } from '../segments/names.ts'
import { fifo, interleaveMicroseconds, rtpUrl, slave, tee } from './tee.ts'
import { planTracks, type Treatment, trackOf } from './tracks.ts'
import type { IngestSpec, RtpTarget, SegmentTarget } from './types.ts'

/** The descriptors on which FFmpeg writes its packet log and its progress. */
export const packetLogFd = 3
export const progressFd = 4

/** A source that says nothing for so long is given up by FFmpeg itself; deadlines by wall clock are the caller's. */
export const silenceSeconds = 8

/**
 * Everything that one FFmpeg is told: one input, each track encoded at most once a codec, and one tee whose legs are
 * RTP (must work), segments and the packet log (may fail). One tee and not several outputs, because only so the two RTP
 * legs get one clock in their sender reports, and because only a leg of a tee may fail alone.
 */
export function ingestArguments(spec: IngestSpec): string[] {
  const plan = planTracks(spec.tracks)
  const video = trackOf(spec.tracks, 'VIDEO')
  const audio = trackOf(spec.tracks, 'AUDIO')
  const audioInput = spec.source.kind === 'TEST_PATTERN' ? 1 : 0
  const encodings: Encoding[] = []
  const add = (use: Use, map: string, codec: string[]) => encodings.push({ use, map, codec })

  if (video && plan.video && (spec.rtp.VIDEO || spec.segments))
    add('video', '0:V:0', h264(video, plan.video, spec.source.kind))
  if (audio && plan.audio && spec.rtp.AUDIO) add('opus', `${audioInput}:a:0`, opus(audio, plan.audio.opus))
  if (audio && plan.audio && spec.segments) add('aac', `${audioInput}:a:0`, aac(audio, plan.audio.aac))
  if (encodings.length === 0) throw new TypeError('an ingest without any output')

  const index = (use: Use) => encodings.findIndex((encoding) => encoding.use === use)
  const only = (...uses: Use[]) => uses.map(index).filter((found) => found >= 0)
  const legs: string[] = []
  if (spec.rtp.VIDEO && index('video') >= 0)
    // The parameter sets go in band before every keyframe.
    legs.push(rtpLeg(spec.rtp.VIDEO, only('video'), { 'bsfs/v': 'dump_extra=freq=keyframe' }))
  if (spec.rtp.AUDIO && index('opus') >= 0) legs.push(rtpLeg(spec.rtp.AUDIO, only('opus'), {}))
  if (spec.segments) legs.push(segmentLeg(spec.segments, only('video', 'aac'), plan.audio?.aac === 'COPY'))
  legs.push(packetLogLeg(index('opus') >= 0 ? only('video', 'opus') : only('video', 'aac')))

  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', logLevel(spec.source.kind)],
    ...['-progress', `pipe:${progressFd}`, '-stats_period', '1'],
    ...inputArguments(spec, plan.video === 'COPY'),
    ...encodings.flatMap(({ map }) => ['-map', map]),
    ...encodings.flatMap(({ codec: [name = '', ...options] }, at) => [
      `-c:${at}`,
      name,
      ...options.map((option) => option.replace(/^(-.*)$/, `$1:${at}`)),
    ]),
    // Without it a tee counts copied video in frames: times are rounded, and a late one shifts all that follow.
    ...['-copytb', '1'],
    ...['-max_interleave_delta', String(interleaveMicroseconds)],
    ...['-f', 'tee', tee(legs)],
  ]
}

/** What is told at this level: the streams, RTSP's redirects; over HTTP redirects show in nothing but new connections. */
export function logLevel(kind: SourceKind): string {
  return kind === 'HTTP' || kind === 'HLS' ? 'level+verbose' : 'level+info'
}

type Use = 'video' | 'opus' | 'aac'
interface Encoding {
  use: Use
  map: string
  codec: string[]
}

/** Which schemes FFmpeg may be told for a kind of source, and which of its protocols may serve it: what leads to the gate on loopback. */
const protocols: Record<UrlSourceKind, { schemes: string[]; whitelist: string }> = {
  RTSP: { schemes: ['rtsp'], whitelist: 'tcp' },
  RTMP: { schemes: ['rtmp'], whitelist: 'rtmp,tcp' },
  HLS: { schemes: ['http'], whitelist: 'http,tcp,crypto' },
  HTTP: { schemes: ['http'], whitelist: 'http,tcp' },
  SRT: { schemes: ['srt'], whitelist: 'srt' },
}

/** Containers with media in them, and none of the formats that name other files (concat, hls, dash …). */
const fileFormats = 'mov,matroska,mpegts,mpeg,flv,avi,asf,wav,mp3,aac,flac,ogg,h264,hevc,m4v,mxf,ivf,w64,caf'

/** What a playlist may have for pieces, and itself. */
const pieceFormats = 'hls,mpegts,mov,aac,mp3,ac3,eac3,webvtt'

function inputArguments(spec: IngestSpec, copiesVideo: boolean): string[] {
  const { source } = spec
  switch (source.kind) {
    case 'TEST_PATTERN':
      return patternArguments(source)
    case 'FILE': {
      const loop = ['-re', '-stream_loop', source.loop ? '-1' : '0']
      return [...loop, ...(copiesVideo ? byteStreamArguments(source.path) : fileArguments(source.path))]
    }
    default: {
      // These come in bursts, several seconds at once.
      const paced = source.kind === 'HLS' || source.kind === 'HTTP'
      // What comes as MPEG-TS does not say at its start what it carries: there the short way fails every time.
      const fast = spec.fastProbe && (source.kind === 'RTSP' || source.kind === 'RTMP')
      return [
        ...(fast ? ['-analyzeduration', '0', '-fpsprobesize', '0'] : []),
        ...(paced ? ['-re'] : []),
        ...urlArguments(source, silenceSeconds),
      ]
    }
  }
}

/**
 * How a URL is opened, for FFmpeg and ffprobe alike, with its `-i`; given up after so many seconds without a byte.
 * Throws TypeError for a scheme that is not the kind's.
 */
export function urlArguments(source: UrlSource, silenceSeconds: number): string[] {
  const { schemes, whitelist } = protocols[source.kind]
  const scheme = source.url.slice(0, source.url.indexOf('://')).toLowerCase()
  if (!schemes.includes(scheme)) throw new TypeError(`not a URL for a source of kind ${source.kind}`)
  const microseconds = String(silenceSeconds * 1_000_000)
  const perKind: Record<UrlSourceKind, string[]> = {
    RTSP: [
      ...['-rtsp_transport', source.rtspTransport === 'UDP' ? 'udp' : 'tcp', '-allowed_media_types', 'video+audio'],
      ...['-timeout', microseconds, '-buffer_size', String(4 * 1024 * 1024)],
    ],
    RTMP: ['-rtmp_live', 'live', '-rw_timeout', microseconds],
    HLS: ['-format_whitelist', pieceFormats, '-f', 'hls', '-rw_timeout', microseconds],
    HTTP: ['-format_whitelist', `${fileFormats},mpjpeg,mjpeg,ac3,eac3`, '-rw_timeout', microseconds],
    SRT: Object.entries(srtOptions(silenceSeconds)).flatMap(([name, value]) => [`-${name}`, value]),
  }
  // Said by standard input, with the same options.
  if (holdsSecrets(source))
    return ['-protocol_whitelist', `pipe,${whitelist}`, '-f', 'concat', '-safe', '0', '-i', 'pipe:0']
  const forMedia = source.rtspTransport === 'UDP' ? ',udp,rtp' : ''
  return ['-protocol_whitelist', whitelist + forMedia, ...perKind[source.kind], '-i', source.url]
}

/**
 * What FFmpeg or ffprobe is to read from its standard input for a source, given up as urlArguments has it; null for nothing. An address whose
 * secrets FFmpeg itself needs stands in a list of one piece: on the command line every user of this machine could read it.
 */
export function standardInput(source: StreamSource, silenceSeconds: number): string | null {
  if (source.kind !== 'SRT' || !holdsSecrets(source)) return null
  const options = Object.entries(srtOptions(silenceSeconds)).map(([name, value]) => `option ${name} ${value}\n`)
  return `ffconcat version 1.0\nfile '${source.url.replaceAll("'", "'\\''")}'\n${options.join('')}`
}

/** SRT encrypts by its passphrase, and says by its stream id who it is; the gate can not do either for FFmpeg. */
function holdsSecrets(source: UrlSource): boolean {
  return source.kind === 'SRT' && /[?&](?:passphrase|streamid|srt_streamid)=/.test(source.url)
}

function srtOptions(silenceSeconds: number): Record<string, string> {
  return { timeout: String(silenceSeconds * 1_000_000), connect_timeout: String((silenceSeconds * 1000) / 2) }
}

/** How a file is opened, for FFmpeg and ffprobe alike, with its `-i`. The path is absolute. */
export function fileArguments(path: string): string[] {
  return ['-protocol_whitelist', 'file', '-format_whitelist', fileFormats, '-i', `file:${path}`]
}

/**
 * The same file as a list of one, because FFmpeg's list reader makes a byte stream of H.264 from MP4 by itself. The usual
 * filter for that ends where the file begins again. Without a duration, however wrong, a list can't begin again.
 */
function byteStreamArguments(path: string): string[] {
  const list = `ffconcat version 1.0\nfile 'file:${path.replaceAll("'", "'\\''")}'\nduration 1\n`
  const whitelists = ['-protocol_whitelist', 'file,data', '-format_whitelist', `concat,${fileFormats}`]
  const encoded = Buffer.from(list).toString('base64')
  return [...whitelists, '-f', 'concat', '-safe', '0', '-i', `data:text/plain;base64,${encoded}`]
}

/** testsrc2 moves and writes the running time and the frame's number by itself, without any font. */
function patternArguments(source: TestPatternSource): string[] {
  const video = `testsrc2=size=${source.width}x${source.height}:rate=${source.fps}`
  const tone = 'sine=frequency=440:beep_factor=4:sample_rate=48000'
  return [...['-re', '-f', 'lavfi', '-i', video], ...(source.tone ? ['-re', '-f', 'lavfi', '-i', tone] : [])]
}

const bitsPerPixel = 0.1
const bitrateKbpsFloor = 300
const bitrateKbpsCeiling = 6000

/** A bitrate for a picture of this size; for one of 720p where the size is unknown. */
export function videoBitrateKbps(track: Pick<SourceTrack, 'width' | 'height' | 'fps'>): number {
  const pixels = Math.min((track.width ?? 1280) * (track.height ?? 720), 1920 * 1080)
  const fps = Math.min(track.fps ?? 25, 60)
  const kbps = Math.round((pixels * fps * bitsPerPixel) / 1000)
  return Math.min(Math.max(kbps, bitrateKbpsFloor), bitrateKbpsCeiling)
}

/** Constrained Baseline, a keyframe a second by the media's clock, at most 1080p, even sides. */
function h264(track: SourceTrack, treatment: Treatment, kind: SourceKind): string[] {
  // What comes from MP4 or FLV is made into a byte stream before the tee: a leg's own filter would come after the leg's
  // muxer has seen what the source looks like, and RTP would be cut in the wrong places. A file comes as one already.
  if (treatment === 'COPY') return kind === 'FILE' ? ['copy'] : ['copy', '-bsf', 'h264_mp4toannexb']
  const kbps = videoBitrateKbps(track)
  const fit = "scale='trunc(iw*min(1,min(1920/iw,1080/ih))/2)*2':'trunc(ih*min(1,min(1920/iw,1080/ih))/2)*2'"
  return [
    'libx264',
    ...['-preset', kind === 'TEST_PATTERN' ? 'ultrafast' : 'superfast', '-tune', 'zerolatency', '-profile', 'baseline'],
    ...['-filter', `${fit},format=yuv420p`, '-fps_mode', 'vfr'],
    ...['-force_key_frames', 'expr:gte(t,n_forced)', '-g', '600'],
    ...['-b', `${kbps}k`, '-maxrate', `${kbps}k`, '-bufsize', `${kbps}k`],
    ...['-flags', '+global_header'],
  ]
}

const channelsOf = (track: SourceTrack) => (track.channels === 1 ? '1' : '2')
/** Gaps in the sound stay gaps: `async` would fill them, and an hour of silence would leave as one burst. */
const resample = ['-ar', '48000']

function opus(track: SourceTrack, treatment: Treatment): string[] {
  if (treatment === 'COPY') return ['copy']
  return ['libopus', '-ac', channelsOf(track), '-b', track.channels === 1 ? '48k' : '96k', ...resample]
}

function aac(track: SourceTrack, treatment: Treatment): string[] {
  if (treatment === 'COPY') return ['copy']
  const kbps = track.channels === 1 ? '64k' : '128k'
  return ['aac', '-ac', channelsOf(track), '-b', kbps, ...resample, '-flags', '+global_header']
}

function rtpLeg(target: RtpTarget, streams: number[], filters: Record<string, string>): string {
  const options = { ssrc: target.ssrc | 0, payload_type: target.payloadType, seq: target.sequence, ...filters }
  return slave({ format: 'rtp', streams, mayFail: false, options }, rtpUrl(target))
}

function segmentLeg(target: SegmentTarget, streams: number[], copiedAac: boolean): string {
  const options = {
    ...fifo(600),
    hls_time: target.segmentSeconds,
    hls_segment_type: 'fmp4',
    hls_fmp4_init_filename: initName,
    hls_segment_filename: `${target.folder}/${segmentPattern}`,
    hls_list_size: 10,
    hls_flags: 'temp_file',
    // AAC from MPEG-TS carries its header in band, which fMP4 refuses; other AAC passes unchanged. Not before the tee:
    // FFmpeg ends such a filter where a file begins again.
    ...(copiedAac ? { 'bsfs/a': 'aac_adtstoasc' } : {}),
  }
  return slave({ format: 'hls', streams, mayFail: true, options }, `${target.folder}/${listName}`)
}

function packetLogLeg(streams: number[]): string {
  return slave({ format: 'framecrc', streams, mayFail: true, options: fifo(120) }, `pipe:${packetLogFd}`)
}

/** What FFmpeg is told to see whether it works at all: its version, and a few frames through our encoder. */
export const versionArguments: readonly string[] = ['-version']
export const shortRunArguments: readonly string[] = [
  ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error'],
  ...['-f', 'lavfi', '-i', 'testsrc2=size=128x72:rate=10', '-frames:v', '5'],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-f', 'null', '-'],
]
