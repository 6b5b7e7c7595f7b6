import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { Lookup } from '../../../src/sources/gate/resolve.ts'
import { freeTcpPort } from '../../support/free-ports.ts'
import { gate, rulesAllowing } from '../../support/gate.ts'
import { ingest, learn } from '../../support/ingest.ts'
import { sample } from '../../support/samples.ts'

/** FFmpeg that offers a sample over SRT to one who connects, encrypted. */
async function offering(port: number, passphrase: string): Promise<AsyncDisposable> {
  const input = ['-re', '-stream_loop', '-1', '-i', await sample('h264-high-aac.ts'), '-c', 'copy', '-f', 'mpegts']
  const url = `srt://127.0.0.1:${port}?mode=listener&passphrase=${passphrase}`
  const child = spawn('ffmpeg', ['-v', 'error', ...input, url], { stdio: 'ignore' })
  return {
    async [Symbol.asyncDispose]() {
      const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null
      child.kill('SIGKILL')
      await gone
    },
  }
}

test('a passphrase opens the stream, and is on no command line', async () => {
  const tracks = await learn({ kind: 'FILE', path: await sample('h264-high-aac.ts'), loop: true })
  const port = await freeTcpPort()
  await using _ = await offering(port, 'verysecretpassphrase')
  const url = `srt://127.0.0.1:${port}?passphrase=verysecretpassphrase&streamid=it's`
  await using running = await ingest({ kind: 'SRT', url }, { tracks })
  await Promise.all([running.video.packets(100), running.audio.packets(100)])
  expect(running.video.received.jumps).toBe(0)
  expect(await readFile(`/proc/${running.process.pid}/cmdline`, 'utf8')).not.toMatch(/verysecret|it's/)
  const figures = running.process.sample().tracks
  expect(figures.map(({ kind }) => kind)).toEqual(['VIDEO', 'AUDIO'])
  expect(running.process.reportedTracks()).toHaveLength(2)
  expect(running.process.log().join()).not.toContain('verysecret')
})

test('what a source carries is learnt with a passphrase', async () => {
  const port = await freeTcpPort()
  await using _ = await offering(port, 'verysecretpassphrase')
  const learnt = await learn({ kind: 'SRT', url: `srt://127.0.0.1:${port}?passphrase=verysecretpassphrase` })
  expect(learnt).toMatchObject([{ codec: 'h264' }, { codec: 'aac' }])
})

test('a wrong passphrase says so', async () => {
  const port = await freeTcpPort()
  await using _ = await offering(port, 'verysecretpassphrase')
  const wrong = learn({ kind: 'SRT', url: `srt://127.0.0.1:${port}?passphrase=another-passphrase` })
  await expect(wrong).rejects.toMatchObject({ cause: 'AUTH' })
})

test('where nothing listens, it is refused with a passphrase too', async () => {
  const wrong = learn({ kind: 'SRT', url: `srt://127.0.0.1:${await freeTcpPort()}?passphrase=another-passphrase` })
  await expect(wrong).rejects.toMatchObject({ cause: 'REFUSED' })
})

test('FFmpeg is told the address that was looked at, and no name', async () => {
  const lookup: Lookup = async () => [
    { address: '127.0.0.1', family: 4 },
    { address: '127.0.0.2', family: 4 },
  ]
  using gated = await gate(
    { kind: 'SRT', url: 'srt://camera.test:9000?latency=2' },
    rulesAllowing('127.0.0.2/32'),
    lookup,
  )
  expect(gated.source.url).toBe('srt://127.0.0.2:9000?latency=2')
})
