import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { planTracks } from '../../../src/media/ffmpeg/tracks.ts'
import type { StreamSource } from '../../../src/streams/model.ts'
import { type CameraOptions, startCamera } from '../../support/camera.ts'
import { freeTcpPort } from '../../support/free-ports.ts'
import { type Ingest, ingest, learn } from '../../support/ingest.ts'
import { type SampleName, sample } from '../../support/samples.ts'
import { until } from '../../support/until.ts'
import { WebServer } from '../../support/web-server.ts'

const run = promisify(execFile)

/** What must come out of FFmpeg whatever went in: RTP as it was ordered on both legs, and segments that can be decoded. */
async function expectMedia(running: Ingest, kinds: { video: boolean; audio: boolean }): Promise<void> {
  const { video, audio, spec, process } = running
  if (kinds.video) {
    const units = await video.keyframes(2)
    const { received, target } = video
    expect(received.jumps).toBe(0)
    expect(received.firstSequence).toBe(target.sequence)
    expect([...received.ssrcs]).toEqual([target.ssrc])
    expect([...received.payloadTypes]).toEqual([target.payloadType])
    expect([...received.fromPorts]).toEqual([target.localRtpPort])
    expect(received.largestPacketBytes).toBeLessThanOrEqual(1200)
    // Every picture that a decoder can begin with brings its parameter sets before itself.
    for (const unit of units.filter((names) => names.includes('idr'))) {
      const before = unit.slice(0, unit.indexOf('idr'))
      expect(before).toEqual(expect.arrayContaining(['sps', 'pps']))
    }
    expect(units[0]).toContain('idr')
    // In the order in which they are shown: no B-frames.
    const times = received.accessUnits.map(({ timestamp }) => timestamp)
    expect(times.every((time, at) => at === 0 || ((time - times[at - 1]!) | 0) > 0)).toBe(true)
    await video.reports(1)
    expect(received.senderReports[0]!.ssrc).toBe(target.ssrc)
    expect([...received.rtcpFromPorts]).toEqual([target.localRtcpPort])
  } else expect(video.received.packets).toBe(0)

  if (kinds.audio) {
    await audio.packets(60)
    const { received, target } = audio
    expect(received.jumps).toBe(0)
    expect(received.firstSequence).toBe(target.sequence)
    expect([...received.ssrcs]).toEqual([target.ssrc])
    expect([...received.payloadTypes]).toEqual([target.payloadType])
    await audio.reports(1)
    expect([...received.rtcpFromPorts]).toEqual([target.localRtcpPort])
  } else expect(audio.received.packets).toBe(0)

  const expected = [...(kinds.video ? ['VIDEO'] : []), ...(kinds.audio ? ['AUDIO'] : [])]
  const figures = await until(
    'a packet log of each track',
    () => {
      const { tracks } = process.sample()
      return tracks.length === expected.length && tracks.every(({ packets }) => packets > 10) && tracks
    },
    { explain: () => [process.log(), process.sample()] },
  )
  expect(figures.map(({ kind }) => kind)).toEqual(expected)

  const folder = spec.segments!.folder
  await until('two segments', async () => (await readdir(folder)).includes('1.m4s'), { explain: () => process.log() })
  expect(await decoded(folder)).toEqual({
    ...(kinds.video ? { video: 'h264' } : {}),
    ...(kinds.audio ? { audio: 'aac' } : {}),
  })
}

/** Decodes the first segments wholly and says which codecs they hold. */
async function decoded(folder: string): Promise<Record<string, string>> {
  const whole = join(folder, 'whole.mp4')
  const parts = await Promise.all(['init.mp4', '0.m4s', '1.m4s'].map((name) => readFile(join(folder, name))))
  await writeFile(whole, Buffer.concat(parts))
  const entries = ['-count_frames', '-show_entries', 'stream=codec_type,codec_name,nb_read_frames', '-of', 'json']
  const { stdout, stderr } = await run('ffprobe', ['-v', 'error', ...entries, whole])
  expect(stderr).toBe('')
  const { streams } = JSON.parse(stdout) as {
    streams: { codec_type: string; codec_name: string; nb_read_frames: string }[]
  }
  for (const { nb_read_frames } of streams) expect(Number(nb_read_frames)).toBeGreaterThan(20)
  return Object.fromEntries(streams.map(({ codec_type, codec_name }) => [codec_type, codec_name]))
}

const both = { video: true, audio: true }
const videoOnly = { video: true, audio: false }
const audioOnly = { video: false, audio: true }

