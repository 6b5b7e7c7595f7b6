import '../../support/worker.ts'

import { once } from 'node:events'
import { createServer } from 'node:net'
import process from 'node:process'
import { expect, onTestFinished, test } from 'vitest'
import { newId } from '../../../src/ids.ts'
import type { MediasoupPoolOptions } from '../../../src/media/mediasoup/pool.ts'
import { openWhep, producerSpecs, startPool } from '../../support/media-bed.ts'
import { chromiumOffer } from './offers.ts'

async function poolOf(options: Partial<MediasoupPoolOptions>) {
  const pool = await startPool(options)
  onTestFinished(() => pool.close())
  return pool
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('streams are spread over the workers', async () => {
  const pool = await poolOf({ workers: 2 })
  const streams = await Promise.all(
    Array.from({ length: 4 }, () => pool.openStream(newId('Stream'), producerSpecs('VIDEO'))),
  )
  expect(pool.workers().map(({ streams }) => streams)).toEqual([2, 2])
  for (const stream of streams) await stream.close()
  expect(pool.workers().map(({ streams }) => streams)).toEqual([0, 0])
})

test('each worker has a port of its own, one above the other', async () => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  await new Promise((closed) => probe.close(closed))
  const pool = await poolOf({ workers: 2, webRtcPort: port })
  expect(pool.workers().map(({ webRtcPort }) => webRtcPort)).toEqual([port, port + 1])
})

test('a port that somebody has ends the start with its number, and leaves no worker', async () => {
  const other = createServer().listen(0, '0.0.0.0')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const { port } = other.address() as { port: number }
  await expect(startPool({ webRtcPort: port })).rejects.toThrow(`port ${port}`)
})

test('a worker that dies is replaced; its streams are told, the others go on', async () => {
  const pool = await poolOf({ workers: 2 })
  const [first, second] = [
    await pool.openStream(newId('Stream'), producerSpecs('VIDEO', 'AUDIO')),
    await pool.openStream(newId('Stream'), producerSpecs('VIDEO', 'AUDIO')),
  ]
  expect(first.workerPid).not.toBe(second.workerPid)
  const dead = pool.workers().find(({ pid }) => pid === first.workerPid)!
  process.kill(first.workerPid, 'SIGKILL')
  await first.lost
  await expect(first.rtpTarget('VIDEO')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await first.close()
  expect(await second.figures()).toHaveLength(2)

  await expect.poll(() => pool.workers()).toHaveLength(2)
  const again = await pool.openStream(first.streamId, producerSpecs('VIDEO', 'AUDIO'))
  const replaced = pool.workers().find(({ index }) => index === dead.index)!
  expect(again.workerPid).toBe(replaced.pid)
  expect(replaced.pid).not.toBe(dead.pid)
  expect((await pool.inventory()).ports).toBe(4)
})

test('the only worker killed again and again: the stream is opened anew each time without waiting by the caller', async () => {
  const pool = await poolOf({ workers: 1 })
  const streamId = newId('Stream')
  for (let round = 0; round < 3; round++) {
    const media = await pool.openStream(streamId, producerSpecs('VIDEO'))
    process.kill(media.workerPid, 'SIGKILL')
    await media.lost
  }
  expect((await pool.openStream(streamId, producerSpecs('VIDEO'))).streamId).toBe(streamId)
})

test('a worker that hangs is killed and replaced', async () => {
  const pool = await poolOf({ workerPulseMs: 200 })
  const media = await pool.openStream(newId('Stream'), producerSpecs('VIDEO'))
  process.kill(media.workerPid, 'SIGSTOP')
  await media.lost
  await pool.openStream(media.streamId, producerSpecs('VIDEO'))
  expect(isRunning(media.workerPid)).toBe(false)
})

test('a stream is opened once', async () => {
  const pool = await poolOf({})
  const streamId = newId('Stream')
  const opening = pool.openStream(streamId, producerSpecs('VIDEO'))
  await expect(pool.openStream(streamId, producerSpecs('VIDEO'))).rejects.toMatchObject({ code: 'CONFLICT' })
  await opening
})

test('two producers of one kind are refused and nothing is left', async () => {
  const pool = await poolOf({})
  const before = await pool.inventory()
  const streamId = newId('Stream')
  await expect(pool.openStream(streamId, producerSpecs('VIDEO', 'VIDEO'))).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await pool.inventory()).toEqual(before)
})

test('no ports left is said as capacity, with nothing left behind', async () => {
  const pool = await poolOf({ senderPorts: { min: 21_000, max: 21_003 } })
  await expect(pool.openStream(newId('Stream'), producerSpecs('VIDEO', 'AUDIO'))).resolves.toBeDefined()
  await expect(pool.openStream(newId('Stream'), producerSpecs('VIDEO'))).rejects.toMatchObject({
    code: 'CAPACITY_EXCEEDED',
  })
  expect(await pool.inventory()).toMatchObject({ routers: 1, ports: 2 })
})

test('close ends streams, sessions and processes', async () => {
  const pool = await startPool({ workers: 2 })
  const media = await pool.openStream(newId('Stream'), producerSpecs('VIDEO'))
  await openWhep(pool, media.streamId, chromiumOffer)
  const pids = pool.workers().map(({ pid }) => pid)
  await pool.close()
  expect(pids.filter(isRunning)).toEqual([])
  await expect(pool.openStream(newId('Stream'), [])).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

test('mediasoup does not end the workers by itself at a SIGTERM', async () => {
  const before = process.listenerCount('SIGTERM')
  await poolOf({ workers: 2 })
  expect(process.listenerCount('SIGTERM')).toBe(before)
})
