/**
 * Records what FFmpeg and ffprobe write when a source misbehaves, for cause.test.ts: `node test/media/ffmpeg/corpus/record.ts`.
 * Run it again with a new FFmpeg; what it then calls differently shows as a failing test.
 */
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { probeSource } from '../../../../src/media/ffmpeg/probe.ts'
import { startIngest } from '../../../../src/media/ffmpeg/process.ts'
import type { IngestProcess, RtpTarget } from '../../../../src/media/ffmpeg/types.ts'
import { silentLogger } from '../../../../src/platform/logs/logger.ts'
import { SourceFailure } from '../../../../src/streams/causes.ts'
import type {
  FailureCause,
  FileSource,
  SourceTrack,
  StreamSource,
  UrlSource,
  UrlSourceKind,
} from '../../../../src/streams/model.ts'
import { type Camera, startCamera } from '../../../support/camera.ts'
import { freeTcpPort } from '../../../support/free-ports.ts'
import { RtpReceiver } from '../../../support/rtp-receiver.ts'
import { faultyCamera, type RtspFault } from '../../../support/rtsp-faults.ts'
import { sample } from '../../../support/samples.ts'
import { WebServer } from '../../../support/web-server.ts'
import type { Recorded } from './recorded.ts'

type Source = UrlSource | FileSource
interface Case {
  name: string
  expected: FailureCause
  /** Where that is another: it is ended by its deadline without a word. */
  expectedOfProbe?: FailureCause
  open(resources: AsyncDisposableStack): Promise<Source>
}

const url = (kind: UrlSourceKind, address: string): UrlSource => ({ kind, url: address })
const rtspFault = (fault: RtspFault, expected: FailureCause): Case => ({
  name: `rtsp-${fault}`,
  expected,
  open: async (resources) => url('RTSP', resources.use(await faultyCamera(fault)).url),
})
const web = (
  name: string,
  expected: FailureCause,
  kind: 'HTTP' | 'HLS',
  answer: (r: ServerResponse, path: string) => void,
): Case => ({
  name,
  expected,
  async open(resources) {
    const server = resources.use(await WebServer.start((request, response) => answer(response, request.url ?? '')))
    return url(kind, server.url(kind === 'HLS' ? '/live.m3u8' : '/video.mp4'))
  },
})
const status = (kind: 'HTTP' | 'HLS', code: number, expected: FailureCause) =>
  web(`${kind.toLowerCase()}-${code}`, expected, kind, (response) => response.writeHead(code).end('no'))

/** A TCP server that treats every connection so. */
async function tcp(resources: AsyncDisposableStack, fault: 'hang' | 'close' | 'garbage'): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    if (fault === 'close') socket.destroy()
    if (fault === 'garbage') socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(200))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  resources.defer(() => void server.close())
  return (server.address() as { port: number }).port
}
const raw = (
  name: string,
  fault: 'hang' | 'close' | 'garbage',
  kind: UrlSourceKind,
  scheme: string,
  expected: FailureCause,
): Case => ({
  name,
  expected,
  open: async (resources) => url(kind, `${scheme}://127.0.0.1:${await tcp(resources, fault)}/live/stream`),
})
const refused = (kind: UrlSourceKind, scheme: string, expected: FailureCause): Case => ({
  name: `${kind.toLowerCase()}-refused`,
  expected,
  open: async () => url(kind, `${scheme}://127.0.0.1:${await freeTcpPort()}/live/stream`),
})
const dns = (kind: UrlSourceKind, scheme: string): Case => ({
  name: `${kind.toLowerCase()}-dns`,
  expected: 'DNS',
  open: async () => url(kind, `${scheme}://user:pa55word@no-such-host.invalid:5000/live/stream?token=pa55word`),
})
const file = (name: string, expected: FailureCause, path: (folder: string) => Promise<string>): Case => ({
  name,
  expected,
  async open(resources) {
    const folder = await mkdtemp(join(tmpdir(), 'weir-corpus-'))
    resources.defer(() => rm(folder, { recursive: true }))
    return { kind: 'FILE', path: await path(folder), loop: false }
  },
})
const written = (name: string, content: string) => async (folder: string) => {
  await writeFile(join(folder, name), content)
  return join(folder, name)
}

