import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'
import { patternTracks } from '../../../src/media/ffmpeg/probe-output.ts'
import { startIngest } from '../../../src/media/ffmpeg/process.ts'
import { tracksDiffer } from '../../../src/media/ffmpeg/tracks.ts'
import type { TestPatternSource } from '../../../src/streams/model.ts'
import { startCamera } from '../../support/camera.ts'
import { ingest, ingestDeps, learn } from '../../support/ingest.ts'
import { readProcess } from '../../support/processes.ts'
import { RtpReceiver } from '../../support/rtp-receiver.ts'
import { sample } from '../../support/samples.ts'
import { until } from '../../support/until.ts'

const pattern: TestPatternSource = { kind: 'TEST_PATTERN', width: 320, height: 240, fps: 25, tone: true }
const gone = (pid: number) => readProcess(pid) === null

describe('an ingest process', () => {
  test('is the FFmpeg itself, goes on from the sequence number that it was given, and shows its figures', async () => {
    await using running = await ingest(pattern, { videoSequence: 65_534 })
    const { process: ffmpeg, video } = running
    await video.packets(10)
    expect(await readFile(`/proc/${ffmpeg.pid}/comm`, 'utf8')).toBe('ffmpeg\n')
    expect(video.received).toMatchObject({ firstSequence: 65_534, jumps: 0 })

    expect(ffmpeg.sample().cpuPercent).toBeNull()
    const figures = await until('all figures', () => {
      const now = ffmpeg.sample()
      const known = [now.cpuPercent, now.memoryBytes, now.frames, now.fps, now.bitrateBps, now.speed]
      const tracks = now.tracks.every(({ fps, bitrateBps }) => fps !== null && bitrateBps !== null)
      return known.every((value) => value !== null) && now.tracks.length === 2 && tracks && now
    })
    expect(figures.pid).toBe(ffmpeg.pid)
    expect(figures.memoryBytes).toBeGreaterThan(5_000_000)
    expect(figures.droppedFrames).toBe(0)
    expect(figures.tracks[0]).toMatchObject({ kind: 'VIDEO' })
    expect(figures.tracks[1]).toMatchObject({ kind: 'AUDIO' })
    expect(tracksDiffer(running.spec.tracks, ffmpeg.reportedTracks()!)).toBe(false)
  })

  test('ends in order when it is stopped, at once and only once', async () => {
    await using running = await ingest(pattern)
    await running.video.packets(5)
    const exits = await Promise.all([running.process.stop(), running.process.stop(), running.process.exited])
    expect(exits[0]).toMatchObject({ code: 255, signal: null, cause: 'ENDED' })
    expect(new Set(exits).size).toBe(1)
    expect(gone(running.process.pid)).toBe(true)
    // What was measured stays readable, what needs a process does not.
    const after = running.process.sample()
    expect(after).toMatchObject({ cpuPercent: null, memoryBytes: null })
    expect(after.tracks[0]!.packets).toBeGreaterThan(0)
    expect(await running.process.stop()).toBe(exits[0])
  })

  test('ends when it is stopped before it has begun', async () => {
    await using running = await ingest(pattern)
    await running.process.stop()
    expect(gone(running.process.pid)).toBe(true)
  })

  test('ends although it is frozen', async () => {
    await using running = await ingest(pattern)
    await running.video.packets(5)
    process.kill(running.process.pid, 'SIGSTOP')
    await until('it is frozen', () => readProcess(running.process.pid)?.state === 'T')
    expect(await running.process.stop(300)).toMatchObject({ code: null, signal: 'SIGKILL' })
    expect(gone(running.process.pid)).toBe(true)
  })

  test('that is killed says so', async () => {
    await using running = await ingest(pattern)
    await running.video.packets(5)
    process.kill(running.process.pid, 'SIGKILL')
    expect(await running.process.exited).toMatchObject({ signal: 'SIGKILL', cause: 'KILLED' })
  })

  test('leaves no descriptor and no file behind, however it ends', async () => {
    const descriptors = () => readdirSync('/proc/self/fd').length
    const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('weir-ffmpeg-')).length
    const settle = async () => {
      await using running = await ingest(pattern)
      await running.video.packets(1)
      running.process.sample()
    }
    await settle()
    const [fds, files] = [descriptors(), leftovers()]
    for (let round = 0; round < 5; round += 1) await settle()
    const missing = { ...ingestDeps, ffmpeg: '/nonexistent/ffmpeg' }
    const spec = await specFor()
    const failed = await startIngest(spec, missing)
    expect(await failed.exited).toMatchObject({ cause: 'UNKNOWN' })
    expect((await failed.exited).log.join()).toContain('/nonexistent/ffmpeg')
    await until('as many descriptors as before', () => descriptors() <= fds)
    expect(leftovers()).toBe(files)
  })

  async function specFor() {
    await using receiver = await RtpReceiver.open()
    const rtp = { VIDEO: receiver.target }
    return { streamId: 's', source: pattern, tracks: patternTracks(pattern), rtp, segments: null, fastProbe: true }
  }
})

