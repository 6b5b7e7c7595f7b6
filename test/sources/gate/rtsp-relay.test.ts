import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { gate } from '../../support/gate.ts'
import { hostileCamera, otherwiseGood } from '../../support/hostile-camera.ts'

/** A client of the gate's that speaks as FFmpeg does. */
async function client(url: string): Promise<{ socket: Socket; ask(method: string, path?: string): Promise<string> }> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  let cseq = 0
  return {
    socket,
    async ask(method, path = '') {
      cseq += 1
      const transport = method === 'SETUP' ? 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n' : ''
      socket.write(`${method} ${url}${path} RTSP/1.0\r\nCSeq: ${cseq}\r\n${transport}\r\n`)
      for (let text = ''; ; ) {
        const chunk: Buffer | null = socket.read()
        if (!chunk) {
          await once(socket, 'readable')
          continue
        }
        text += chunk.toString('latin1')
        const end = text.indexOf('\r\n\r\n') + 4
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
        if (end >= 4 && text.length >= end + length) {
          if (text.length > end + length) socket.unshift(Buffer.from(text.slice(end + length), 'latin1'))
          return text.slice(0, end + length)
        }
      }
    },
  }
}

const frame = (n: number) => {
  const data = Buffer.alloc(4 + (n % 1400), n)
  data.writeUInt32BE(n)
  return Buffer.concat([Buffer.from([0x24, n % 2, data.length >> 8, data.length & 255]), data])
}
const frames = 20_000

test('media comes through byte by byte, with answers between, to a client that now and then does not read', async () => {
  const sent = createHash('sha256')
  await using camera = await hostileCamera(
    '127.0.0.1',
    otherwiseGood(({ method, answer }, socket) => {
      if (method !== 'PLAY') return null
      socket.write(answer('200 OK', ['Session: 1']))
      void play(socket)
      return undefined
    }),
  )
  async function play(socket: Socket): Promise<void> {
    for (let n = 0; n < frames; n += 1) {
      const bytes = frame(n)
      sent.update(bytes)
      // What the camera asks in between is not FFmpeg's.
      if (n % 5000 === 9) socket.write('OPTIONS * RTSP/1.0\r\nCSeq: 7\r\n\r\n')
      if (!socket.write(bytes)) await once(socket, 'drain')
    }
    socket.end()
  }
  using gated = await gate({ kind: 'RTSP', url: `rtsp://127.0.0.1:${camera.port}/live` })
  const { socket, ask } = await client(gated.source.url)
  expect(await ask('OPTIONS')).toMatch(/^RTSP\/1\.0 200 OK\r\nCSeq: 1\r\n/)
  expect(await ask('DESCRIBE')).toContain(`a=control:${gated.source.url}/1\r\n`)
  expect(await ask('SETUP', '/1')).toContain('Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n')
  expect(await ask('PLAY')).toContain('200 OK')
  const received = createHash('sha256')
  let count = 0
  for await (const chunk of socket) {
    received.update(chunk as Buffer)
    count += 1
    // Now and then the buffers between fill up.
    if (count % 50 === 0) for (let rest = 0; rest < 2000; rest += 1) await turn()
  }
  expect(received.digest('hex')).toBe(sent.digest('hex'))
})

test('who does not know the address gets nothing, and nobody is asked for them', async () => {
  await using camera = await hostileCamera(
    '127.0.0.1',
    otherwiseGood(() => null),
  )
  using gated = await gate({ kind: 'RTSP', url: `rtsp://127.0.0.1:${camera.port}/live` })
  const { hostname, port } = new URL(gated.source.url)
  const near = `${gated.source.url.slice(0, -1)}${gated.source.url.endsWith('0') ? '1' : '0'}`
  for (const url of [near, `rtsp://${hostname}:${port}/`, `${gated.source.url}/1`, '*']) {
    const socket = connect(Number(port), hostname)
    socket.write(`OPTIONS ${url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`)
    const chunks: unknown[] = []
    socket.on('error', () => {}).on('data', (chunk) => chunks.push(chunk))
    await once(socket, 'close')
    expect(chunks).toEqual([])
  }
  expect(camera.connections).toBe(0)
  expect(gated.failure()).toBeNull()
})
