import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A port on loopback for one FFmpeg at a time. */
export interface LoopbackPort {
  port: number
  /** Ends the listener and all its connections. Idempotent. */
  close(): void
}

/** FFmpeg has one; the one before may still be closing, and somebody else may be at the door. */
const mostConnections = 8

/** Listens on a free port of 127.0.0.1 or ::1. Connections come with `allowHalfOpen`, without errors that nobody hears. */
export async function listenOnLoopback(
  host: '127.0.0.1' | '::1',
  onConnection: (socket: Socket) => void,
): Promise<LoopbackPort> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    onConnection(socket)
  })
  server.maxConnections = mostConnections
  server.listen(0, host)
  await once(server, 'listening')
  // Of one that could not be accepted; FFmpeg sees it by itself.
  server.on('error', () => {})
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** What nobody guesses, as it may stand in a URL: 128 bits. */
export function unguessable(): string {
  return randomBytes(16).toString('hex')
}
