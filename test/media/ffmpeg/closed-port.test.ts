import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { causeAfterLook } from '../../../src/media/ffmpeg/closed-port.ts'
import type { SourceTrack, UrlSource } from '../../../src/streams/model.ts'
import { freeTcpPort } from '../../support/free-ports.ts'
import { ingest } from '../../support/ingest.ts'

const video: SourceTrack = {
  ...({ kind: 'VIDEO', codec: 'h264', profile: 'High', width: 320, height: 240, fps: 25 } as const),
  ...{ pixelFormat: 'yuv420p', hasBFrames: false, channels: null, sampleRate: null },
}

async function causeOf(source: UrlSource): Promise<unknown> {
  await using running = await ingest(source, { tracks: [video] })
  return (await running.process.exited).cause
}

test('SRT: a port that is closed refuses, one that is silent does not answer in time', async () => {
  const closed = `srt://127.0.0.1:${await freeTcpPort()}`
  const silent = createSocket('udp4').bind(0, '127.0.0.1')
  await once(silent, 'listening')
  try {
    const causes = [closed, `srt://127.0.0.1:${silent.address().port}`].map((url) => causeOf({ kind: 'SRT', url }))
    expect(await Promise.all(causes)).toEqual(['REFUSED', 'TIMEOUT'])
  } finally {
    silent.close()
  }
})

test('what can not be looked at stays as it was told', async () => {
  const sources: UrlSource[] = [
    { kind: 'SRT', url: 'srt://no-such-host.invalid:9000' },
    { kind: 'SRT', url: 'srt://127.0.0.1' },
    { kind: 'RTMP', url: `rtmp://127.0.0.1:${await freeTcpPort()}/live/stream` },
  ]
  for (const source of sources) expect(await causeAfterLook('TIMEOUT', source)).toBe('TIMEOUT')
})