const cases: Case[] = [
  rtspFault('refuse', 'REFUSED'),
  rtspFault('hang', 'TIMEOUT'),
  rtspFault('silent', 'NO_MEDIA'),
  rtspFault('close', 'REFUSED'),
  rtspFault(401, 'AUTH'),
  rtspFault(403, 'AUTH'),
  rtspFault(404, 'NOT_FOUND'),
  rtspFault(500, 'REFUSED'),
  dns('RTSP', 'rtsp'),
  dns('HTTP', 'http'),
  dns('RTMP', 'rtmp'),
  dns('SRT', 'srt'),
  {
    name: 'rtsp-wrong-password',
    expected: 'AUTH',
    async open(resources) {
      const camera = resources.use(await startCamera({ password: 'right' }))
      return url('RTSP', camera.url({ user: 'viewer', password: 'pa55word' }))
    },
  },
  {
    name: 'rtsp-no-such-path',
    expected: 'NOT_FOUND',
    open: async (resources) => url('RTSP', resources.use(await startCamera()).url({ path: '/other' })),
  },
  {
    name: 'rtsp-unreachable',
    expected: 'UNREACHABLE',
    open: async () => url('RTSP', 'rtsp://user:pa55word@255.255.255.255:554/live'),
  },
  raw('rtsp-not-rtsp', 'garbage', 'RTSP', 'rtsp', 'REFUSED'),
  raw('rtsps-not-tls', 'garbage', 'RTSP', 'rtsps', 'TLS'),
  refused('HTTP', 'http', 'REFUSED'),
  status('HTTP', 401, 'AUTH'),
  status('HTTP', 403, 'AUTH'),
  status('HTTP', 404, 'NOT_FOUND'),
  status('HTTP', 500, 'REFUSED'),
  raw('http-hang', 'hang', 'HTTP', 'http', 'TIMEOUT'),
  raw('http-close', 'close', 'HTTP', 'http', 'REFUSED'),
  raw('https-not-tls', 'garbage', 'HTTP', 'https', 'TLS'),
  web('http-page', 'UNSUPPORTED', 'HTTP', (response) =>
    response.end('<!doctype html><title>Hello</title>'.repeat(100)),
  ),
  web('http-empty', 'UNSUPPORTED', 'HTTP', (response) => response.end()),
  rtspFault('redirect', 'REDIRECT_LOOP'),
  { ...rtspFault('drip', 'NO_MEDIA'), expectedOfProbe: 'TIMEOUT' },
  web('http-redirect-loop', 'REDIRECT_LOOP', 'HTTP', (response, path) =>
    response.writeHead(302, { location: `${path}0` }).end(),
  ),
  web('hls-redirect-loop', 'REDIRECT_LOOP', 'HLS', (response, path) =>
    response.writeHead(302, { location: path }).end(),
  ),
  // A list of lists that names itself, and one whose pieces are the list itself.
  web('hls-own-variant', 'REDIRECT_LOOP', 'HLS', (response) =>
    response.end('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=100000\nlive.m3u8\n'),
  ),
  web('hls-own-segment', 'REDIRECT_LOOP', 'HLS', (response) =>
    response.end(`#EXTM3U\n#EXT-X-TARGETDURATION:1\n${'#EXTINF:1,\nlive.m3u8\n'.repeat(3)}`),
  ),
  web('http-drip', 'TIMEOUT', 'HTTP', (response) => {
    const timer = setInterval(() => response.write('a'), 1000)
    response.once('close', () => clearInterval(timer))
  }),
  // FFmpeg says no more than that something was wrong.
  web('http-redirect-file', 'UNKNOWN', 'HTTP', (response) =>
    response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  ),
  status('HLS', 404, 'NOT_FOUND'),
  status('HLS', 401, 'AUTH'),
  refused('HLS', 'http', 'REFUSED'),
  web('hls-page', 'UNSUPPORTED', 'HLS', (response) => response.end('<!doctype html><title>Hello</title>')),
  web('hls-no-segments', 'NOT_FOUND', 'HLS', (response, path) => {
    if (path === '/live.m3u8')
      response.end('#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n0.ts\n#EXTINF:1,\n1.ts\n#EXT-X-ENDLIST\n')
    else response.writeHead(404).end()
  }),
  refused('RTMP', 'rtmp', 'REFUSED'),
  raw('rtmp-hang', 'hang', 'RTMP', 'rtmp', 'TIMEOUT'),
  raw('rtmp-close', 'close', 'RTMP', 'rtmp', 'REFUSED'),
  raw('rtmp-not-rtmp', 'garbage', 'RTMP', 'rtmp', 'UNSUPPORTED'),
  raw('rtmps-not-tls', 'garbage', 'RTMP', 'rtmps', 'TLS'),
  refused('SRT', 'srt', 'TIMEOUT'),
  file('file-missing', 'NOT_FOUND', async (folder) => join(folder, 'gone.mp4')),
  file('file-no-media', 'UNSUPPORTED', written('text.mp4', 'This is no film.\n'.repeat(200))),
  file('file-playlist', 'UNSUPPORTED', written('list.m3u8', '#EXTM3U\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n')),
  file('file-empty', 'UNSUPPORTED', written('empty.mp4', '')),
]

