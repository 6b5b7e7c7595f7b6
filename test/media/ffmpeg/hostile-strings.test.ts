import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WeirError } from '../../../src/errors.ts'
import { ingestArguments, standardInput } from '../../../src/media/ffmpeg/arguments.ts'
import { probeSource } from '../../../src/media/ffmpeg/probe.ts'
import { patternTracks } from '../../../src/media/ffmpeg/probe-output.ts'
import type { IngestSpec } from '../../../src/media/ffmpeg/types.ts'
import { createMediaFiles } from '../../../src/media/media-files.ts'
import { silentLogger } from '../../../src/platform/logs/logger.ts'
import { parseLabels, parseName } from '../../../src/streams/input.ts'
import type { SourceTrack, StreamSource } from '../../../src/streams/model.ts'
import { parseSource } from '../../../src/streams/source.ts'
import type { StreamSourceInput } from '../../../src/streams/types.ts'

const target = (first: number) => ({
  ...{ ssrc: 1, payloadType: 101, sequence: 1 },
  ...{ rtpPort: first, rtcpPort: first + 1, localRtpPort: first + 2, localRtcpPort: first + 3 },
})
const video: SourceTrack = {
  ...{ kind: 'VIDEO', codec: 'h264', profile: 'High', width: 1280, height: 720, fps: 25 },
  ...{ pixelFormat: 'yuv420p', hasBFrames: false, channels: null, sampleRate: null },
}
const spec = (source: StreamSource): IngestSpec => ({
  streamId: 'stream_1',
  source,
  tracks: source.kind === 'TEST_PATTERN' ? patternTracks(source) : [video],
  rtp: { VIDEO: target(40_000) },
  segments: { folder: '/data/run', segmentSeconds: 2 },
  fastProbe: true,
})

/** Text as an attacker would write it: options, separators of FFmpeg's little languages, protocols in protocols. */
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      '-f',
      '-i',
      '-y',
      '--',
      '-map',
      '-protocol_whitelist',
      ' -filter_complex ',
      '-',
      '|',
      ',',
      '[',
      ']',
      ':',
      '\\',
      "'",
      '"',
    ],
    ...[
      '\n',
      '\r',
      '\0',
      '\t',
      ' ',
      '=',
      ';',
      '#',
      '%',
      '%0a',
      '%00',
      '$(id)',
      '`id`',
      '..',
      '/',
      '../',
      'file:',
      'concat:',
      'pipe:3',
    ],
    ...[
      'subfile,,start,0,end,0,,:',
      'data:text/plain,',
      '[f=mp4]',
      'onfail=ignore',
      'ffconcat version 1.0',
      '*',
      '?',
      '~',
      '\u202e',
      'é',
    ],
  ),
  fc.string({ maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const hostile = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''))

/** Null where the input is refused, as it may be; anything but BAD_USER_INPUT fails. */
function taken<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof WeirError && error.code === 'BAD_USER_INPUT') return null
    throw error
  }
}

const parsed = (input: StreamSourceInput) => taken(() => parseSource(input, 'source'))
/** The same arguments but for one place. */
function expectOneValue(given: string[], harmless: string[], option: string, value: string): void {
  expect(given.length).toBe(harmless.length)
  const at = harmless.findIndex((_, i) => harmless[i - 1] === option)
  expect(given.map((one, i) => (i === at ? '' : one))).toEqual(harmless.map((one, i) => (i === at ? '' : one)))
  expect(given[at]).toBe(value)
}

