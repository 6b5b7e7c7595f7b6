import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** What nobody may touch: a TCP and a UDP port of the same number on 127.0.0.1, the TCP port on [::1], too. */
export interface Canary extends AsyncDisposable {
  port: number
  /** Connections and datagrams. */
  touched: number
}

export async function startCanary(): Promise<Canary> {
  const canary = { port: 0, touched: 0 }
  const listen = async (host: string) => {
    const server = createServer((socket) => {
      canary.touched += 1
      socket.on('error', () => {}).destroy()
    }).listen(canary.port, host)
    await once(server, 'listening')
    canary.port = (server.address() as AddressInfo).port
    return server
  }
  const servers = [await listen('127.0.0.1'), await listen('::1')]
  const datagrams = createSocket('udp4', () => {
    canary.touched += 1
  })
  datagrams.bind(canary.port, '127.0.0.1')
  await once(datagrams, 'listening')
  return Object.assign(canary, {
    async [Symbol.asyncDispose]() {
      datagrams.close()
      for (const server of servers) {
        server.close()
        await once(server, 'close')
      }
    },
  })
}
