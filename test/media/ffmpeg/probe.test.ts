import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { probeSource } from '../../../src/media/ffmpeg/probe.ts'
import { tracksInProbe } from '../../../src/media/ffmpeg/probe-output.ts'
import { SourceFailure } from '../../../src/streams/causes.ts'
import type { FileSource, UrlSource } from '../../../src/streams/model.ts'
import { type CameraOptions, startCamera } from '../../support/camera.ts'
import { ingest, ingestDeps } from '../../support/ingest.ts'
import { faultyCamera, type RtspFault } from '../../support/rtsp-faults.ts'
import { type SampleName, sample } from '../../support/samples.ts'

const probe = (source: UrlSource | FileSource, deadlineMs = 20_000, signal?: AbortSignal) =>
  probeSource(source, deadlineMs, { ...ingestDeps, ...(signal ? { signal } : {}) })

async function failure(work: Promise<unknown>): Promise<SourceFailure> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(SourceFailure)
  return error as SourceFailure
}

describe('probeSource', () => {
  test.each<[SampleName, object[]]>([
    [
      'h264-high-aac.ts',
      [
        {
          ...{ kind: 'VIDEO', codec: 'h264', profile: 'High', width: 320, height: 240, fps: 25 },
          ...{ pixelFormat: 'yuv420p', hasBFrames: false, channels: null, sampleRate: null },
        },
        {
          ...{ kind: 'AUDIO', codec: 'aac', profile: 'LC', width: null, height: null, fps: null },
          ...{ pixelFormat: null, hasBFrames: null, channels: 2, sampleRate: 48_000 },
        },
      ],
    ],
    ['h264-b-frames-aac.mp4', [{ codec: 'h264', hasBFrames: true }, { codec: 'aac' }]],
    ['h264-b-frames.ts', [{ codec: 'h264', hasBFrames: true }]],
    ['h264-444.mkv', [{ codec: 'h264', profile: 'High 4:4:4 Predictive', pixelFormat: 'yuv444p' }]],
    ['pcmu.wav', [{ kind: 'AUDIO', codec: 'pcm_mulaw', profile: null, channels: 1, sampleRate: 8000 }]],
  ])('a file: %s', async (name, expected) => {
    expect(await probe({ kind: 'FILE', path: await sample(name), loop: true })).toMatchObject(expected)
  })

  test.each<[CameraOptions, object[]]>([
    [{ audio: 'pcmu' }, [{ codec: 'h264', hasBFrames: false }, { codec: 'pcm_mulaw' }]],
    [{ video: { profile: 'main', bFrames: 2 } }, [{ codec: 'h264', profile: 'Main', hasBFrames: true }]],
    [{ video: { codec: 'mjpeg' } }, [{ codec: 'mjpeg' }]],
  ])('a camera: %j', async (options, expected) => {
    await using camera = await startCamera(options)
    expect(await probe({ kind: 'RTSP', url: camera.url() })).toMatchObject(expected)
  })

  test('sound that a camera announces and never sends is not there: FFmpeg would wait for it', async () => {
    await using camera = await startCamera({ audio: 'pcmu' })
    // The camera makes its description while everything flows; a viewer keeps it going.
    await using viewer = await ingest({ kind: 'RTSP', url: camera.url() })
    await viewer.audio.packets(1)
    await camera.freeze('audio')
    // What was on its way then has come when none has for a second of video.
    for (let heard = -1; heard < viewer.audio.received.packets; ) {
      heard = viewer.audio.received.packets
      await viewer.video.more(25)
    }
    expect(await probe({ kind: 'RTSP', url: camera.url() })).toMatchObject([{ kind: 'VIDEO' }])
  })

  test.each<[RtspFault, string]>([
    ['refuse', 'REFUSED'],
    ['close', 'REFUSED'],
    ['hang', 'TIMEOUT'],
    ['silent', 'NO_MEDIA'],
    [401, 'AUTH'],
    [404, 'NOT_FOUND'],
  ])('a camera that is broken: %s is %s', async (fault, expected) => {
    await using camera = await faultyCamera(fault)
    expect(await failure(probe({ kind: 'RTSP', url: camera.url }))).toMatchObject({ cause: expected })
  })

  test('no password in what it says', async () => {
    await using camera = await startCamera({ password: 'right' })
    const error = await failure(probe({ kind: 'RTSP', url: camera.url({ user: 'viewer', password: 'pa55word' }) }))
    expect(error.cause).toBe('AUTH')
    expect(error.log.length).toBeGreaterThan(0)
    expect(`${error.message} ${error.log.join()}`).not.toContain('pa55word')
  })

  test('its deadline is its own, whatever the source does', async () => {
    // Sends a byte a little oftener than any time limit of FFmpeg's.
    const server = createServer((socket) => {
      const timer = setInterval(() => socket.write('R'), 200)
      socket.on('error', () => socket.destroy()).on('close', () => clearInterval(timer))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const error = await failure(probe({ kind: 'RTSP', url: `rtsp://127.0.0.1:${port}/live` }, 1_500))
    server.close()
    expect(error.cause).toBe('TIMEOUT')
  })

  test('it can be called off', async () => {
    await using camera = await faultyCamera('hang')
    const controller = new AbortController()
    const ended = failure(probe({ kind: 'RTSP', url: camera.url }, 60_000, controller.signal))
    controller.abort()
    expect((await ended).cause).toBe('TIMEOUT')
  })

  test('a list of other files is no file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weir-test-list-'))
    const path = join(folder, 'list.m3u8')
    await writeFile(path, `#EXTM3U\n#EXTINF:4,\n${await sample('h264-high-aac.ts')}\n#EXT-X-ENDLIST\n`)
    expect(await failure(probe({ kind: 'FILE', path, loop: true }))).toMatchObject({ cause: 'UNSUPPORTED' })
    await rm(folder, { recursive: true })
  })
})

test('a cover picture, data and tracks without packets are left out', () => {
  const streams = [
    { index: 0, codec_type: 'video', codec_name: 'mjpeg', disposition: { attached_pic: 1 } },
    { index: 1, codec_type: 'data' },
    { index: 2, codec_type: 'audio', codec_name: 'aac' },
    { index: 3, codec_type: 'audio', codec_name: 'mp3', channels: 2, sample_rate: '44100', profile: 'unknown' },
  ]
  const packets = [0, 1, 3].map((stream_index) => ({ stream_index, pts: 0 }))
  expect(tracksInProbe({ streams, packets })).toMatchObject([
    { kind: 'AUDIO', codec: 'mp3', channels: 2, sampleRate: 44_100, profile: null },
  ])
  expect(tracksInProbe({})).toEqual([])
})
