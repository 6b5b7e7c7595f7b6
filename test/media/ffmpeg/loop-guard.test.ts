import { describe, expect, test } from 'vitest'
import { createLoopGuard } from '../../../src/media/ffmpeg/loop-guard.ts'
import { probeSource } from '../../../src/media/ffmpeg/probe.ts'
import type { SourceTrack, UrlSource } from '../../../src/streams/model.ts'
import { ingest, ingestDeps } from '../../support/ingest.ts'
import { faultyCamera } from '../../support/rtsp-faults.ts'
import { WebServer } from '../../support/web-server.ts'

/** As the issue orders it: a loop costs tens of requests, where FFmpeg alone makes thousands a second. */
const requestsAllowed = 99
const video: SourceTrack = {
  ...({ kind: 'VIDEO', codec: 'h264', profile: 'High', width: 320, height: 240, fps: 25 } as const),
  ...{ pixelFormat: 'yuv420p', hasBFrames: false, channels: null, sampleRate: null },
}

/** Starts both programs on it; each must name the loop. */
async function expectLoop(source: UrlSource): Promise<void> {
  await expect(probeSource(source, 20_000, ingestDeps)).rejects.toMatchObject({ cause: 'REDIRECT_LOOP' })
  await using running = await ingest(source, { tracks: [video] })
  expect(await running.process.exited).toMatchObject({ cause: 'REDIRECT_LOOP' })
}

describe('a source that sends round and round is left at once', () => {
  test('RTSP', async () => {
    await using camera = await faultyCamera('redirect')
    await expectLoop({ kind: 'RTSP', url: camera.url })
    expect(camera.requests).toBeLessThan(2 * requestsAllowed)
  })

  test.each<[string, 'HTTP' | 'HLS', string | null]>([
    ['HTTP', 'HTTP', null],
    ['a playlist that is elsewhere', 'HLS', null],
    ['a list of lists that names itself', 'HLS', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=100000\nlive.m3u8\n'],
    [
      'a list that is a piece of itself',
      'HLS',
      `#EXTM3U\n#EXT-X-TARGETDURATION:1\n${'#EXTINF:1,\nlive.m3u8\n'.repeat(3)}`,
    ],
  ])('%s', async (_, kind, body) => {
    await using web = await WebServer.start((request, response) => {
      if (body) response.end(body)
      else response.writeHead(302, { location: request.url }).end()
    })
    await expectLoop({ kind, url: web.url('/live.m3u8?token=pa55word') })
    expect(web.requests.length).toBeLessThan(2 * requestsAllowed)
  })
})

describe('what good sources do is no loop', () => {
  const source: UrlSource = { kind: 'HLS', url: 'http://127.0.0.1/live.m3u8' }
  const opening = "[https @ 0x1] [info] Opening 'http://127.0.0.1/live.m3u8' for reading"

  test('a live list is read anew, twice a second', () => {
    const guard = createLoopGuard(source)
    for (let at = 0; at < 3_600_000; at += 500) expect(guard.push(opening, at)).toBe(false)
  })

  test('the same list, without a pause', () => {
    const guard = createLoopGuard(source)
    const told = Array.from({ length: 12 }, (_, at) => guard.push(opening, at))
    expect(told).toEqual([...Array(11).fill(false), true])
  })

  test('many lists and many pieces, a connection for each', () => {
    const guard = createLoopGuard(source)
    for (let at = 0; at < 500; at += 1) {
      const lines = [
        '[tcp @ 0x1] [verbose] Successfully connected to 127.0.0.1 port 80',
        `[hls @ 0x1] [verbose] HLS request for url 'http://127.0.0.1/${at % 2 ? at : 'slate'}.ts', offset 0, playlist 0`,
        `[http @ 0x1] [info] Opening 'http://127.0.0.1/${at}.ts' for reading`,
      ]
      for (const line of lines) expect(guard.push(line, at)).toBe(false)
    }
    expect(guard.push('[error] http://127.0.0.1/live.m3u8: Input/output error', 501)).toBe(false)
  })

  test('a camera that is elsewhere', () => {
    const guard = createLoopGuard({ kind: 'RTSP', url: 'rtsp://127.0.0.1/' })
    for (let at = 0; at < 8; at += 1)
      expect(guard.push('[rtsp @ 0x1] [info] Status 302: Redirecting to rtsp://127.0.0.1/', at)).toBe(false)
  })
})