describe('what a user writes and what FFmpeg is told', () => {
  it('URLs: the list of arguments has one shape, and the URL is where a URL stands', () => {
    const schemes = [
      'rtsp',
      'rtsps',
      'rtmp',
      'rtmps',
      'http',
      'https',
      'srt',
      'RTSP',
      '-i',
      'file',
      'concat',
      'tee',
      'pipe',
    ]
    let passed = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...schemes),
        hostile,
        hostile,
        hostile,
        fc.boolean(),
        (scheme, host, path, query, plain) => {
          const url = `${scheme}://${plain ? 'camera' : host}/${path}?${query}`
          const given = parsed({ url: { url } })
          if (!given || !('url' in given)) return
          // What is encrypted ends at the gate, which FFmpeg is told in its place.
          const source = { ...given, url: given.url.replace(/^(rtsp|rtmp|http)s:/i, '$1:') }
          passed++
          const name = source.kind === 'HLS' ? 'a.m3u8' : 'a'
          const harmless = ingestArguments(
            spec({ ...source, url: `${source.url.slice(0, source.url.indexOf(':'))}://camera/${name}` }),
          )
          expectOneValue(ingestArguments(spec(source)), harmless, '-i', source.url)
          expect(source.url).toMatch(/^[a-z]+:\/\//i)
          // No space, no line, no end of text: nothing that a log or a list would take for more than one.
          // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
          expect(source.url).not.toMatch(/[\u0000-\u0020\u007f]/)
        },
      ),
      { numRuns: 10_000 },
    )
    expect(passed).toBeGreaterThan(500)
  })

  it('SRT with secrets: nothing of it among the arguments, and one file in the list', () => {
    let passed = 0
    fc.assert(
      fc.property(hostile, hostile, (host, passphrase) => {
        const source = parsed({ url: { url: `srt://camera:9000/${host}?passphrase=${passphrase}` } })
        if (source?.kind !== 'SRT') return
        passed++
        const harmless = ingestArguments(spec({ ...source, url: 'srt://camera:9000?passphrase=a' }))
        expect(ingestArguments(spec(source))).toEqual(harmless)
        const list = standardInput(source, 8)!
        expect(filesOf(list)).toEqual([source.url])
        expect(list.split('\n')).toHaveLength(
          standardInput({ ...source, url: 'srt://a?passphrase=a' }, 8)!.split('\n').length,
        )
      }),
      { numRuns: 10_000 },
    )
    expect(passed).toBeGreaterThan(500)
  })

  it('files: one shape, below MEDIA_DIR, whether a path is opened itself or in a list', () => {
    let passed = 0
    fc.assert(
      fc.property(hostile, fc.boolean(), (path, loop) => {
        const source = parsed({ file: { path, loop } })
        if (source?.kind !== 'FILE') return
        passed++
        expect(source.path.split('/')).not.toContain('..')
        expect(source.path.startsWith('/')).toBe(false)
        const absolute = { ...source, path: `/media/${source.path}` }
        const args = ingestArguments(spec(absolute))
        const harmless = ingestArguments(spec({ ...source, path: '/media/a.mp4' }))
        const input = args[args.indexOf('-i') + 1]!
        expectOneValue(args, harmless, '-i', input)
        expect(input).toMatch(/^data:text\/plain;base64,[A-Za-z0-9+/=]+$/)
        expect(filesOf(Buffer.from(input.slice(input.indexOf(',') + 1), 'base64').toString())).toEqual([
          `file:${absolute.path}`,
        ])
        const decoding = { ...spec(absolute), tracks: [{ ...video, codec: 'mjpeg' }] }
        const opened = ingestArguments(decoding)
        expectOneValue(
          opened,
          ingestArguments({ ...decoding, source: { ...absolute, path: '/media/a' } }),
          '-i',
          `file:${absolute.path}`,
        )
      }),
      { numRuns: 10_000 },
    )
    expect(passed).toBeGreaterThan(500)
  })

  it('names and labels: FFmpeg is not told them at all', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, value) => {
        taken(() => parseName(name, 'name'))
        taken(() => parseLabels({ [name]: value }, 'labels'))
      }),
      { numRuns: 10_000 },
    )
    expect(Object.keys(spec({ kind: 'RTSP', url: 'rtsp://camera' })).sort()).toEqual(
      ['fastProbe', 'rtp', 'segments', 'source', 'streamId', 'tracks'].sort(),
    )
  })

  it('test patterns: numbers alone', () => {
    const number = fc.oneof(fc.integer({ min: -10, max: 5000 }), fc.double(), hostile as fc.Arbitrary<unknown>)
    fc.assert(
      fc.property(number, number, number, fc.boolean(), (width, height, fps, tone) => {
        const source = parsed({ testPattern: { width, height, fps, tone } as never })
        if (!source) return
        const args = ingestArguments(spec(source))
        expect(args[args.indexOf('-i') + 1]).toMatch(/^testsrc2=size=\d+x\d+:rate=\d+$/)
      }),
      { numRuns: 10_000 },
    )
  })

  it('the data folder: whatever its name, the tee has the same legs', () => {
    fc.assert(
      fc.property(hostile, (folder) => {
        const given = {
          ...spec({ kind: 'RTSP', url: 'rtsp://camera' }),
          segments: { folder: `/${folder}`, segmentSeconds: 2 },
        }
        const legs = legsOf(ingestArguments(given).at(-1)!)
        expect(legs.map((leg) => /^\[f=(\w+):/.exec(leg)?.[1])).toEqual(['rtp', 'hls', 'framecrc'])
        expect(legs[1]!.endsWith(`]/${folder}/${legs[1]!.slice(legs[1]!.lastIndexOf('/') + 1)}`)).toBe(true)
      }),
      { numRuns: 10_000 },
    )
  })
})

