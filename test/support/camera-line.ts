import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

/** A line to a camera that writes down what the camera is asked, and may change what it answers. */
export interface CameraLine extends AsyncDisposable {
  port: number
  /** The first lines of the requests and their Authorization, as far as they come in one piece each. */
  requests: { method: string; uri: string; authorization: string | null }[]
  /** Statuses of the answers, as far as they come at the start of a piece. */
  statuses: number[]
}

export interface CameraLineOptions {
  /** Answers are changed by it; their bodies stay as long as they are. */
  answer?: (text: string) => string
  /** Encrypted, with this certificate. */
  tls?: { key: string; cert: string }
}

export async function startCameraLine(targetPort: number, options: CameraLineOptions = {}): Promise<CameraLine> {
  const { answer = (text) => text, tls } = options
  const requests: CameraLine['requests'] = []
  const statuses: number[] = []
  const sockets = new Set<Socket>()
  const take = (client: Socket) => {
    const camera = connect(targetPort, '127.0.0.1')
    for (const [from, to] of [
      [client, camera],
      [camera, client],
    ] as const) {
      sockets.add(from)
      from
        .on('error', () => from.destroy())
        .on('close', () => {
          sockets.delete(from)
          to.end()
        })
    }
    client.on('data', (bytes: Buffer) => {
      const text = bytes.toString('latin1')
      for (const [, method, uri, rest] of text.matchAll(/([A-Z_]+) (\S+) RTSP\/1\.0\r\n([^$]*?)\r\n\r\n/g)) {
        const authorization = /^authorization: *(.*)$/im.exec(rest!)?.[1]?.trim() ?? null
        requests.push({ method: method!, uri: uri!, authorization })
      }
      camera.write(bytes)
    })
    camera.on('data', (bytes: Buffer) => {
      const text = bytes.toString('latin1')
      const status = /^RTSP\/1\.0 (\d+)/.exec(text)?.[1]
      if (status) statuses.push(Number(status))
      client.write(status ? Buffer.from(answer(text), 'latin1') : bytes)
    })
  }
  const server = (tls ? createTlsServer(tls, take) : createServer(take)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    statuses,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}
