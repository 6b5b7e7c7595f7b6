import '../../support/worker.ts'

import * as sdpTransform from 'sdp-transform'
import { expect, onTestFinished, test } from 'vitest'
import { newId } from '../../../src/ids.ts'
import type { MediasoupPoolOptions } from '../../../src/media/mediasoup/pool.ts'
import type { MediaKind } from '../../../src/streams/model.ts'
import { nextNotice, openWhep, producerSpecs, startPool } from '../../support/media-bed.ts'
import { chromiumOffer, offerWithPayloadTypes, plainOffer } from './offers.ts'

async function poolWithStream(kinds: MediaKind[], options: Partial<MediasoupPoolOptions> = {}) {
  const pool = await startPool(options)
  onTestFinished(() => pool.close())
  const media = await pool.openStream(newId('Stream'), producerSpecs(...kinds))
  return { pool, media }
}

test('the answer takes what is offered, in its order, under its payload types', async () => {
  const { pool, media } = await poolWithStream(['VIDEO', 'AUDIO'], {
    announcedAddresses: ['192.0.2.1', 'media.example'],
  })
  const { answer } = await openWhep(pool, media.streamId, plainOffer)
  const sdp = sdpTransform.parse(answer)
  expect(sdp).toMatchObject({ icelite: 'ice-lite', groups: [{ type: 'BUNDLE', mids: '0 1' }] })
  expect(sdp.media).toMatchObject([
    {
      type: 'video',
      port: 9,
      payloads: '108 109',
      mid: 0,
      direction: 'sendonly',
      setup: 'passive',
      rtcpMux: 'rtcp-mux',
    },
    { type: 'audio', port: 9, payloads: 111, mid: 1, direction: 'sendonly', setup: 'passive', rtcpMux: 'rtcp-mux' },
  ])
  const [video, audio] = sdp.media
  expect(video!.fmtp).toEqual([
    { payload: 108, config: expect.stringContaining('profile-level-id=42e01f') },
    { payload: 109, config: 'apt=108' },
  ])
  expect(video!.rtcpFb?.map(({ type, subtype }) => [type, subtype].join(' ').trim()).toSorted()).toEqual([
    'ccm fir',
    'nack',
    'nack pli',
  ])
  expect(video!.ssrcGroups).toMatchObject([{ semantics: 'FID' }])
  expect(video!.msid![0]!.id).toBe(audio!.msid![0]!.id)
  expect(video!.candidates?.map(({ ip, transport }) => `${ip} ${transport}`)).toEqual([
    '192.0.2.1 udp',
    '192.0.2.1 tcp',
    'media.example udp',
    'media.example tcp',
  ])
  expect(video!.candidates![0]).toMatchObject({ port: pool.workers()[0]!.webRtcPort, type: 'host' })
  expect(video!.candidates![1]).toMatchObject({ tcptype: 'passive' })
})

