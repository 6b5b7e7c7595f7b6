import { chmod, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readDisk, usedPercent } from '../../../src/health/system/checks/disk.ts'
import { ffmpegCheck } from '../../../src/health/system/checks/ffmpeg.ts'
import { mediasoupCheck } from '../../../src/health/system/checks/mediasoup.ts'
import { readFolder, temporaryFolderCheck } from '../../../src/health/system/checks/temporary-folder.ts'
import { startResources } from '../../../src/health/system/resources.ts'
import { silentLogger } from '../../../src/platform/logs/logger.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-checks-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const signal = new AbortController().signal

describe('FFmpeg', () => {
  it('says its version and encodes', async () => {
    expect(await ffmpegCheck('ffmpeg', silentLogger).check(signal)).toMatchObject({
      status: 'HEALTHY',
      details: { version: expect.stringMatching(/^\S+$/) },
    })
  })

  it('that is not there is critical', async () => {
    expect(await ffmpegCheck('/nonexistent/ffmpeg', silentLogger).check(signal)).toMatchObject({ status: 'CRITICAL' })
  })

  it('that ends with an error, or is no FFmpeg, is critical', async () => {
    expect(await ffmpegCheck('false', silentLogger).check(signal)).toMatchObject({
      status: 'CRITICAL',
      details: { error: expect.stringContaining('it ended with 1') },
    })
  })

  it('that hangs is killed when nobody waits for it any more', async () => {
    const script = join(folder, 'hanging-ffmpeg')
    await writeFile(script, '#!/bin/sh\nexec sleep 1000\n')
    await chmod(script, 0o755)
    const controller = new AbortController()
    const found = ffmpegCheck(script, silentLogger).check(controller.signal)
    controller.abort()
    expect(await found).toMatchObject({ status: 'CRITICAL' })
  })
})

describe('the temporary folder', () => {
  const day = 24 * 3_600_000

  it('is written to, and what lies in it is counted', async () => {
    const segments = join(folder, 'segments')
    const run = join(segments, 'stream', 'run')
    await mkdir(run, { recursive: true })
    for (const name of ['init.mp4', '0.m4s', '1.m4s']) await writeFile(join(run, name), 'x'.repeat(100))
    const long = new Date(Date.now() - day - 60_000)
    // The head of a run is as old as the run: that is no file left behind.
    await utimes(join(run, 'init.mp4'), long, long)
    const check = temporaryFolderCheck(segments, Date.now)
    expect(await check.check(signal)).toMatchObject({
      status: 'HEALTHY',
      details: { files: 3, bytes: 300, oldFiles: 0, complete: true },
    })
    await utimes(join(run, '0.m4s'), long, long)
    expect(await check.check(signal)).toMatchObject({ status: 'WARNING', details: { files: 3, oldFiles: 1 } })
    expect(await readFolder(segments, Date.now(), 2)).toMatchObject({ files: 2, complete: false })
  })

  it('that can not be written rejects, which makes it critical', async () => {
    const file = join(folder, 'no-folder')
    await writeFile(file, '')
    await expect(temporaryFolderCheck(file, Date.now).check(signal)).rejects.toThrow(/EEXIST|ENOTDIR/)
  })
})

it('the disk of a folder has a size', async () => {
  const space = await readDisk(folder)
  expect(space.totalBytes).toBeGreaterThan(0)
  expect(space.freeBytes).toBeLessThanOrEqual(space.totalBytes)
  expect(usedPercent(space)).toBeGreaterThanOrEqual(0)
  await expect(readDisk(join(folder, 'gone'))).rejects.toThrow('ENOENT')
})

describe('mediasoup', () => {
  const worker = { index: 0, pid: 1, streams: 3, webRtcPort: 40_000 }
  it.each([
    [2, 'HEALTHY'],
    [1, 'WARNING'],
    [0, 'CRITICAL'],
  ])('with %s of 2 workers is %s', async (running, status) => {
    const pool = { workers: () => Array.from({ length: running }, () => worker) }
    expect(await mediasoupCheck(pool, 2).check(signal)).toMatchObject({
      status,
      details: { workers: running, expectedWorkers: 2, streams: running * 3 },
    })
  })
})

it('the machine is measured; its CPU once there has been time enough', async () => {
  let now = 1_000_000
  const resources = startResources(() => now)
  expect(resources.read()).toMatchObject({ cpuPercent: null, memoryPercent: expect.any(Number) })
  now += 10_000
  // The clock of the processor goes on by itself: work a little until it has moved.
  const until = performance.now() + 50
  while (performance.now() < until) Math.sqrt(now)
  await new Promise((resolve) => setTimeout(resolve, 50))
  const { cpuPercent, memoryPercent, eventLoopLagMs } = resources.read()
  expect(cpuPercent).toBeGreaterThanOrEqual(0)
  expect(cpuPercent).toBeLessThanOrEqual(100)
  expect(memoryPercent).toBeGreaterThan(0)
  expect(eventLoopLagMs).toBeGreaterThanOrEqual(0)
  resources.stop()
})
