import '../../support/worker.ts'

import process from 'node:process'
import { expect, onTestFinished, test } from 'vitest'
import type { SessionNotice } from '../../../src/consumers/media.ts'
import { newId } from '../../../src/ids.ts'
import type { MediasoupPoolOptions } from '../../../src/media/mediasoup/pool.ts'
import type { MediaKind } from '../../../src/streams/model.ts'
import { newRef, openWhep, producerSpecs, startPool } from '../../support/media-bed.ts'
import { chromiumOffer } from './offers.ts'

async function poolWithStream(kinds: MediaKind[], options: Partial<MediasoupPoolOptions> = {}) {
  const pool = await startPool(options)
  onTestFinished(() => pool.close())
  const media = await pool.openStream(newId('Stream'), producerSpecs(...kinds))
  return { pool, media, sessions: pool.sessions, streamId: media.streamId }
}

const bytes = (count: number, byte = 'A7') => Array.from({ length: count }, () => byte).join(':')
const dtlsParameters = { role: 'client' as const, fingerprints: [{ algorithm: 'sha-256' as const, value: bytes(32) }] }

test('a session is opened, consumed, connected, resumed and closed, and each step twice is as good as once', async () => {
  const { pool, media, sessions, streamId } = await poolWithStream(['VIDEO', 'AUDIO'], {
    announcedAddresses: ['192.0.2.1', '127.0.0.1'],
  })
  const before = await pool.inventory()
  const ref = newRef()
  const [opened, again] = await Promise.all([
    sessions.openTransport({ ...ref, streamId }),
    sessions.openTransport({ ...ref, streamId }),
  ])
  expect(again).toEqual(opened)
  expect(opened.transportOptions.iceCandidates.map(({ address, protocol }) => `${address} ${protocol}`)).toEqual([
    '192.0.2.1 udp',
    '192.0.2.1 tcp',
    '127.0.0.1 udp',
    '127.0.0.1 tcp',
  ])
  const rtpCapabilities = opened.routerRtpCapabilities
  const [tracks, sameTracks] = await Promise.all([
    sessions.consume({ ...ref, rtpCapabilities }),
    sessions.consume({ ...ref, rtpCapabilities }),
  ])
  expect(sameTracks).toEqual(tracks)
  expect(tracks).toMatchObject([
    { kind: 'VIDEO', paused: true, producerId: media.producer('VIDEO')!.id, consumerOptions: { kind: 'video' } },
    { kind: 'AUDIO', paused: true, producerId: media.producer('AUDIO')!.id, consumerOptions: { kind: 'audio' } },
  ])
  await Promise.all([
    sessions.connect({ ...ref, dtlsParameters }),
    sessions.connect({ ...ref, dtlsParameters: { ...dtlsParameters } }),
  ])
  await sessions.connect({ ...ref, dtlsParameters })
  await sessions.setPaused({ ...ref, kinds: ['VIDEO'], paused: false })
  await sessions.setPaused({ ...ref, kinds: ['VIDEO'], paused: false })
  expect((await sessions.consume({ ...ref, rtpCapabilities })).map(({ paused }) => paused)).toEqual([false, true])
  await sessions.setPaused({ ...ref, kinds: null, paused: false })
  expect((await sessions.consume({ ...ref, rtpCapabilities })).map(({ paused }) => paused)).toEqual([false, false])

  expect(await sessions.close(ref)).toBe(true)
  expect(await sessions.close(ref)).toBe(false)
  await expect(sessions.consume({ ...ref, rtpCapabilities })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect.poll(() => pool.inventory()).toEqual(before)
})

test('what a player sends is checked before mediasoup sees it, and nothing changes', async () => {
  const { sessions, streamId } = await poolWithStream(['VIDEO', 'AUDIO'])
  const ref = newRef()
  const { routerRtpCapabilities } = await sessions.openTransport({ ...ref, streamId })
  const fingerprints = [
    [],
    [{ algorithm: 'sha-256', value: 'garbage' }],
    [{ algorithm: 'sha-256', value: '' }],
    [{ algorithm: 'sha-256', value: bytes(20) }],
    [{ algorithm: 'md5', value: bytes(16) }],
    [null],
  ]
  for (const wrong of [...fingerprints.map((fingerprints) => ({ fingerprints })), null, { role: 'boss' }]) {
    await expect(sessions.connect({ ...ref, dtlsParameters: wrong as never })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  }
  const codec = routerRtpCapabilities.codecs![0]!
  const capabilities = [
    null,
    7,
    [],
    { codecs: 'all' },
    { codecs: [null] },
    { codecs: [{ ...codec, mimeType: 'h264' }] },
    { codecs: [{ ...codec, clockRate: 'fast' }] },
    { codecs: [], headerExtensions: [{}] },
    { codecs: Array.from({ length: 1000 }, () => codec) },
  ]
  for (const wrong of capabilities) {
    await expect(sessions.consume({ ...ref, rtpCapabilities: wrong as never })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  }
  await expect(sessions.consume({ ...ref, rtpCapabilities: { codecs: [] } })).rejects.toMatchObject({
    code: 'UNSUPPORTED_MEDIA',
  })
  expect(await sessions.consume({ ...ref, rtpCapabilities: routerRtpCapabilities })).toHaveLength(2)
  await sessions.connect({ ...ref, dtlsParameters })
  const other = { role: 'client' as const, fingerprints: [{ algorithm: 'sha-256' as const, value: bytes(32, '00') }] }
  await expect(sessions.connect({ ...ref, dtlsParameters: other })).rejects.toMatchObject({ code: 'CONFLICT' })
})

test('an incarnation takes the place of the one before, and what is said of that one comes too late', async () => {
  const { pool, sessions, streamId } = await poolWithStream(['VIDEO'])
  const first = newRef()
  const second = { ...first, incarnation: 2 }
  const one = await sessions.openTransport({ ...first, streamId })
  const two = await sessions.openTransport({ ...second, streamId })
  expect(two.transportOptions.id).not.toBe(one.transportOptions.id)
  await expect(sessions.restartIce(first)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(sessions.openTransport({ ...first, streamId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await sessions.close(first)).toBe(false)
  expect(await pool.inventory()).toMatchObject({ sessions: 1, webRtcTransports: 1 })
  expect(await sessions.restartIce(second)).toMatchObject({ iceLite: true })
})

test('a session is of one stream and one way, and of a stream that is open here', async () => {
  const { pool, sessions, streamId } = await poolWithStream(['VIDEO'])
  const ref = newRef()
  await expect(sessions.openTransport({ ...ref, streamId: newId('Stream') })).rejects.toMatchObject({
    code: 'INVALID_STATE',
  })
  await sessions.openTransport({ ...ref, streamId })
  const other = await pool.openStream(newId('Stream'), producerSpecs('VIDEO'))
  await expect(sessions.openTransport({ ...ref, streamId: other.streamId })).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(sessions.openWhep({ ...ref, streamId, offer: chromiumOffer })).rejects.toMatchObject({
    code: 'CONFLICT',
  })
  const { ref: byWhep } = await openWhep(pool, streamId, chromiumOffer)
  await expect(sessions.connect({ ...byWhep, dtlsParameters })).rejects.toMatchObject({ code: 'INVALID_STATE' })
  await expect(sessions.patchWhep({ ...ref, fragment: '' })).rejects.toMatchObject({ code: 'INVALID_STATE' })
})

test('a session that is closed while it is being opened leaves nothing behind', async () => {
  const { pool, sessions, streamId } = await poolWithStream(['VIDEO'])
  const before = await pool.inventory()
  const ref = newRef()
  const opening = sessions.openTransport({ ...ref, streamId }).catch((error: unknown) => error)
  expect(await sessions.close(ref)).toBe(true)
  expect(await opening).toMatchObject({ code: 'INVALID_STATE' })
  await expect.poll(() => pool.inventory()).toEqual(before)
})

test('tracks come and go with the producers; who is found by MID keeps the id of each', async () => {
  const { media, sessions, streamId } = await poolWithStream(['VIDEO'])
  const ref = newRef()
  const { routerRtpCapabilities: rtpCapabilities } = await sessions.openTransport({ ...ref, streamId })
  const consume = () => sessions.consume({ ...ref, rtpCapabilities })
  const [video] = await consume()
  expect(video!.consumerOptions.rtpParameters.encodings![0]!.ssrc).toBeUndefined()

  const [audio] = producerSpecs('AUDIO')
  await media.addProducer(audio!)
  const both = await consume()
  expect(both).toMatchObject([{ id: video!.id }, { kind: 'AUDIO', producerId: audio!.id }])

  await media.closeProducer(video!.producerId)
  await expect.poll(consume).toEqual([both[1]])
  const [next] = producerSpecs('VIDEO')
  await media.addProducer(next!)
  expect((await consume()).find(({ kind }) => kind === 'VIDEO')).toMatchObject({ id: video!.id, producerId: next!.id })
})

test('a player that knows no MID is told its SSRC, and has a new track for a new producer', async () => {
  const { media, sessions, streamId } = await poolWithStream(['VIDEO'])
  const ref = newRef()
  const { routerRtpCapabilities } = await sessions.openTransport({ ...ref, streamId })
  const rtpCapabilities = { ...routerRtpCapabilities, headerExtensions: [] }
  const [before] = await sessions.consume({ ...ref, rtpCapabilities })
  expect(before!.consumerOptions.rtpParameters.encodings![0]!.ssrc).toEqual(expect.any(Number))
  await media.closeProducer(before!.producerId)
  await media.addProducer(producerSpecs('VIDEO')[0]!)
  const [after] = await sessions.consume({ ...ref, rtpCapabilities })
  expect(after!.id).not.toBe(before!.id)
})

test('other capabilities give other tracks in place of those before', async () => {
  const { sessions, streamId } = await poolWithStream(['VIDEO', 'AUDIO'])
  const ref = newRef()
  const { routerRtpCapabilities } = await sessions.openTransport({ ...ref, streamId })
  const before = await sessions.consume({ ...ref, rtpCapabilities: routerRtpCapabilities })
  const codecs = routerRtpCapabilities.codecs!.filter(({ kind }) => kind === 'audio')
  const after = await sessions.consume({ ...ref, rtpCapabilities: { ...routerRtpCapabilities, codecs } })
  expect(after.map(({ kind }) => kind)).toEqual(['AUDIO'])
  expect(before.map(({ id }) => id)).not.toContain(after[0]!.id)
})

test.each(['closed', 'killed'] as const)('sessions of a stream that is %s are told to be disconnected', async (how) => {
  const { pool, media, sessions, streamId } = await poolWithStream(['VIDEO', 'AUDIO'])
  const ref = newRef()
  await sessions.openTransport({ ...ref, streamId })
  const { ref: byWhep } = await openWhep(pool, streamId, chromiumOffer)
  const notices: SessionNotice[] = []
  sessions.onNotice((notice) => notices.push(notice))
  if (how === 'closed') await media.close()
  else process.kill(media.workerPid, 'SIGKILL')
  await expect.poll(() => notices.length).toBe(2)
  expect(notices).toMatchObject([
    { ...ref, what: 'DISCONNECTED' },
    { ...byWhep, what: 'DISCONNECTED' },
  ])
  expect(sessions.list()).toEqual([])
  expect(await sessions.close(ref)).toBe(false)
})

test('who closes a session knows it, and is not told', async () => {
  const { pool, sessions, streamId } = await poolWithStream(['VIDEO'])
  const notices: SessionNotice[] = []
  sessions.onNotice((notice) => notices.push(notice))
  const { ref } = await openWhep(pool, streamId, chromiumOffer)
  await sessions.close(ref)
  await pool.close()
  expect(notices).toEqual([])
})
