import { WebSocket } from 'ws'
import { createAddressOf } from '../../src/http/client-address.ts'
import { graphqlRoutes } from '../../src/http/graphql-route.ts'
import { createGraphqlWebSocket } from '../../src/http/graphql-ws.ts'
import { OpenSockets } from '../../src/http/open-sockets.ts'
import { startServer } from '../../src/http/server.ts'
import type { TestApi } from './api.ts'

/** The API over HTTP, SSE and WebSocket as the server has it, on a loopback port. */
export interface WholeApiServer {
  port: number
  url: string
  openSockets: OpenSockets
  socket(): WebSocket
  /** The answer to an operation by POST. */
  post(
    query: string,
    init?: { accept?: string; signal?: AbortSignal; variables?: object; key?: string },
  ): Promise<Response>
  close(): Promise<void>
}

export async function serveWholeApi(api: TestApi, { maxSocketsPerAddress = 1000 } = {}): Promise<WholeApiServer> {
  const openSockets = new OpenSockets(maxSocketsPerAddress)
  const connections = { addressOf: createAddressOf([]), openSockets }
  const webSocket = createGraphqlWebSocket(api.graphql, api.deps, undefined, connections)
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    routes: [graphqlRoutes(api.graphql, connections)],
    onUpgrade(request, socket, head) {
      webSocket.handleUpgrade(request, socket, head)
      return true
    },
    logger: api.deps.log,
  })
  const url = `http://127.0.0.1:${server.port}/graphql`
  return {
    port: server.port,
    url,
    openSockets,
    socket: () => new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws'),
    post: (query, { accept = 'application/json', signal, variables, key } = {}) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept, ...(key ? { authorization: `Bearer ${key}` } : {}) },
        body: JSON.stringify({ query, variables }),
        ...(signal ? { signal } : {}),
      }),
    async close() {
      await webSocket.close()
      await server.close(0)
    },
  }
}

export interface Frame {
  id?: string
  type: string
  payload?: unknown
}

/** A bare socket that was let in and keeps what it receives. */
export interface BareSocket {
  socket: WebSocket
  frames: Frame[]
  send(frame: object): void
  /** Its close code and reason. */
  closed: Promise<[number, string]>
}

export async function bareSocket(socket: WebSocket, payload: object = {}): Promise<BareSocket> {
  const frames: Frame[] = []
  const send = (frame: object) => socket.send(JSON.stringify(frame))
  const closed = new Promise<[number, string]>((resolve) =>
    socket.once('close', (code, reason) => resolve([code, String(reason)])),
  )
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('it was closed')))
    socket.once('open', () => send({ type: 'connection_init', payload }))
    socket.on('message', (text) => {
      const frame = JSON.parse(String(text)) as Frame
      if (frame.type === 'connection_ack') resolve()
      else frames.push(frame)
    })
  })
  socket.on('error', () => {})
  return { socket, frames, send, closed }
}
