import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Client, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { TypedDocumentString } from '../../src/client/generated/graphql.ts'
import { createGraphqlWebSocket } from '../../src/http/graphql-ws.ts'
import type { ApiError, TestApi } from './api.ts'

/** The API's WebSocket on a loopback port of its own. */
export interface TestApiServer {
  url: string
  /** A graphql-ws client that does not reconnect; without a key where `key` is null. */
  client(key: string | null): Client
  /** A bare socket, for what a good client would not do. */
  socket(): WebSocket
  /** What waits in this process to be sent, of all sockets. */
  waitingBytes(): number
  close(): Promise<void>
}

export async function serveTestApi(api: TestApi): Promise<TestApiServer> {
  const webSocket = createGraphqlWebSocket(api.graphql, api.deps)
  const server = createServer()
  const upgraded = new Set<Duplex>()
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    webSocket.handleUpgrade(request, socket, head)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
  const clients: Client[] = []
  return {
    url,
    client(key) {
      const client = createClient({
        url,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: key === null ? {} : { authorization: `Bearer ${key}` },
      })
      clients.push(client)
      return client
    },
    socket: () => new WebSocket(url, 'graphql-transport-ws'),
    waitingBytes: () => [...upgraded].reduce((sum, socket) => sum + socket.writableLength, 0),
    async close() {
      for (const client of clients) await client.dispose()
      await webSocket.close()
      server.close()
      server.closeAllConnections()
    },
  }
}

export interface Message<Data> {
  data?: Data | null
  errors?: ApiError[]
}

/** One operation over a client's socket, its messages taken one by one; one that is refused or ends in errors is a message with errors. */
export function operate<Data, Variables extends Record<string, unknown>>(
  client: Client,
  document: TypedDocumentString<Data, Variables> | string,
  variables?: Variables,
): AsyncIterableIterator<Message<Data>> {
  const messages = client.iterate<Data>({ query: document.toString(), ...(variables ? { variables } : {}) })
  return {
    next: () =>
      messages.next().catch((reason) => {
        if (!Array.isArray(reason)) throw reason
        return { done: false, value: { errors: reason } }
      }) as Promise<IteratorResult<Message<Data>>>,
    return: async () => (await messages.return?.()) as IteratorResult<Message<Data>>,
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** The next message of a subscription, which has to be one with data. */
export async function nextData<Data>(messages: AsyncIterableIterator<Message<Data>>): Promise<Data> {
  const { value, done } = await messages.next()
  if (done) throw new Error('the subscription has ended')
  if (value.errors) throw new Error(JSON.stringify(value.errors))
  return value.data as Data
}
