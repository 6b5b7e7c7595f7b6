import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A line to a server that can be cut and mended: an outage as a client sees it. */
export interface TcpLine {
  port: number
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>
  /** With `targetPort`, to another server from now on. */
  mend(targetPort?: number): Promise<void>
  close(): Promise<void>
}

export async function startTcpLine(firstTargetPort: number): Promise<TcpLine> {
  const sockets = new Set<Socket>()
  let server: Server | null = null
  let targetPort = firstTargetPort

  async function listen(port: number): Promise<number> {
    server = createServer((client) => {
      const target = connect(targetPort, '127.0.0.1')
      for (const [one, other] of [
        [client, target],
        [target, client],
      ] as const) {
        sockets.add(one)
        one.pipe(other)
        one.on('error', () => {})
        one.on('close', () => {
          sockets.delete(one)
          other.destroy()
        })
      }
    }).listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  async function cut(): Promise<void> {
    if (!server) return
    const closed = once(server, 'close')
    server.close()
    server = null
    for (const socket of sockets) socket.destroy()
    await closed
  }

  const port = await listen(0)
  return {
    port,
    cut,
    async mend(to = targetPort) {
      targetPort = to
      if (!server) await listen(port)
    },
    close: cut,
  }
}
