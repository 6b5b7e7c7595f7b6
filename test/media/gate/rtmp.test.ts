import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { rtmpNames } from '../../../src/sources/gate/rtmp/names.ts'
import { splitSourceUrl } from '../../../src/sources/gate/source-url.ts'
import { gate } from '../../support/gate.ts'
import { ingest } from '../../support/ingest.ts'
import { startRtmpRecorder } from '../../support/rtmp-recorder.ts'
import { startRtmpServer } from '../../support/rtmp-server.ts'
import { sample } from '../../support/samples.ts'
import { until } from '../../support/until.ts'

/** Runs ffprobe until it has ended, however. */
const look = (url: string) =>
  new Promise<string>((resolve) => {
    execFile('ffprobe', ['-v', 'verbose', '-rtmp_live', 'live', '-rw_timeout', '5000000', '-i', url], (_, out, err) =>
      resolve(out + err),
    )
  })

describe('a server of RTMP is asked the same through the gate as without it', () => {
  test.each([
    '/live/stream',
    '/live/stream?token=s3cr3t&x=/y',
    '/live/instance/stream',
    '/live/instance/folder/stream.flv',
    '/live/film.mp4',
    '/live/mp4:folder/film.mp4',
    '/ondemand/film',
    '/live',
    '/live?key=s3cr3t',
    '/live/?key=1',
    '/app?slist=name&x=1',
    '/live/a/s%20t',
  ])('%s', async (path) => {
    await using server = await startRtmpRecorder()
    const url = `rtmp://127.0.0.1:${server.port}${path}`
    await look(url)
    const plain = server.commands.splice(0)
    using source = await gate({ kind: 'RTMP', url })
    const log = await look(source.source.url)
    expect(plain.map(([name]) => name)).toContain('play')
    expect(server.commands).toEqual(plain)
    expect(source.source.url + log).not.toContain('s3cr3t')
    expect(rtmpNames(splitSourceUrl(url)!).tcUrl.startsWith(`rtmp://127.0.0.1:${server.port}/`)).toBe(true)
  })
})

test('a stream of a real server comes through', async () => {
  await using server = await startRtmpServer()
  const url = `rtmp://127.0.0.1:${server.port}/live/k3y`
  const input = ['-re', '-stream_loop', '-1', '-i', await sample('h264-high-aac.flv'), '-c', 'copy']
  const publisher = spawn('ffmpeg', ['-v', 'error', ...input, '-f', 'flv', url], { stdio: 'ignore' })
  try {
    using source = await gate({ kind: 'RTMP', url })
    // A player may come before its stream.
    await using running = await until('the stream is there', () => ingest(source.source).catch(() => null), {
      timeoutMs: 30_000,
    })
    await Promise.all([running.video.packets(100), running.audio.packets(100)])
    expect(running.video.received.jumps).toBe(0)
    expect(source.source.url).not.toContain('k3y')
  } finally {
    const gone = once(publisher, 'exit')
    publisher.kill('SIGKILL')
    await gone
  }
})
