import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { textFrames } from '../../src/http/websocket-frames.ts'

it('are what ws reads as the same messages, of every length', async () => {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const [socket] = (await once(server, 'connection')) as [Socket]
  const [request] = (await once(socket, 'data')) as [Buffer]
  const key = /sec-websocket-key: (\S+)/i.exec(String(request))![1]!
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  await once(client, 'open')
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.constantFrom(125, 126, 127, 65_535, 65_536, 70_000).map((length) => 'x'.repeat(length)),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 5 }), async (texts) => {
      const read: string[] = []
      const all = Promise.withResolvers<void>()
      client.removeAllListeners('message').on('message', (data) => {
        read.push(String(data))
        if (read.length === texts.length) all.resolve()
      })
      socket.write(textFrames(texts))
      await all.promise
      expect(read).toEqual(texts)
    }),
  )
  client.terminate()
  socket.destroy()
  server.close()
})