/** The files of an ffconcat list, read as FFmpeg's reader does: av_get_token, where ' quotes and \ takes the next as it is. */
function filesOf(list: string): string[] {
  const files: string[] = []
  let at = 0
  const word = () => {
    let text = ''
    while (at < list.length && !/\s/.test(list[at]!)) {
      if (list[at] === "'") {
        const end = list.indexOf("'", at + 1)
        text += list.slice(at + 1, end)
        at = end + 1
      } else {
        if (list[at] === '\\') at++
        text += list[at++]
      }
    }
    return text
  }
  while (at < list.length) {
    if (/\s/.test(list[at]!)) at++
    else if (word() === 'file') {
      at++
      files.push(word())
    }
  }
  return files
}

/** The legs of a tee, parted at each | that is not escaped, one level of escapes taken away. */
function legsOf(text: string): string[] {
  const legs: string[] = []
  let leg = ''
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '|') {
      legs.push(leg)
      leg = ''
    } else leg += text[at] === '\\' ? text[++at] : text[at]
  }
  return [...legs, leg]
}

describe('files with names that look like something else', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-names-'))
    mkdirSync(join(folder, 'media'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each([
    '-i',
    '-y.mp4',
    'a|b.mp4',
    'a,b.mp4',
    '[f=mp4]x.mp4',
    'a]b.mp4',
    'concat:a.mp4',
    "it's.mp4",
    'a"b %d $x.mp4',
    'a;b#c.mp4',
    'pipe:0',
  ])('%s is read as that file and no other', async (name) => {
    const path = join(folder, 'media', name)
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=64x48:rate=5',
      '-t',
      '2',
      '-c:v',
      'libx264',
      '-f',
      'mp4',
      `file:${path}`,
    ])
    const source = parseSource({ file: { path: name, loop: false } }, 'source')
    if (source.kind !== 'FILE') throw new Error('it is a file')
    const found = await createMediaFiles(join(folder, 'media')).resolve(source.path, 'path')
    expect(found).toBe(path)
    const tracks = await probeSource({ ...source, path: found }, 60_000, {
      logger: silentLogger,
      now: Date.now,
      ffprobe: 'ffprobe',
    })
    expect(tracks).toMatchObject([{ kind: 'VIDEO', codec: 'h264', width: 64, height: 48 }])
    const list = ingestArguments({ ...spec({ ...source, path: found }), tracks })
    const input = list.slice(list.indexOf('-protocol_whitelist'), list.indexOf('-i') + 2)
    const frames = execFileSync(
      'ffmpeg',
      ['-v', 'error', ...input, '-map', '0:v', '-c', 'copy', '-f', 'framecrc', '-'],
      { encoding: 'utf8' },
    )
    expect(frames.split('\n').filter((line) => /^0,/.test(line))).toHaveLength(10)
  })
})
