import '../../support/worker.ts'

import process from 'node:process'
import { expect, onTestFinished, test } from 'vitest'
import { newId } from '../../../src/ids.ts'
import { newRef, nextNotice, openWhep, producerSpecs, startPool } from '../../support/media-bed.ts'
import { chromiumOffer } from './offers.ts'

test('2,000 sessions with two consumers each, over two workers, and nothing left of them', async () => {
  const pool = await startPool({ workers: 2, maxConsumers: 2000 })
  onTestFinished(() => pool.close())
  const media = await pool.openStream(newId('Stream'), producerSpecs('VIDEO', 'AUDIO'))
  const { streamId } = media
  const before = await pool.inventory()
  const refs = Array.from({ length: 2000 }, newRef)
  const open = async (ref: (typeof refs)[number]) => {
    const { routerRtpCapabilities: rtpCapabilities } = await pool.sessions.openTransport({ ...ref, streamId })
    return pool.sessions.consume({ ...ref, rtpCapabilities })
  }
  const opened: Awaited<ReturnType<typeof open>>[] = []
  for (const ref of refs.slice(0, 301)) opened.push(await open(ref))
  expect(media.sessions.places).toEqual(
    new Map([
      [0, 300],
      [1, 1],
    ]),
  )
  opened.push(...(await Promise.all(refs.slice(301).map(open))))
  expect(opened.every((tracks) => tracks.length === 2)).toBe(true)
  expect(media.sessions.places).toEqual(
    new Map([
      [0, 1000],
      [1, 1000],
    ]),
  )
  await expect(pool.sessions.openTransport({ ...newRef(), streamId })).rejects.toMatchObject({
    code: 'CAPACITY_EXCEEDED',
    details: { needed: 1, available: 0 },
  })
  expect(await pool.inventory()).toEqual({
    ...before,
    routers: before.routers + 1,
    webRtcTransports: 2000,
    sessions: 2000,
  })
  const consumerIds = refs.map(({ consumerId }) => consumerId)
  expect(await pool.sessions.sessionFigures({ consumerIds })).toHaveLength(2000)

  // A new process of FFmpeg: new consumers for all, and the same tracks.
  await media.sessions.renew('VIDEO', media.producer('VIDEO')!)
  const [tracks] = await Promise.all(refs.slice(0, 1).map(open))
  expect(tracks!.map(({ id }) => id)).toEqual(opened[0]!.map(({ id }) => id))

  expect(await Promise.all(refs.map((ref) => pool.sessions.close(ref)))).toEqual(refs.map(() => true))
  await expect.poll(() => pool.inventory()).toEqual(before)
})

test('a further worker that dies takes its own sessions alone, and those that come next find a place', async () => {
  const pool = await startPool({ workers: 2, sessionsPerWorker: 1 })
  onTestFinished(() => pool.close())
  const media = await pool.openStream(newId('Stream'), producerSpecs('VIDEO', 'AUDIO'))
  const { streamId } = media
  const first = newRef()
  await pool.sessions.openTransport({ ...first, streamId })
  const { ref: second } = await openWhep(pool, streamId, chromiumOffer)
  const further = pool.workers().find(({ pid }) => pid !== media.workerPid)!
  const notice = nextNotice(pool)
  process.kill(further.pid, 'SIGKILL')
  expect(await notice).toMatchObject({ ...second, what: 'DISCONNECTED' })
  expect(pool.sessions.list()).toEqual([first])
  // On what is there, until the worker has been replaced.
  const again = { ...second, incarnation: 2 }
  await pool.sessions.openWhep({ ...again, streamId, offer: chromiumOffer })
  expect(pool.sessions.list()).toEqual([first, again])
  expect(await media.figures()).toHaveLength(2)
})