describe('a file', () => {
  const aac = { opus: 'TRANSCODE', aac: 'COPY' }
  const encoded = { opus: 'TRANSCODE', aac: 'TRANSCODE' }
  test.each<[SampleName, unknown]>([
    ['h264-high-aac.mp4', { video: 'COPY', audio: aac }],
    ['h264-high.mp4', { video: 'COPY', audio: null }],
    ['h264-baseline.mkv', { video: 'COPY', audio: null }],
    ['h264-b-frames-aac.mp4', { video: 'TRANSCODE', audio: aac }],
    ['h264-444.mkv', { video: 'TRANSCODE', audio: null }],
    ['h264-high-aac.ts', { video: 'COPY', audio: aac }],
    ['h264-b-frames.ts', { video: 'TRANSCODE', audio: null }],
    ['h264-high-aac.flv', { video: 'COPY', audio: aac }],
    ['hevc.mp4', { video: 'TRANSCODE', audio: null }],
    ['mpeg4-mp3.avi', { video: 'TRANSCODE', audio: encoded }],
    ['h264-pcmu.mkv', { video: 'COPY', audio: encoded }],
    ['h264-opus.mkv', { video: 'COPY', audio: { opus: 'COPY', aac: 'TRANSCODE' } }],
    ['aac.m4a', { video: null, audio: aac }],
    ['pcmu.wav', { video: null, audio: encoded }],
    ['odd-size.mkv', { video: 'TRANSCODE', audio: null }],
  ])('%s', async (name, plan) => {
    const source: StreamSource = { kind: 'FILE', path: await sample(name), loop: true }
    const tracks = await learn(source)
    expect(planTracks(tracks)).toEqual(plan)
    await using running = await ingest(source, { tracks })
    const kinds = {
      video: tracks.some(({ kind }) => kind === 'VIDEO'),
      audio: tracks.some(({ kind }) => kind === 'AUDIO'),
    }
    await expectMedia(running, kinds)
  })

  test('goes round at its own speed', async () => {
    await using running = await ingest({ kind: 'FILE', path: await sample('h264-high-aac.mp4'), loop: true })
    // More keyframes than it holds: it has begun again, and the numbers and times have gone on.
    await running.video.keyframes(6)
    const { received } = running.video
    expect(received.jumps).toBe(0)
    const [first, last] = [received.accessUnits[0]!, received.accessUnits.at(-1)!]
    const mediaSeconds = ((last.timestamp - first.timestamp) >>> 0) / 90_000
    const seconds = (received.arrivals.at(-1)! - received.arrivals[0]!) / 1000
    expect(mediaSeconds / seconds).toBeGreaterThan(0.8)
    expect(mediaSeconds / seconds).toBeLessThan(1.2)
  })

  test('that does not go round ends as ENDED', async () => {
    await using running = await ingest({ kind: 'FILE', path: await sample('h264-high.mp4'), loop: false })
    expect(await running.process.exited).toMatchObject({ code: 0, cause: 'ENDED' })
  })
})

describe('the test pattern', () => {
  const pattern = { kind: 'TEST_PATTERN', width: 640, height: 360, fps: 25 } as const
  test('with a tone', async () => {
    await using running = await ingest({ ...pattern, tone: true })
    await expectMedia(running, both)
    const interval = await until('two keyframes', () => running.process.sample().tracks[0]?.keyframeIntervalSeconds)
    expect(interval).toBe(1)
  })

  test('without a tone', async () => {
    await using running = await ingest({ ...pattern, tone: false })
    await expectMedia(running, videoOnly)
  })
})

describe('an RTSP camera', () => {
  test.each<[string, CameraOptions, { video: boolean; audio: boolean }]>([
    ['H.264', {}, videoOnly],
    ['H.264 High and AAC', { video: { profile: 'high' }, audio: 'aac' }, both],
    ['H.264 and G.711', { audio: 'pcmu' }, both],
    ['H.264 with B-frames', { video: { profile: 'main', bFrames: 2 } }, videoOnly],
    ['H.265', { video: { codec: 'h265' } }, videoOnly],
    ['MJPEG and G.711 A', { video: { codec: 'mjpeg' }, audio: 'pcma' }, both],
    ['Opus only', { video: null, audio: 'opus' }, audioOnly],
  ])('%s', async (_, options, kinds) => {
    await using camera = await startCamera(options)
    await using running = await ingest({ kind: 'RTSP', url: camera.url() })
    await expectMedia(running, kinds)
  })

  test('over UDP', async () => {
    await using camera = await startCamera()
    await using running = await ingest({ kind: 'RTSP', url: camera.url(), rtspTransport: 'UDP' })
    await expectMedia(running, videoOnly)
  })

  test('with a password, which nobody reads', async () => {
    await using camera = await startCamera({ password: 'pa55word' })
    await using running = await ingest({ kind: 'RTSP', url: camera.url({ user: 'viewer', password: 'pa55word' }) })
    await running.video.packets(10)
    process.kill(running.process.pid, 'SIGTERM')
    const exit = await running.process.exited
    expect(JSON.stringify([exit, running.process.log()])).not.toContain('pa55word')
  })

  test.each(['audio', 'video'] as const)('whose %s stops does not hold back the other track', async (frozen) => {
    await using camera = await startCamera({ audio: 'pcmu' })
    await using running = await ingest({ kind: 'RTSP', url: camera.url() })
    await Promise.all([running.video.packets(50), running.audio.packets(50)])
    await camera.freeze(frozen)
    const [flowing, kind] = frozen === 'audio' ? [running.video, 'VIDEO'] : [running.audio, 'AUDIO']
    const count = () => running.process.sample().tracks.find((track) => track.kind === kind)!.packets
    await flowing.more(20)
    const before = count()
    await flowing.more(50)
    // The packet log goes on too: it is what a frozen track is seen by.
    await until('the packet log goes on', () => count() >= before + 20)
    await camera.thaw(frozen)
  })
})

