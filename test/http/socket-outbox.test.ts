import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { maxWaitingBytes, Outbox } from '../../src/http/socket-outbox.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A server's socket with its client. */
async function pair(): Promise<{ own: WebSocket; client: WebSocket }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const connected = once(server, 'connection')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const [own] = (await connected) as [WebSocket]
  // Before that there is nothing to pause.
  await once(client, 'open')
  closing.push(() => {
    client.terminate()
    server.close()
  })
  return { own, client }
}

const message = Buffer.alloc(64 * 1024, 'x')

test('who does not read is told no more than the bound and one message, and is ended', async () => {
  const { own, client } = await pair()
  client.pause()
  const ended = Promise.withResolvers<void>()
  const outbox = new Outbox(own, () => ended.resolve(own.terminate()), 200)
  const sent = Promise.all(Array.from({ length: 1000 }, () => outbox.send(message)))
  expect(own.bufferedAmount).toBeGreaterThan(maxWaitingBytes)
  expect(own.bufferedAmount).toBeLessThan(maxWaitingBytes + 2 * message.length)
  let most = 0
  const look = setInterval(() => {
    most = Math.max(most, own.bufferedAmount)
  }, 5)
  await ended.promise
  clearInterval(look)
  expect(most).toBeLessThan(maxWaitingBytes + 2 * message.length)
  // Nobody waits for ever for a socket that is gone.
  await Promise.allSettled([sent])
})

test('who reads again goes on where it was, and is told everything in order', async () => {
  const { own, client } = await pair()
  client.pause()
  const outbox = new Outbox(own, () => own.terminate(), 60_000)
  const received: number[] = []
  client.on('message', (data) => received.push((data as Buffer).readUInt32BE()))
  const numbers = Array.from({ length: 100 }, (_, n) => n)
  const sent = Promise.all(
    numbers.map((n) => {
      const numbered = Buffer.from(message)
      numbered.writeUInt32BE(n)
      return outbox.send(numbered)
    }),
  )
  expect(own.bufferedAmount).toBeLessThan(maxWaitingBytes + 2 * message.length)
  client.resume()
  await sent
  own.close()
  await once(client, 'close')
  expect(received).toEqual(numbers)
})
