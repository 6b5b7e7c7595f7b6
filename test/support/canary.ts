import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** What nobody may touch: a TCP and a UDP port of the same number on 127.0.0.1. */
export interface Canary extends AsyncDisposable {
  port: number
  /** Connections and datagrams. */
  touched: number
}

export async function startCanary(): Promise<Canary> {
  const canary = { port: 0, touched: 0 }
  const server = createServer((socket) => {
    canary.touched += 1
    socket.on('error', () => {}).destroy()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  canary.port = (server.address() as AddressInfo).port
  const datagrams = createSocket('udp4', () => {
    canary.touched += 1
  })
  datagrams.bind(canary.port, '127.0.0.1')
  await once(datagrams, 'listening')
  return Object.assign(canary, {
    async [Symbol.asyncDispose]() {
      datagrams.close()
      server.close()
      await once(server, 'close')
    },
  })
}
