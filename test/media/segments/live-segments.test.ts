import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WeirError } from '../../../src/errors.ts'
import { playbackRoutes } from '../../../src/http/playback.ts'
import { type HttpServer, startServer } from '../../../src/http/server.ts'
import { newId } from '../../../src/ids.ts'
import { LiveSegments } from '../../../src/media/segments/live-segments.ts'
import { openSegment } from '../../../src/media/segments/open-segment.ts'
import { silentLogger } from '../../../src/platform/logs/logger.ts'
import { startWriter, type Writer } from './writer.ts'

const run = promisify(execFile)
const patiently = { timeout: 30_000, interval: 50 }

let root: string
let live: LiveSegments
let server: HttpServer
let address: string
let writers: Writer[]

beforeEach(async () => {
  root = join(await mkdtemp(join(tmpdir(), 'weir-segments-')), 'segments')
  writers = []
  live = new LiveSegments({ root, logger: silentLogger, windowSegments: 4, segmentSeconds: 1 })
  const app = playbackRoutes({
    async authorize(request) {
      if (request.headers.get('authorization') === 'Bearer wrong')
        throw new WeirError('UNAUTHENTICATED', 'Unknown key.')
      return { isPublic: true }
    },
    sessions: null,
    playlist: (streamId, signal) => live.playlist(streamId, signal),
    async open(...names) {
      const path = live.file(...names)
      return path === null ? null : openSegment(path)
    },
  })
  server = await startServer({ host: '127.0.0.1', port: 0, routes: [app], logger: silentLogger })
  address = `http://127.0.0.1:${server.port}`
})

afterEach(async () => {
  for (const writer of writers) writer.process.kill('SIGKILL')
  await Promise.all(writers.map((writer) => writer.exited))
  await live.close()
  await server.close()
  await rm(join(root, '..'), { recursive: true })
})

async function openWriting(streamId: string, token: number, number: number, size?: string) {
  const liveRun = await live.openRun(streamId, token, number)
  expect(liveRun).not.toBeNull()
  const writer = startWriter(liveRun!.folder, size)
  writers.push(writer)
  return { ...liveRun!, writer }
}
const playlistUrl = (streamId: string) => `${address}/hls/${streamId}/index.m3u8`

describe('live segments', () => {
  test('are played over HTTP across a restart of FFmpeg', { timeout: 60_000 }, async () => {
    await live.start()
    const streamId = newId('Stream')
    const first = await openWriting(streamId, 7, 1)
    const startedAt = Date.now()
    first.started(startedAt)
    // The very first request is made to wait until a player can start.
    const response = await fetch(playlistUrl(streamId))
    expect(response.status).toBe(200)
    const early = await response.text()
    expect(early.match(/7\/1\/\d\.m4s/g)).toEqual(['7/1/0.m4s', '7/1/1.m4s'])
    const began = Date.parse(/DATE-TIME:(.*)/.exec(early)![1]!)
    expect(began).toBe(startedAt)

    // The decoder began before FFmpeg is killed and goes on after it.
    const decoding = run('ffmpeg', [
      ...['-v', 'error', '-live_start_index', '0', '-i', playlistUrl(streamId)],
      ...['-t', '6', '-vf', 'scale=32:18', '-f', 'framecrc', '-'],
    ])
    first.writer.process.kill('SIGKILL')
    await first.writer.exited
    await first.close()
    const second = await openWriting(streamId, 7, 2)
    second.started(Date.now())
    const { stdout } = await decoding
    const frames = stdout.split('\n').filter((line) => line.startsWith('0,'))
    expect(frames.length).toBeGreaterThan(100)
    expect(new Set(frames.map((line) => line.split(',').at(-1))).size).toBeGreaterThan(50)

    const text = await (await fetch(playlistUrl(streamId))).text()
    expect(text).toMatch(/7\/2\/\d+\.m4s/)
    const probed = await run('ffprobe', [
      ...['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', playlistUrl(streamId)],
    ])
    expect(new Set(probed.stdout.split('\n').filter(Boolean))).toEqual(new Set(['h264', 'aac']))
  })

  test('take a bounded place on the disk', { timeout: 60_000 }, async () => {
    await live.start()
    const streamId = newId('Stream')
    const { folder, writer, close } = await openWriting(streamId, 1, 1)
    await vi.waitFor(() => expect(existsSync(join(folder, '12.m4s'))).toBe(true), patiently)
    const names = (await readdir(folder)).filter((name) => /^\d+\.m4s$/.test(name))
    // Four in the window, as many in their grace period, one that was being written and one about to go.
    expect(names.length).toBeLessThanOrEqual(10)
    expect(live.figures().segments).toBeLessThanOrEqual(9)
    expect(live.figures().bytes).toBeGreaterThan(10_000)
    writer.process.kill('SIGKILL')
    await writer.exited
    await close()
    await live.removeStream(streamId)
    expect(await readdir(root)).toEqual([])
    expect((await fetch(playlistUrl(streamId))).status).toBe(404)
    expect(live.figures()).toEqual({ streams: 0, segments: 0, bytes: 0 })
  })

  test('of an earlier process are swept at the start', async () => {
    await mkdir(join(root, newId('Stream'), '3', '1'), { recursive: true })
    await writeFile(join(root, 'leftover'), 'x')
    await live.start()
    expect(await readdir(root)).toEqual([])
  })

  test('that a full disk cut are passed over, with a discontinuity', { timeout: 60_000 }, async () => {
    await live.start()
    const streamId = newId('Stream')
    const liveRun = (await live.openRun(streamId, 1, 1))!
    // What FFmpeg writes to this name gets ENOSPC from the kernel.
    await symlink('/dev/full', join(liveRun.folder, '2.m4s.tmp'))
    const writer = startWriter(liveRun.folder)
    writers.push(writer)
    await vi.waitFor(
      async () => expect(await (await fetch(playlistUrl(streamId))).text()).toContain('4.m4s'),
      patiently,
    )
    const text = await (await fetch(playlistUrl(streamId))).text()
    expect(text).not.toContain('/2.m4s')
    expect(text).toMatch(/1\.m4s\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="1\/1\/init.mp4"\n.*\n.*\n1\/1\/3\.m4s/)
  })

  test('of a folder that vanished are missing, and nothing else is', { timeout: 60_000 }, async () => {
    await live.start()
    const [lost, kept] = [newId('Stream'), newId('Stream')]
    const { folder, ...lostRun } = await openWriting(lost, 1, 1)
    await openWriting(kept, 1, 1)
    expect((await fetch(playlistUrl(lost))).status).toBe(200)
    await rm(folder, { recursive: true })
    expect((await fetch(`${address}/hls/${lost}/1/1/0.m4s`)).status).toBe(404)
    await vi.waitFor(async () => expect(await (await fetch(playlistUrl(kept))).text()).toContain('5.m4s'), patiently)
    lostRun.writer.process.kill('SIGKILL')
    await lostRun.close()
    await openWriting(lost, 1, 2)
    await vi.waitFor(
      async () => expect(await (await fetch(playlistUrl(lost))).text()).toContain('1/2/0.m4s'),
      patiently,
    )
  })

  test('that have no place to go leave the stream without a folder', async () => {
    await live.start()
    await writeFile(root, 'a file where the folder should be')
    expect(await live.openRun(newId('Stream'), 1, 1)).toBeNull()
    await rm(root)
  })
})