const track = { profile: null, width: 320, height: 240, fps: 25, pixelFormat: null, hasBFrames: null }
const deps = { logger: silentLogger, now: Date.now, ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' }

const probeDeadlineMs = 14_000

interface Run {
  tracks?: SourceTrack[]
  rtp?: RtpTarget
  ffmpeg?: string
  /** Done once the process runs. */
  act?(running: IngestProcess, receiver: RtpReceiver): Promise<unknown>
}

async function byFfmpeg(
  name: string,
  expected: FailureCause,
  source: StreamSource,
  { tracks, act, rtp, ffmpeg = deps.ffmpeg }: Run = {},
): Promise<Recorded> {
  await using receiver = await RtpReceiver.open()
  const running = await startIngest(
    {
      streamId: 'corpus',
      source,
      tracks: tracks ?? [{ ...track, kind: 'VIDEO', codec: 'h264', channels: null, sampleRate: null }],
      rtp: { VIDEO: rtp ?? receiver.target },
      segments: null,
      fastProbe: true,
    },
    { ...deps, ffmpeg },
  )
  let stopped = false
  const timer = setTimeout(() => {
    stopped = true
    running.stop()
  }, 14_000)
  await Promise.race([act?.(running, receiver), running.exited])
  const { code, signal, log, at } = await running.exited
  clearTimeout(timer)
  const packets = running.sample().tracks.reduce((sum, { packets }) => sum + packets, 0)
  const elapsedMs = at - running.startedAt
  return { name, by: 'ffmpeg', kind: source.kind, expected, code, signal, elapsedMs, packets, stopped, log }
}

async function byFfprobe(name: string, expected: FailureCause, source: Source): Promise<Recorded> {
  const startedAt = Date.now()
  const failure = await probeSource(source, probeDeadlineMs, deps).then(
    () => null,
    (error: unknown) => error,
  )
  if (!(failure instanceof SourceFailure)) throw new Error(`${name} did not fail`)
  const elapsedMs = Date.now() - startedAt
  const stopped = elapsedMs >= probeDeadlineMs
  const end = { code: 1, signal: null, packets: null, stopped }
  return { name, by: 'ffprobe', kind: source.kind, expected, ...end, elapsedMs, log: failure.log }
}

/** Processes that ended while or after media flowed, or that were told what isn't so. */
const endings: Record<string, () => Promise<Recorded>> = {
  killed: () => byFfmpeg('killed', 'KILLED', pattern, { act: signalled('SIGKILL') }),
  terminated: () => byFfmpeg('terminated', 'KILLED', pattern, { act: signalled('SIGTERM') }),
  'file-ended': async () => byFfmpeg('file-ended', 'ENDED', film(await sample('h264-high-aac.mp4'))),
  'file-gone': () => byFfmpeg('file-gone', 'NOT_FOUND', film('/nonexistent/film.mp4'), { tracks: [passed] }),
  'file-spoilt': async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weir-corpus-'))
    const path = await written('spoilt.mp4', 'This is no film.\n'.repeat(200))(folder)
    const recorded = await byFfmpeg('file-spoilt', 'UNSUPPORTED', film(path), { tracks: [passed] })
    await rm(folder, { recursive: true })
    return recorded
  },
  'file-other-codec': async () =>
    byFfmpeg('file-other-codec', 'UNSUPPORTED', film(await sample('hevc.mp4')), { tracks: [passed] }),
  'file-track-gone': async () =>
    byFfmpeg('file-track-gone', 'NO_MEDIA', film(await sample('aac.m4a')), { tracks: [passed] }),
  'rtsp-client-dropped': () => withCamera('rtsp-client-dropped', 'ENDED', (camera) => camera.dropClients()),
  'rtsp-camera-killed': () => withCamera('rtsp-camera-killed', 'ENDED', (camera) => camera.stop()),
  'output-port-taken': async () => {
    await using receiver = await RtpReceiver.open()
    const holder = createSocket('udp4')
    await new Promise<void>((resolve) => holder.bind(receiver.target.localRtpPort, '0.0.0.0', resolve))
    const recorded = await byFfmpeg('output-port-taken', 'OUTPUT_LOST', pattern, { rtp: receiver.target })
    holder.close()
    return recorded
  },
  // Enough to start with, and not for pictures of this size.
  'out-of-memory': async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weir-corpus-'))
    const ffmpeg = join(folder, 'ffmpeg')
    await writeFile(ffmpeg, '#!/bin/sh\nexec prlimit --as=450000000 ffmpeg "$@"\n', { mode: 0o700 })
    const large: StreamSource = { kind: 'TEST_PATTERN', width: 3840, height: 2160, fps: 25, tone: false }
    const recorded = await byFfmpeg('out-of-memory', 'OUT_OF_MEMORY', large, { ffmpeg })
    await rm(folder, { recursive: true })
    return recorded
  },
  // The container is whole, what it holds is not.
  'file-scrambled': async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weir-corpus-'))
    const bytes = await readFile(await sample('mpeg4-mp3.avi'))
    const path = join(folder, 'scrambled.avi')
    await writeFile(path, scrambled(bytes))
    const coded: SourceTrack = { ...passed, codec: 'mpeg4', profile: 'Simple Profile' }
    const recorded = await byFfmpeg('file-scrambled', 'DECODE', film(path), { tracks: [coded] })
    await rm(folder, { recursive: true })
    return recorded
  },
  'srt-wrong-passphrase': async () => {
    const port = await freeTcpPort()
    const address = `srt://127.0.0.1:${port}`
    const listener = spawn('ffmpeg', [
      ...['-v', 'error', '-re', '-i', await sample('h264-high-aac.ts'), '-c', 'copy', '-f', 'mpegts'],
      `${address}?mode=listener&passphrase=the-right-passphrase`,
    ])
    const source = url('SRT', `${address}?passphrase=pa55word-pa55word`)
    const recorded = await byFfmpeg('srt-wrong-passphrase', 'AUTH', source)
    listener.kill('SIGKILL')
    return recorded
  },
}

