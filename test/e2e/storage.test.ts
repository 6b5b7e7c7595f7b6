import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Browser } from '../support/chromium.ts'
import { until } from '../support/until.ts'
import { Weir } from '../support/weir.ts'

/** Runs a command in mount and, where we are not root, user namespaces of its own, with a tiny disk at a folder. */
function withTinyDisk(folder: string, kilobytes: number): string[] {
  const namespaces = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount']
  const mount = `mount -t tmpfs -o size=${kilobytes}k tmpfs '${folder}' && exec "$@"`
  return ['unshare', ...namespaces, 'sh', '-c', mount, 'sh']
}

test('the disk for segments is full: that is told, and the picture and the API go on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weir-e2e-full-'))
  const segments = join(folder, 'data', 'segments')
  await mkdir(segments, { recursive: true })
  try {
    await using browser = await Browser.launch()
    await using weir = await Weir.start({ folder, wrapper: withTinyDisk(segments, 256) })
    const stream = await weir.liveStream({ name: 'Pattern', source: { testPattern: {} } })
    await using player = await browser.player()
    await player.playWhep(stream.playback!.whepUrl!)
    await until('the log says it', () => weir.lines.some((line) => line.includes('the disk for segments is full')), {
      explain: () => weir.lines.slice(-20),
    })
    await player.waitForFrames(100)
    const after = await weir.stream(stream.id)
    expect(after).toMatchObject({ state: 'LIVE', process: { pid: stream.process!.pid, restarts: 0 } })
    await weir.liveStream({ name: 'Another', source: { testPattern: { width: 160, height: 120 } } })
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})

test('a data folder that can not be made ends the start in words', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weir-e2e-unwritable-'))
  try {
    await writeFile(join(folder, 'data'), 'a file where the folder should be')
    await using weir = await Weir.prepare({ folder })
    const exit = await weir.launch()
    expect(exit.code).toBe(1)
    expect(weir.logTail()).toContain(weir.dataDir)
    expect(weir.logTail()).not.toContain('    at ')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
