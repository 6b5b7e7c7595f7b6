import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A web server on a loopback port; what is open at its end is cut. */
export class WebServer implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  requests: string[] = []

  private constructor(listener: RequestListener) {
    this.#server = createServer((request, response) => {
      if (this.requests.length < 1000) this.requests.push(request.url ?? '')
      listener(request, response)
    })
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  static async start(listener: RequestListener): Promise<WebServer> {
    const server = new WebServer(listener)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  url(path = '/'): string {
    return `http://127.0.0.1:${this.port}${path}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}