describe('RTP goes on', () => {
  test('when segments can not be written', async () => {
    await using running = await ingest(pattern, { segmentFolder: '/proc/no/such/folder' })
    await running.video.keyframes(3)
    await running.audio.packets(100)
    expect(running.video.received.jumps).toBe(0)
    expect(running.process.log().join('\n')).toContain('Slave muxer #2 failed')
  })

  test('when the folder of the segments vanishes', async () => {
    await using running = await ingest(pattern)
    await until('a segment', () => readdirSync(running.folder).includes('0.m4s'))
    await rm(running.folder, { recursive: true })
    await running.video.more(200)
    await running.audio.more(100)
    expect(running.video.received.jumps).toBe(0)
  })

  test('under a folder with every odd character in its name', async () => {
    const folder = await mkdtemp(join(tmpdir(), "weir odd |[f=x]:\\'%&, "))
    try {
      await using running = await ingest(pattern, { segmentFolder: folder })
      await until('two segments', () => readdirSync(folder).includes('1.m4s'), { explain: () => running.process.log() })
      expect(readdirSync(folder)).toContain('init.mp4')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('when nobody reads the packet log, and it can be read again later', async () => {
    // 425 packets a second fill the pipe within some seconds.
    const path = await sample('h264-fast-opus.mkv')
    const source = { kind: 'FILE', path, loop: true } as const
    await using running = await ingest(source, { tracks: await learn(source), segmentFolder: null })
    await until('FFmpeg drops', () => running.process.log().join().includes('FIFO queue full'), { timeoutMs: 60_000 })
    await running.video.more(100)
    const before = running.process.sample().tracks[0]!.packets
    await until('the packet log goes on', () => running.process.sample().tracks[0]!.packets > before + 50)
    expect(running.video.received.jumps).toBe(0)
  })
})

test('no FFmpeg outlives a server that is killed', async () => {
  await using receiver = await RtpReceiver.open()
  const rtp = { VIDEO: receiver.target }
  const spec = { streamId: 's', source: pattern, tracks: patternTracks(pattern), rtp, segments: null, fastProbe: true }
  const module = new URL('../../../src/media/ffmpeg/process.ts', import.meta.url)
  const script = `
    import { startIngest } from ${JSON.stringify(module)}
    const logger = { warn() {} }
    const running = await startIngest(${JSON.stringify(spec)}, { logger, now: Date.now, ffmpeg: 'ffmpeg' })
    console.log(running.pid)
    setInterval(() => {}, 1000)`
  const server = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string]
  const pid = Number(line)
  await receiver.packets(5)
  expect(gone(pid)).toBe(false)
  server.kill('SIGKILL')
  await once(server, 'exit')
  await until('FFmpeg is gone', () => gone(pid) || readProcess(pid)?.state === 'Z')
})

test('a camera that changes what it sends is seen', async () => {
  await using camera = await startCamera({ video: { profile: 'main' } })
  const tracks = await learn({ kind: 'RTSP', url: camera.url() })
  await using bFrames = await startCamera({ video: { profile: 'main', bFrames: 2 } })
  await using running = await ingest({ kind: 'RTSP', url: bFrames.url() }, { tracks })
  const reported = await until('B-frames', () => {
    running.process.sample()
    const now = running.process.reportedTracks()
    return now?.[0]?.hasBFrames && now
  })
  expect(tracksDiffer(tracks, reported)).toBe(true)
})