describe('the playback routes', () => {
  test('serve a segment whole, in part and its head', { timeout: 30_000 }, async () => {
    await live.start()
    const streamId = newId('Stream')
    const { writer } = await openWriting(streamId, 7, 1)
    const playlist = await fetch(playlistUrl(streamId))
    expect(playlist.headers.get('content-type')).toBe('application/vnd.apple.mpegurl')
    expect(playlist.headers.get('cache-control')).toBe('public, max-age=1')
    expect(playlist.headers.get('access-control-allow-origin')).toBe('*')
    writer.process.kill('SIGSTOP')

    const url = `${address}/hls/${streamId}/7/1/0.m4s`
    const whole = await fetch(url)
    const bytes = new Uint8Array(await whole.arrayBuffer())
    expect(whole.headers.get('content-type')).toBe('video/mp4')
    expect(whole.headers.get('cache-control')).toContain('immutable')
    expect(whole.headers.get('content-length')).toBe(String(bytes.length))
    const part = await fetch(url, { headers: { range: 'bytes=100-199' } })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe(`bytes 100-199/${bytes.length}`)
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.subarray(100, 200))
    const tail = await fetch(url, { headers: { range: 'bytes=-50' } })
    expect(new Uint8Array(await tail.arrayBuffer())).toEqual(bytes.subarray(-50))
    const beyond = await fetch(url, { headers: { range: `bytes=${bytes.length}-` } })
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`])
    const head = await fetch(url, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)])
    expect((await head.arrayBuffer()).byteLength).toBe(0)
    const preflight = await fetch(url, { method: 'OPTIONS' })
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
      204,
      'Authorization, Range',
    ])
  })

  test('serve nothing else', { timeout: 30_000 }, async () => {
    await live.start()
    const streamId = newId('Stream')
    const { folder } = await openWriting(streamId, 7, 1)
    await fetch(playlistUrl(streamId))
    await writeFile(join(folder, 'secret.m4s'), 'secret')
    await writeFile(join(root, 'secret'), 'secret')
    const refused = [
      `/hls/${streamId}/7/1/live.m3u8`,
      `/hls/${streamId}/7/1/secret.m4s`,
      `/hls/${streamId}/7/1/99.m4s`,
      `/hls/${streamId}/7/1/00.m4s`,
      `/hls/${streamId}/7/1/0.m4s.tmp`,
      `/hls/${streamId}/7/2/init.mp4`,
      `/hls/${streamId}/7/1/..%2f..%2f..%2fsecret`,
      `/hls/${streamId}/7%2f1/1/init.mp4`,
      `/hls/..%2f/7/1/init.mp4`,
      `/hls/${newId('Stream')}/7/1/init.mp4`,
      `/hls/${newId('Stream')}/index.m3u8`,
      `/hls/${newId('Producer')}/index.m3u8`,
    ]
    for (const path of refused) expect([path, (await fetch(address + path)).status]).toEqual([path, 404])
    expect((await fetch(`${address}/hls/${streamId}/7/1/init.mp4`)).status).toBe(200)
    const denied = await fetch(playlistUrl(streamId), { headers: { authorization: 'Bearer wrong' } })
    expect(denied.status).toBe(401)
    expect(await denied.json()).toMatchObject({ code: 'UNAUTHENTICATED', message: 'Unknown key.' })
    expect(denied.headers.get('access-control-allow-origin')).toBe('*')
    const none = await fetch(playlistUrl(newId('Stream')))
    expect([none.headers.get('retry-after'), none.headers.get('cache-control')]).toEqual(['2', 'no-store'])
  })

  test('let a waiting player go when its stream goes', async () => {
    await live.start()
    const streamId = newId('Stream')
    await live.openRun(streamId, 7, 1)
    const waiting = live.playlist(streamId)
    await live.removeStream(streamId)
    expect(await waiting).toBeNull()
  })
})