const pattern: StreamSource = { kind: 'TEST_PATTERN', width: 320, height: 240, fps: 25, tone: false }
const film = (path: string): FileSource => ({ kind: 'FILE', path, loop: false })
const passed: SourceTrack = {
  ...{ ...track, kind: 'VIDEO', codec: 'h264', profile: 'High', pixelFormat: 'yuv420p', hasBFrames: false },
  ...{ channels: null, sampleRate: null },
}
/** Every frame of an AVI's video filled with the same byte. */
function scrambled(avi: Buffer): Buffer {
  const copy = Buffer.from(avi)
  for (let at = copy.indexOf('movi'); at >= 0; at = copy.indexOf('00dc', at + 1)) {
    if (copy.toString('latin1', at, at + 4) !== '00dc') continue
    const length = copy.readUInt32LE(at + 4)
    if (at + 8 + length > copy.length) break
    copy.fill(0xa5, at + 8, at + 8 + length)
    at += length
  }
  return copy
}
function signalled(signal: NodeJS.Signals): NonNullable<Run['act']> {
  return async ({ pid }, receiver) => {
    await receiver.packets(5)
    process.kill(pid, signal)
  }
}
async function withCamera(name: string, expected: FailureCause, fault: (camera: Camera) => Promise<void>) {
  await using camera = await startCamera()
  const act = (_running: IngestProcess, receiver: RtpReceiver) => receiver.packets(50).then(() => fault(camera))
  return await byFfmpeg(name, expected, url('RTSP', camera.url()), { tracks: [passed], act })
}

const wanted = process.argv.slice(2)
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name)
for (const { name, expected, expectedOfProbe = expected, open } of cases) {
  if (!isWanted(name)) continue
  await using resources = new AsyncDisposableStack()
  const source = await open(resources)
  // FFmpeg does not tell SRT's failures apart, and waits for each.
  await save([
    await byFfmpeg(name, expected, source),
    ...(source.kind === 'SRT' ? [] : [await byFfprobe(name, expectedOfProbe, source)]),
  ])
}
for (const [name, record] of Object.entries(endings)) if (isWanted(name)) await save([await record()])

async function save(recorded: Recorded[]): Promise<void> {
  const [{ name }] = recorded as [Recorded]
  await writeFile(new URL(`${name}.json`, import.meta.url), `${JSON.stringify(recorded, null, 2)}\n`)
  for (const { by, code, signal, elapsedMs, log } of recorded) console.log(name, by, code ?? signal, elapsedMs, log)
}
