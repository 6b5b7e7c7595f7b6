import { describe, expect, test } from 'vitest'
import { fileArguments, ingestArguments, urlArguments, videoBitrateKbps } from '../../../src/media/ffmpeg/arguments.ts'
import { patternTracks } from '../../../src/media/ffmpeg/probe-output.ts'
import type { IngestSpec } from '../../../src/media/ffmpeg/types.ts'
import type { SourceTrack, StreamSource, UrlSource } from '../../../src/streams/model.ts'

const port = (first: number) => ({
  ...{ ssrc: 0xffffffff, payloadType: 101, sequence: 65_535 },
  ...{ rtpPort: first, rtcpPort: first + 1, localRtpPort: first + 2, localRtcpPort: first + 3 },
})
const video: SourceTrack = {
  ...{ kind: 'VIDEO', codec: 'h264', profile: 'High', width: 1280, height: 720, fps: 25 },
  ...{ pixelFormat: 'yuv420p', hasBFrames: false, channels: null, sampleRate: null },
}
const audio: SourceTrack = {
  ...{ kind: 'AUDIO', codec: 'aac', profile: 'LC', width: null, height: null, fps: null },
  ...{ pixelFormat: null, hasBFrames: null, channels: 2, sampleRate: 48_000 },
}
const camera: UrlSource = { kind: 'RTSP', url: 'rtsp://camera/live' }
const spec = (changes: Partial<IngestSpec> = {}): IngestSpec => ({
  streamId: 'stream_1',
  source: camera,
  tracks: [video, audio],
  rtp: { VIDEO: port(40_000), AUDIO: port(40_010) },
  segments: { folder: '/data/run', segmentSeconds: 2 },
  fastProbe: true,
  ...changes,
})
/** What follows each of these options. */
const valuesOf = (list: string[], option: string) => list.filter((_, at) => list[at - 1] === option)
const legs = (list: string[]) =>
  list
    .at(-1)!
    .split('|')
    .map((leg) => /^\[f=(\w+)/.exec(leg)![1])

describe('what FFmpeg is told', () => {
  test('one input, each codec once, one tee', () => {
    const list = ingestArguments(spec())
    expect(valuesOf(list, '-i')).toEqual([camera.url])
    expect(valuesOf(list, '-map')).toEqual(['0:V:0', '0:a:0', '0:a:0'])
    expect([valuesOf(list, '-c:0'), valuesOf(list, '-c:1'), valuesOf(list, '-c:2')]).toEqual([
      ['copy'],
      ['libopus'],
      ['copy'],
    ])
    expect(legs(list)).toEqual(['rtp', 'rtp', 'hls', 'framecrc'])
  })

  test.each<[string, Partial<IngestSpec>, string[], string[]]>([
    ['no segments', { segments: null }, ['rtp', 'rtp', 'framecrc'], ['0:V:0', '0:a:0']],
    ['no sound', { tracks: [video] }, ['rtp', 'hls', 'framecrc'], ['0:V:0']],
    ['no picture', { tracks: [audio] }, ['rtp', 'hls', 'framecrc'], ['0:a:0', '0:a:0']],
    ['a closed audio producer', { rtp: { VIDEO: port(1) } }, ['rtp', 'hls', 'framecrc'], ['0:V:0', '0:a:0']],
    ['no producer at all', { rtp: {} }, ['hls', 'framecrc'], ['0:V:0', '0:a:0']],
  ])('%s', (_, changes, expectedLegs, maps) => {
    const list = ingestArguments(spec(changes))
    expect(legs(list)).toEqual(expectedLegs)
    expect(valuesOf(list, '-map')).toEqual(maps)
  })

  test('nothing to send is a mistake of the caller', () => {
    expect(() => ingestArguments(spec({ rtp: {}, segments: null }))).toThrow(TypeError)
  })

  test('only RTP may end the process', () => {
    const policies = [
      ...ingestArguments(spec())
        .at(-1)!
        .matchAll(/\[f=(\w+):[^\]]*onfail=(\w+)/g),
    ].map((match) => match.slice(1))
    expect(policies).toEqual([
      ['rtp', 'abort'],
      ['rtp', 'abort'],
      ['hls', 'ignore'],
      ['framecrc', 'ignore'],
    ])
  })

  test('the short way of probing is taken where it works and is trusted', () => {
    const fast = (source: StreamSource, fastProbe = true) =>
      ingestArguments(spec({ source, fastProbe })).includes('-fpsprobesize')
    expect(fast(camera)).toBe(true)
    expect(fast({ kind: 'RTMP', url: 'rtmp://host/live/x' })).toBe(true)
    expect(fast(camera, false)).toBe(false)
    expect(fast({ kind: 'SRT', url: 'srt://host:1' })).toBe(false)
    expect(fast({ kind: 'HLS', url: 'http://host/x.m3u8' })).toBe(false)
  })

  test('what comes in bursts is read at its own speed', () => {
    const paced = (source: StreamSource) => ingestArguments(spec({ source })).includes('-re')
    expect(paced({ kind: 'HLS', url: 'http://host/x.m3u8' })).toBe(true)
    expect(paced({ kind: 'HTTP', url: 'http://host/x.mp4' })).toBe(true)
    expect(paced({ kind: 'FILE', path: '/media/x.mp4', loop: true })).toBe(true)
    expect(paced(camera)).toBe(false)
  })

  test('TCP unless UDP is asked for', () => {
    expect(valuesOf(ingestArguments(spec()), '-rtsp_transport')).toEqual(['tcp'])
    expect(valuesOf(urlArguments({ ...camera, rtspTransport: 'UDP' }, 5), '-rtsp_transport')).toEqual(['udp'])
  })

  test('the pattern is one input a kind', () => {
    const source = { kind: 'TEST_PATTERN', width: 640, height: 360, fps: 25, tone: true } as const
    const list = ingestArguments(spec({ source, tracks: patternTracks(source) }))
    expect(valuesOf(list, '-map')).toEqual(['0:V:0', '1:a:0', '1:a:0'])
    expect(valuesOf(list, '-i')[0]).toBe('testsrc2=size=640x360:rate=25')
  })
})

describe('what a user wrote', () => {
  test.each<UrlSource>([
    { kind: 'RTSP', url: 'file:///etc/passwd' },
    { kind: 'HTTP', url: 'concat:http://a|http://b' },
    { kind: 'HLS', url: '-f' },
    { kind: 'SRT', url: 'rtsp://host/live' },
    { kind: 'RTMP', url: '' },
  ])('is no URL of its kind: %j', (source) => {
    expect(() => urlArguments(source, 5)).toThrow(TypeError)
  })

  test('stands only where an input is named', () => {
    const url = 'rtsp://a b/"-y" -f null | tee $(id)'
    const list = ingestArguments(spec({ source: { kind: 'RTSP', url } }))
    expect(list.filter((each) => each.includes('$(id)'))).toEqual([url])
    expect(list[list.indexOf(url) - 1]).toBe('-i')
    expect(fileArguments('/-y').at(-1)).toBe('file:/-y')
  })

  test("can't reach a file through a URL, nor the network through a file", () => {
    for (const kind of ['HTTP', 'HLS'] as const) {
      const list = urlArguments({ kind, url: 'http://h/x' }, 5)
      // Nothing but what leads to the gate.
      for (const protocol of valuesOf(list, '-protocol_whitelist')[0]!.split(','))
        expect(['http', 'tcp', 'crypto']).toContain(protocol)
      // No format that names other addresses, but the one that the gate has read.
      const formats = valuesOf(list, '-format_whitelist')[0]!.split(',')
      for (const format of ['concat', 'sdp', 'rtsp', 'dash', 'imf', 'image2', ...(kind === 'HTTP' ? ['hls'] : [])])
        expect(formats).not.toContain(format)
    }
    expect(valuesOf(fileArguments('/x'), '-protocol_whitelist')).toEqual(['file'])
  })
})

test.each([
  [{ width: 1920, height: 1080, fps: 25 }, 5184],
  [{ width: 640, height: 360, fps: 25 }, 576],
  [{ width: 3840, height: 2160, fps: 60 }, 6000],
  [{ width: 160, height: 120, fps: 5 }, 300],
  [{ width: null, height: null, fps: null }, 2304],
])('the bitrate for %j is %i kbit/s', (track, expected) => {
  expect(videoBitrateKbps(track)).toBe(expected)
})
