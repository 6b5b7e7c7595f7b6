import '../../support/worker.ts'

import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../src/ids.ts'
import type { Pool } from '../../../src/media/mediasoup/pool.ts'
import { sequenceMargin } from '../../../src/media/mediasoup/sequence.ts'
import type { StreamMedia } from '../../../src/media/mediasoup/types.ts'
import type { MediaKind } from '../../../src/streams/model.ts'
import { producerSpecs, startPool } from '../../support/media-bed.ts'
import { RtpSender } from '../../support/rtp-sender.ts'

let pool: Pool
beforeAll(async () => {
  pool = await startPool()
})
afterAll(() => pool.close())

function open(...kinds: MediaKind[]) {
  return pool.openStream(newId('Stream'), producerSpecs(...kinds))
}

async function send(media: StreamMedia): Promise<RtpSender> {
  return new RtpSender({ VIDEO: await media.rtpTarget('VIDEO'), AUDIO: await media.rtpTarget('AUDIO') })
}

/** Resolves when the first packet of each of these kinds has come. */
function firstPackets(media: StreamMedia, ...kinds: MediaKind[]): Promise<void> {
  const missing = new Set(kinds)
  return new Promise((resolve) => {
    const cancel = media.onFirstPacket((kind) => {
      missing.delete(kind)
      if (missing.size > 0) return
      cancel()
      resolve()
    })
  })
}

test('nothing measured is null until FFmpeg sends', async () => {
  const media = await open('VIDEO', 'AUDIO')
  const unmeasured = { packets: 0, bitrateBps: null, packetsLost: null, jitterMs: null, score: null }
  expect(await media.figures()).toMatchObject([
    { kind: 'VIDEO', ...unmeasured },
    { kind: 'AUDIO', ...unmeasured },
  ])
  await media.close()
})

test('the first packet of each kind is told once, and figures follow', async () => {
  const media = await open('VIDEO', 'AUDIO')
  const told: MediaKind[] = []
  media.onFirstPacket((kind) => told.push(kind))
  const first = firstPackets(media, 'VIDEO', 'AUDIO')
  await using _sender = await send(media)
  await first
  const next = firstPackets(media, 'VIDEO', 'AUDIO')
  await next
  expect(told.toSorted()).toEqual(['AUDIO', 'VIDEO'])
  for (const figures of await media.figures()) {
    expect(figures.packets).toBeGreaterThan(0)
    expect(figures).toMatchObject({ packetsLost: 0, score: 10, jitterMs: expect.any(Number) })
  }
  await media.close()
})

test('sender reports arrive, from the port beside', async () => {
  const media = await open('VIDEO', 'AUDIO')
  const reports = (['VIDEO', 'AUDIO'] as const).map(async (kind) => {
    const producer = media.producer(kind)!
    const report = new Promise((resolve) => producer.on('trace', ({ type }) => type === 'sr' && resolve(kind)))
    await producer.enableTraceEvent(['sr'])
    return report
  })
  await using _sender = await send(media)
  expect(await Promise.all(reports)).toEqual(['VIDEO', 'AUDIO'])
  await media.close()
})

test('a killed FFmpeg is followed by one on the same ports and SSRC, above its numbers, and nothing counts as lost', async () => {
  const media = await open('VIDEO', 'AUDIO')
  let before = await media.rtpTarget('VIDEO')
  for (let round = 0; round < 3; round++) {
    const first = firstPackets(media, 'VIDEO', 'AUDIO')
    const sender = await send(media)
    await first
    await firstPackets(media, 'VIDEO')
    await sender.kill()
    const { sequence, ...same } = (await media.rtpTarget('VIDEO'))!
    expect(sequence).toBeGreaterThan(before!.sequence + sequenceMargin)
    const { sequence: _, ...ports } = before!
    expect(same).toEqual(ports)
    before = { ...same, sequence }
  }
  for (const figures of await media.figures()) expect(figures.packetsLost).toBe(0)
  await media.close()
})

test('one producer is closed and another added while the other flows', async () => {
  const media = await open('VIDEO', 'AUDIO')
  const started = firstPackets(media, 'VIDEO', 'AUDIO')
  await using _sender = await send(media)
  await started
  await media.closeProducer(media.producer('VIDEO')!.id)
  expect(await media.rtpTarget('VIDEO')).toBeNull()
  expect(await media.figures()).toMatchObject([{ kind: 'AUDIO' }])
  await firstPackets(media, 'AUDIO')
  await expect(media.addProducer(producerSpecs('AUDIO')[0]!)).rejects.toMatchObject({ code: 'CONFLICT' })

  const waiting = firstPackets(media, 'VIDEO')
  const [video] = producerSpecs('VIDEO')
  await media.addProducer(video!)
  expect(media.producer('VIDEO')?.id).toBe(video!.id)
  await using _second = new RtpSender({ VIDEO: await media.rtpTarget('VIDEO') })
  await waiting
  await media.close()
})

test('a stream that is closed holds nothing and takes nothing', async () => {
  const before = await pool.inventory()
  const media = await open('VIDEO', 'AUDIO')
  expect(await pool.inventory()).toMatchObject({ routers: before.routers + 1, ports: before.ports + 2 })
  await media.close()
  await media.close()
  expect(await pool.inventory()).toEqual(before)
  await expect(media.rtpTarget('VIDEO')).rejects.toMatchObject({ code: 'INVALID_STATE' })
  await expect(media.addProducer(producerSpecs('VIDEO')[0]!)).rejects.toMatchObject({ code: 'INVALID_STATE' })
})