test("no header extension is taken under an id that is not the router's own", async () => {
  const { pool, media } = await poolWithStream(['VIDEO', 'AUDIO'])
  const sections = async (offer: string) =>
    sdpTransform.parse((await openWhep(pool, media.streamId, offer)).answer).media
  for (const section of await sections(chromiumOffer)) expect(section.ext ?? []).toEqual([])
  const withOurIds = chromiumOffer
    .replaceAll(/a=extmap:.*\r\n/g, '')
    .replaceAll(/(a=mid:\d\r\n)/g, '$1a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\n')
  for (const section of await sections(withOurIds)) {
    expect(section.ext).toEqual([{ value: 1, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' }])
  }
})

test('players that go over to new SSRCs are not bound to the first one', async () => {
  const { pool, media } = await poolWithStream(['VIDEO', 'AUDIO'])
  expect((await openWhep(pool, media.streamId, chromiumOffer)).answer).not.toContain('a=ssrc')
  expect((await openWhep(pool, media.streamId, plainOffer)).answer).toContain('a=ssrc')
})

test.each([
  ['VIDEO', [9, 0], 0],
  ['AUDIO', [0, 9], 1],
] as const)('a stream of %s alone rejects the other section', async (kind, ports, mid) => {
  const { pool, media } = await poolWithStream([kind])
  const sdp = sdpTransform.parse((await openWhep(pool, media.streamId, chromiumOffer)).answer)
  expect(sdp.media.map(({ port }) => port)).toEqual(ports)
  expect(sdp.groups).toEqual([{ type: 'BUNDLE', mids: mid }])
})

test('offers that can not be answered leave nothing behind', async () => {
  const { pool, media } = await poolWithStream(['VIDEO', 'AUDIO'])
  const before = await pool.inventory()
  const open = (streamId: string, offer: string) => openWhep(pool, streamId, offer)
  await expect(open(media.streamId, 'garbage')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  const foreign = chromiumOffer.replaceAll('H264', 'H265').replaceAll('opus', 'speex')
  await expect(open(media.streamId, foreign)).rejects.toMatchObject({ code: 'UNSUPPORTED_MEDIA' })
  await expect(open(newId('Stream'), chromiumOffer)).rejects.toMatchObject({ code: 'INVALID_STATE' })
  expect(await pool.inventory()).toEqual(before)
})

test('50 sessions opened and closed leave nothing behind', async () => {
  const { pool, media } = await poolWithStream(['VIDEO', 'AUDIO'])
  const before = await pool.inventory()
  const offers = [chromiumOffer, offerWithPayloadTypes(96, 97, 100), offerWithPayloadTypes(102, 103, 111)]
  const sessions = await Promise.all(
    Array.from({ length: 50 }, (_, index) => openWhep(pool, media.streamId, offers[index % 3]!)),
  )
  expect(await pool.inventory()).toEqual({
    ...before,
    routers: before.routers + 3,
    webRtcTransports: 50,
    sessions: 50,
  })
  expect(await Promise.all(sessions.map(({ ref }) => pool.sessions.close(ref)))).toEqual(sessions.map(() => true))
  expect(await pool.sessions.close(sessions[0]!.ref)).toBe(false)
  await expect.poll(() => pool.inventory()).toEqual(before)
})

test('a stream that closes ends its sessions', async () => {
  const { pool, media } = await poolWithStream(['VIDEO', 'AUDIO'])
  const { ref } = await openWhep(pool, media.streamId, chromiumOffer)
  const opening = openWhep(pool, media.streamId, offerWithPayloadTypes(96, 97, 100)).catch((error: unknown) => error)
  await media.close()
  expect(await opening).toMatchObject({ code: expect.stringMatching(/^(INVALID_STATE|UNAVAILABLE)$/) })
  expect(await pool.sessions.close(ref)).toBe(false)
  await expect.poll(() => pool.inventory()).toEqual({ routers: 0, webRtcTransports: 0, sessions: 0, ports: 0 })
})

test('a player by WHEP that never connects goes by itself, and it is told', async () => {
  const { pool, media } = await poolWithStream(['VIDEO', 'AUDIO'], { sessionTimes: { connectMs: 50 } })
  const before = await pool.inventory()
  const notice = nextNotice(pool)
  const { ref } = await openWhep(pool, media.streamId, chromiumOffer)
  expect(media.viewerCount()).toBe(0)
  expect(await notice).toEqual({ ...ref, what: 'ENDED', at: expect.any(Number) })
  await expect.poll(() => pool.inventory()).toEqual(before)
})

test('no more viewers than set, also when they come at once', async () => {
  const { pool, media } = await poolWithStream(['VIDEO'], { maxConsumers: 3 })
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () => openWhep(pool, media.streamId, chromiumOffer)),
  )
  const refused = results.filter((result) => result.status === 'rejected')
  expect(refused.map(({ reason }) => reason)).toMatchObject([
    { code: 'CAPACITY_EXCEEDED', details: { needed: 1, available: 0 } },
    { code: 'CAPACITY_EXCEEDED' },
  ])
})

test('no more layouts of payload types a stream than 16; one that is left makes room', async () => {
  const { pool, media } = await poolWithStream(['VIDEO', 'AUDIO'])
  const offer = (index: number) => offerWithPayloadTypes(96 + index, 127, 126)
  const [first] = await Promise.all(
    Array.from({ length: 16 }, (_, index) => openWhep(pool, media.streamId, offer(index))),
  )
  await expect(openWhep(pool, media.streamId, offer(16))).rejects.toMatchObject({ code: 'CAPACITY_EXCEEDED' })
  await pool.sessions.close(first!.ref)
  await openWhep(pool, media.streamId, offer(16))
})

test('a player that is bound to its SSRCs has to come again for a new producer; the others stay', async () => {
  const { pool, media } = await poolWithStream(['VIDEO', 'AUDIO'])
  const { ref: bound } = await openWhep(pool, media.streamId, plainOffer)
  const { ref: free } = await openWhep(pool, media.streamId, chromiumOffer)
  const notice = nextNotice(pool)
  await media.closeProducer(media.producer('VIDEO')!.id)
  await media.addProducer(producerSpecs('VIDEO')[0]!)
  expect(await notice).toMatchObject({ ...bound, what: 'DISCONNECTED' })
  expect(pool.sessions.list()).toEqual([free])
})
