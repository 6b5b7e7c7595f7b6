import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WeirError } from '../../src/errors.ts'
import { createMediaFiles } from '../../src/media/media-files.ts'
import { parseLabels, parseName } from '../../src/streams/input.ts'
import { parseSource, sameSource } from '../../src/streams/source.ts'
import type { StreamSourceInput } from '../../src/streams/types.ts'

/** The paths of the fields that an error names. */
function refusedFields(work: () => unknown): string[] {
  try {
    work()
  } catch (error) {
    if (!(error instanceof WeirError)) throw error
    expect(error.code).toBe('BAD_USER_INPUT')
    return error.details.fields!.map((field) => field.path)
  }
  throw new Error('it was taken')
}

const parse = (input: StreamSourceInput) => parseSource(input, 'input.source')

describe('sources by URL', () => {
  it.each([
    ['rtsp://camera/stream', 'RTSP'],
    ['rtsps://user:pass@camera:322/a?b=c', 'RTSP'],
    ['rtmp://host/app/key', 'RTMP'],
    ['srt://host:9000?mode=caller', 'SRT'],
    ['https://host/live/index.m3u8?token=x', 'HLS'],
    ['http://host/video.mp4', 'HTTP'],
  ])('%s is %s', (url, kind) => {
    expect(parse({ url: { url } })).toEqual({ kind, url })
  })

  it.each([
    ['', 'a missing one'],
    ['camera', 'no URL'],
    ['ftp://host/file', 'an unknown scheme'],
    ['file:///etc/passwd', 'a local file'],
    ['concat:a|b', 'a nested protocol'],
    ['rtsp://', 'no host'],
    ['rtsp://camera/a b', 'a blank'],
    ['rtsp://camera/\u0000', 'a control character'],
    [`rtsp://camera/${'x'.repeat(3000)}`, 'a long one'],
  ])('refuses %s: %s', (url) => {
    expect(refusedFields(() => parse({ url: { url } }))).toEqual(['input.source.url.url'])
  })

  it('refuses a kind that the scheme is not of, and a transport for others than RTSP', () => {
    expect(refusedFields(() => parse({ url: { url: 'http://host/', kind: 'RTSP' } }))).toEqual([
      'input.source.url.kind',
    ])
    expect(refusedFields(() => parse({ url: { url: 'http://host/', rtspTransport: 'UDP' } }))).toEqual([
      'input.source.url.rtspTransport',
    ])
    expect(parse({ url: { url: 'http://host/x', kind: 'HLS' } })).toMatchObject({ kind: 'HLS' })
  })

  it('wants exactly one of the members', () => {
    expect(refusedFields(() => parse({}))).toEqual(['input.source'])
    expect(refusedFields(() => parse({ url: { url: 'rtsp://a' }, file: { path: 'a', loop: true } }))).toEqual([
      'input.source',
    ])
  })

  it('answers every text with a source or a typed error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string(), fc.string({ unit: 'binary' })), (url) => {
        try {
          expect(parse({ url: { url } })).toHaveProperty('kind')
        } catch (error) {
          expect(error).toBeInstanceOf(WeirError)
        }
      }),
    )
  })
})

describe('files below MEDIA_DIR', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-media-'))
    await mkdir(join(folder, 'media/sub'), { recursive: true })
    await writeFile(join(folder, 'media/sub/a.mp4'), 'x')
    await writeFile(join(folder, 'secret.mp4'), 'x')
    await symlink(join(folder, 'secret.mp4'), join(folder, 'media/link.mp4'))
    await symlink(folder, join(folder, 'media/up'))
    await symlink(join(folder, 'media/sub'), join(folder, 'media/inside'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each(['../secret.mp4', 'sub/../../secret.mp4', '/etc/passwd', '', '.', 'a\\..\\b', 'a\nb'])(
    'refuses %j by its text',
    (path) => {
      expect(refusedFields(() => parse({ file: { path, loop: true } }))).toEqual(['input.source.file.path'])
    },
  )

  it.each(['link.mp4', 'up/secret.mp4', 'missing.mp4', 'sub'])('refuses %s when it looks', async (file) => {
    await expect(createMediaFiles(join(folder, 'media')).resolve(file, 'path')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  })

  it('takes files, also by links that stay inside', async () => {
    const files = createMediaFiles(join(folder, 'media'))
    expect(await files.resolve('sub/a.mp4', 'path')).toMatch(/media\/sub\/a\.mp4$/)
    expect(await files.resolve('inside/a.mp4', 'path')).toMatch(/media\/sub\/a\.mp4$/)
    expect(parse({ file: { path: './sub//a.mp4', loop: false } })).toEqual({
      kind: 'FILE',
      path: 'sub/a.mp4',
      loop: false,
    })
  })

  it('says what to do when there is no MEDIA_DIR', async () => {
    await expect(createMediaFiles(join(folder, 'none')).resolve('a', 'path')).rejects.toThrow(/MEDIA_DIR/)
  })
})

describe('test patterns, names and labels', () => {
  it('bounds a test pattern', () => {
    const pattern = { width: 1280, height: 720, fps: 25, tone: true }
    expect(parse({ testPattern: pattern })).toEqual({ kind: 'TEST_PATTERN', ...pattern })
    expect(refusedFields(() => parse({ testPattern: { ...pattern, width: 1281 } }))).toEqual([
      'input.source.testPattern.width',
    ])
    expect(refusedFields(() => parse({ testPattern: { ...pattern, fps: 1000 } }))).toEqual([
      'input.source.testPattern.fps',
    ])
  })

  it('bounds a name', () => {
    expect(parseName(' Gate ', 'name')).toBe('Gate')
    expect(refusedFields(() => parseName('x'.repeat(10_000), 'name'))).toEqual(['name'])
    expect(refusedFields(() => parseName('  ', 'name'))).toEqual(['name'])
    expect(refusedFields(() => parseName('a\u0007', 'name'))).toEqual(['name'])
  })

  it('bounds labels', () => {
    expect(parseLabels({ 'site/gate': 'north' }, 'labels')).toEqual({ 'site/gate': 'north' })
    expect(parseLabels(null, 'labels')).toEqual({})
    expect(refusedFields(() => parseLabels([], 'labels'))).toEqual(['labels'])
    expect(refusedFields(() => parseLabels({ a: 1 }, 'labels'))).toEqual(['labels.a'])
    expect(refusedFields(() => parseLabels({ 'a b': 'x' }, 'labels'))).toEqual(['labels.a b'])
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`l${i}`, 'x']))
    expect(refusedFields(() => parseLabels(many, 'labels'))).toEqual(['labels'])
  })

  it('knows when two sources are the same', () => {
    expect(sameSource({ kind: 'RTSP', url: 'rtsp://a' }, { url: 'rtsp://a', kind: 'RTSP' })).toBe(true)
    expect(sameSource({ kind: 'RTSP', url: 'rtsp://a' }, { kind: 'RTSP', url: 'rtsp://a', rtspTransport: 'UDP' })).toBe(
      false,
    )
  })
})