describe('over HTTP', () => {
  async function server(folder: string): Promise<WebServer> {
    return WebServer.start(async (request, response) => {
      const path = join(folder, request.url ?? '')
      const size = await stat(path).then(
        (file) => file.size,
        () => null,
      )
      if (size === null) return void response.writeHead(404).end()
      const [from = 0, to = size - 1] = (/bytes=(\d+)-(\d+)?/.exec(request.headers.range ?? '') ?? [])
        .slice(1)
        .map((text) => (text ? Number(text) : undefined))
      const partial = request.headers.range !== undefined
      response.writeHead(partial ? 206 : 200, {
        'content-length': to - from + 1,
        'accept-ranges': 'bytes',
        'content-type': extname(path) === '.m3u8' ? 'application/vnd.apple.mpegurl' : 'video/mp4',
        ...(partial ? { 'content-range': `bytes ${from}-${to}/${size}` } : {}),
      })
      createReadStream(path, { start: from, end: to }).pipe(response)
    })
  }

  test('an MP4', async () => {
    const path = await sample('h264-high-aac.mp4')
    await using web = await server(join(path, '..'))
    await using running = await ingest({ kind: 'HTTP', url: web.url('/h264-high-aac.mp4') })
    await expectMedia(running, both)
  })

  test('live HLS', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weir-test-hls-'))
    const path = await sample('h264-high-aac.mp4')
    const playlist = ['-f', 'hls', '-hls_time', '1', '-hls_list_size', '5', join(folder, 'live.m3u8')]
    const maker = spawn('ffmpeg', ['-v', 'error', '-re', '-stream_loop', '-1', '-i', path, '-c', 'copy', ...playlist])
    try {
      await until('three segments', async () => (await readdir(folder)).includes('live2.ts'))
      await using web = await server(folder)
      await using running = await ingest({ kind: 'HLS', url: web.url('/live.m3u8') })
      await expectMedia(running, both)
    } finally {
      await end(maker)
      await rm(folder, { recursive: true })
    }
  })
})

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** FFmpeg that offers a sample to one who connects. It takes one only, so what it carries is told and not probed. */
async function offering(name: SampleName, output: string[]): Promise<ChildProcess> {
  return spawn('ffmpeg', [
    '-v',
    'error',
    '-re',
    '-stream_loop',
    '-1',
    '-i',
    await sample(name),
    '-c',
    'copy',
    ...output,
  ])
}

describe('from one who waits for us', () => {
  test('SRT', async () => {
    const address = `srt://127.0.0.1:${await freeTcpPort()}`
    const tracks = await learn({ kind: 'FILE', path: await sample('h264-high-aac.ts'), loop: true })
    const sender = await offering('h264-high-aac.ts', ['-f', 'mpegts', `${address}?mode=listener`])
    try {
      await using running = await ingest({ kind: 'SRT', url: address }, { tracks })
      await expectMedia(running, both)
    } finally {
      await end(sender)
    }
  })

  test.each([true, false])('RTMP, fast probing: %s', async (fastProbe) => {
    const port = await freeTcpPort()
    const address = `rtmp://127.0.0.1:${port}/live/stream`
    const tracks = await learn({ kind: 'FILE', path: await sample('h264-high-aac.flv'), loop: true })
    const sender = await offering('h264-high-aac.flv', ['-f', 'flv', '-listen', '1', address])
    try {
      await until('a listener', async () =>
        (await readFile('/proc/net/tcp', 'utf8')).includes(
          `:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`,
        ),
      )
      await using running = await ingest({ kind: 'RTMP', url: address }, { tracks, fastProbe })
      await expectMedia(running, both)
    } finally {
      await end(sender)
    }
  })
})
