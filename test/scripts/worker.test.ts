import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ninjaProgress } from '../../scripts/setup/ninja.mjs'
import { findWorker, workerRuns } from '../../scripts/setup/worker.mjs'
import { buildFailure } from '../../scripts/setup/worker-build.mjs'
import { downloadWorker, prebuiltUrl } from '../../scripts/setup/worker-download.mjs'

describe('ninjaProgress', () => {
  it.each([
    ['[1/4] Building CXX object a.o', 0.25],
    ['[171/171] Linking CXX executable mediasoup-worker', 1],
    ['[0/0] nothing', null],
    ['ninja: Entering directory `out`', null],
    ['  note: [1/2] in the middle', null],
  ])('%s', (line, share) => {
    expect(ninjaProgress(line)).toBe(share)
  })
})

describe('prebuiltUrl', () => {
  it("is mediasoup's own name for the machine", () => {
    expect(prebuiltUrl({ version: '3.27.1', platform: 'linux', arch: 'x64', kernel: '6.1.0-18-amd64' })).toBe(
      'https://github.com/versatica/mediasoup/releases/download/3.27.1/mediasoup-worker-3.27.1-linux-x64-kernel6.tgz',
    )
    expect(
      prebuiltUrl({ version: '3.27.1', platform: 'darwin', arch: 'arm64', kernel: '25.0.0', base: 'http://a' }),
    ).toBe('http://a/3.27.1/mediasoup-worker-3.27.1-darwin-arm64.tgz')
  })
})

describe('buildFailure', () => {
  it('shows the end of the log, where the whole is, and the ways out', () => {
    const tail = '[1/2] Building a.o\nno such file'
    const text = buildFailure({ step: 'ninja ended with 1', tail, log: '/var/build.log' })
    expect(text).not.toContain('Building a.o')
    for (const part of ['ninja ended with 1', 'no such file', '/var/build.log', 'MEDIASOUP_WORKER_BIN'])
      expect(text).toContain(part)
  })
})

describe('the worker in the cache', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-worker-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** A program that, like mediasoup's worker, ends with 41 when it is asked without a version. */
  function program(name: string, exitCode = 41) {
    const path = join(folder, name)
    writeFileSync(path, `#!/bin/sh\nexit ${exitCode}\n`)
    chmodSync(path, 0o755)
    return path
  }

  /** Serves one archive with this program in it, as a release of mediasoup has it. */
  async function release(exitCode: number) {
    const archive = join(folder, 'release.tgz')
    program('mediasoup-worker', exitCode)
    execFileSync('tar', ['-czf', archive, '-C', folder, 'mediasoup-worker'])
    const server = createServer((request, response) => {
      if (request.url?.startsWith('/3.27.1/mediasoup-worker-3.27.1-')) response.end(readFileSync(archive))
      else response.writeHead(404).end()
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
  }

  it('is a file that runs here', () => {
    expect(workerRuns(program('good'))).toBe(true)
    expect(workerRuns(program('other', 0))).toBe(false)
    expect(workerRuns(join(folder, 'absent'))).toBe(false)
  })

  it('is downloaded whole, or not at all', async () => {
    const into = join(folder, 'cache')
    mkdirSync(into)
    const worker = join(into, 'mediasoup-worker')
    const download = (base: string) => downloadWorker({ version: '3.27.1', worker, runs: workerRuns, base })

    const wrong = await release(127)
    expect(await download(wrong.base)).toBe(false)
    wrong.close()
    expect(await download(wrong.base)).toBe(false)
    expect(readdirSync(into)).toEqual([])

    const right = await release(41)
    expect(await downloadWorker({ version: '3.27.2', worker, runs: workerRuns, base: right.base })).toBe(false)
    expect(await download(right.base)).toBe(true)
    right.close()
    expect(readdirSync(into)).toEqual(['mediasoup-worker'])
    expect(workerRuns(worker)).toBe(true)
  })

  it('gives way to one that is given, which has to run', async () => {
    const given = program('given')
    expect(await findWorker({ project: folder, cache: folder, given })).toEqual({ path: given, there: true })
    await expect(findWorker({ project: folder, cache: folder, given: `${given}-not` })).rejects.toThrow(
      /MEDIASOUP_WORKER_BIN is/,
    )
  })

  it("gives way to the one that mediasoup's own install script left", async () => {
    const own = join(folder, 'node_modules/mediasoup/worker/out/Release')
    mkdirSync(own, { recursive: true })
    program('node_modules/mediasoup/worker/out/Release/mediasoup-worker')
    expect(await findWorker({ project: folder, cache: folder })).toEqual({ path: null, there: true })
  })

  it('is found again by the version of mediasoup', async () => {
    mkdirSync(join(folder, 'node_modules/mediasoup'), { recursive: true })
    writeFileSync(join(folder, 'node_modules/mediasoup/package.json'), '{"version":"3.27.1"}')
    mkdirSync(join(folder, 'mediasoup-worker-3.27.1'))
    const kept = program('mediasoup-worker-3.27.1/mediasoup-worker')
    expect(await findWorker({ project: folder, cache: folder })).toEqual({ path: kept, there: true })
  })
})
