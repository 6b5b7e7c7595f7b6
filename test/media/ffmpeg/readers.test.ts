import { describe, expect, test } from 'vitest'
import { createProcessLog } from '../../../src/media/ffmpeg/log.ts'
import { nextCpu, readingIn, readProc } from '../../../src/media/ffmpeg/proc.ts'
import { lastProgress } from '../../../src/media/ffmpeg/progress.ts'
import { trackInLine } from '../../../src/media/ffmpeg/reported-tracks.ts'

describe('progress', () => {
  const block = (frame: number, speed: string) =>
    `frame=${frame}\nfps=24.71\nstream_0_0_q=20.0\nbitrate=N/A\ntotal_size=N/A\ndup_frames=0\ndrop_frames=3\nspeed=${speed}\nprogress=continue\n`

  test('the last whole block counts', () => {
    const text = `${block(10, '0.9x')}${block(72, '   1x')}frame=99\nfps=1`
    expect(lastProgress(text)).toEqual({ frames: 72, fps: 24.71, speed: 1, droppedFrames: 3 })
  })

  test('what FFmpeg does not know is null', () => {
    expect(lastProgress('fps=0.00\nspeed=N/A\nprogress=continue\n')).toEqual({
      ...{ frames: null, fps: 0, speed: null, droppedFrames: null },
    })
    expect(lastProgress('frame=1\nfps=25')).toBeNull()
    expect(lastProgress('')).toBeNull()
  })
})

describe('/proc', () => {
  test('the name in the middle may hold anything', () => {
    const stat = '77 (a) S (b c) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 1 0 100 0 12 99 99'
    expect(readingIn(stat, 4096)).toEqual({ cpuSeconds: 3, memoryBytes: 12 * 4096 })
  })

  test('what has gone is null', () => {
    expect(readingIn('', 4096)).toEqual({ cpuSeconds: null, memoryBytes: null })
    expect(readingIn('77 (a) Z 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 1 0 100 0 0 99', 4096).memoryBytes).toBeNull()
    expect(readProc(2 ** 22 + 1)).toEqual({ cpuSeconds: null, memoryBytes: null })
  })

  test('this process has both', () => {
    const { cpuSeconds, memoryBytes } = readProc(process.pid)
    expect(cpuSeconds).toBeGreaterThan(0)
    expect(Math.abs(memoryBytes! - process.memoryUsage.rss())).toBeLessThan(64 * 1024 * 1024)
  })

  test('a share needs two readings that are far enough apart', () => {
    const first = nextCpu(null, 1_000, 5)
    expect(first).toEqual({ at: 1_000, seconds: 5, percent: null })
    expect(nextCpu(first, 1_100, 5.1)).toBe(first)
    expect(nextCpu(first, 2_000, 5.5)).toEqual({ at: 2_000, seconds: 5.5, percent: 50 })
    expect(nextCpu(first, 2_000, null)).toBeNull()
  })
})

describe('the log of a process', () => {
  test('keeps the last 50 lines that matter, redacted and cut', () => {
    const log = createProcessLog()
    for (let at = 0; at < 200; at += 1) log.push(`[rtsp @ 0x1] [error] line ${at}\n[info] noise\n`)
    log.push(`[error] rtsp://viewer:pa55word@cam/live: Connection refused ${'x'.repeat(3000)}\n`)
    const lines = log.lines()
    expect(lines).toHaveLength(50)
    expect(lines[0]).toBe('[rtsp @ 0x1] [error] line 151')
    expect(lines.at(-1)).toMatch(/^\[error\] rtsp:\/\/\*\*\*@cam\/live: Connection refused x+…$/)
    expect(lines.at(-1)!.length).toBeLessThanOrEqual(401)
    expect(JSON.stringify(lines)).not.toContain('noise')
  })

  test('a line that is cut shows no half of a password', () => {
    for (let length = 4_040; length < 4_100; length += 1) {
      const log = createProcessLog()
      const line = `${'x'.repeat(length)} rtsp://viewer:pa55word@cam/live`
      for (const piece of line.match(/.{1,1000}/g)!) log.push(piece)
      log.push(' and more\nnext\n')
      expect(log.lines().join('\n')).not.toContain('pa5')
      expect(log.lines().at(-1)).toBe('next')
    }
  })

  test('the last line needs no end', () => {
    const log = createProcessLog()
    log.push('[fatal] half')
    log.end()
    expect(log.lines()).toEqual(['[fatal] half'])
  })
})

describe('what FFmpeg says about its input', () => {
  const none = { width: null, height: null, fps: null, pixelFormat: null, hasBFrames: null }
  test.each([
    [
      '[info]   Stream #0:0: Video: h264 (High), yuv420p(tv, bt709, progressive), 1280x720 [SAR 1:1 DAR 16:9], 25 fps, 25 tbr, 90k tbn',
      { kind: 'VIDEO', codec: 'h264', profile: 'High', pixelFormat: 'yuv420p', width: 1280, height: 720, fps: 25 },
    ],
    [
      '[info]   Stream #0:0[0x1](und): Video: h264 (Main) (avc1 / 0x31637661), yuvj420p(pc), 640x360, 211 kb/s, 29.97 fps, 29.97 tbr, 12800 tbn (default)',
      { kind: 'VIDEO', codec: 'h264', profile: 'Main', pixelFormat: 'yuvj420p', width: 640, height: 360, fps: 29.97 },
    ],
    [
      '[info]   Stream #0:0: Video: mjpeg (Baseline), yuvj420p(pc, bt470bg/unknown/unknown), 320x240, 90k tbr, 90k tbn',
      {
        kind: 'VIDEO',
        codec: 'mjpeg',
        profile: 'Baseline',
        pixelFormat: 'yuvj420p',
        width: 320,
        height: 240,
        fps: null,
      },
    ],
    [
      '[info]   Stream #0:1: Audio: pcm_mulaw, 8000 Hz, mono, s16, 64 kb/s',
      { ...none, kind: 'AUDIO', codec: 'pcm_mulaw', profile: null, channels: 1, sampleRate: 8000 },
    ],
    [
      '[info]   Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, stereo, fltp, 96 kb/s (default)',
      { ...none, kind: 'AUDIO', codec: 'aac', profile: 'LC', channels: 2, sampleRate: 48_000 },
    ],
  ])('%s', (text, expected) => {
    expect(trackInLine(text)).toMatchObject(expected)
  })

  test('a cover picture and other lines are no tracks', () => {
    expect(trackInLine('[info]   Stream #0:1: Video: png, rgb24(pc), 300x300, 90k tbr (attached pic)')).toBeNull()
    expect(trackInLine('[info]   Stream #0:2: Data: bin_data')).toBeNull()
    expect(trackInLine('[info]   Stream #0:0 -> #0:0 (copy)')).toBeNull()
  })
})
