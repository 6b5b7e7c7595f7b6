import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import type { Logger } from '../platform/logs/logger.ts'
import { type AppOptions, composeApp, type Routes } from './app.ts'
import type { ReadConnection } from './heartbeat-connections.ts'
import type { LookAtRequest } from './heartbeat-requests.ts'
import { type ListenTarget, listenError } from './listen-error.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'

export interface ServerOptions
  extends Omit<ListenTarget, 'portSetting'>,
    Pick<AppOptions, 'headers' | 'addressOf' | 'doors'> {
  portSetting?: ListenTarget['portSetting']
  /** In the order in which they are asked. */
  routes: readonly Routes[]
  /** Reads every connection first, and passes on those that it does not understand. */
  readFirst?: ReadConnection | undefined
  /** Looks at every request first, and passes on what it does not answer. */
  lookAt?: LookAtRequest | undefined
  /** Takes a WebSocket's upgrade and answers true, or leaves it alone and answers false. */
  onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean
  logger: Logger
  /** Of a request; 1 MiB by default. */
  maxBodyBytes?: number
  /** In which a request's headers have to arrive; 10 s by default, its body within a minute. */
  headersTimeoutMs?: number
  newRequestId?: () => string
  now?: () => number
}

export interface HttpServer {
  readonly host: string
  /** The real one where 0 was asked for. */
  readonly port: number
  /**
   * Accepts nothing new, lets what runs come to its end, and cuts what is not done after the deadline: long answers (SSE)
   * and WebSockets should have been ended before. Resolves when the last connection has gone. Idempotent.
   */
  close(deadlineMs?: number): Promise<void>
}

const maxConnections = 16_384
const timeouts = { requestTimeout: 60_000, keepAliveTimeout: 30_000 }

/** Listens; throws a ListenError that says what to do where it can't. */
export async function startServer(options: ServerOptions): Promise<HttpServer> {
  const {
    host,
    port,
    portSetting = 'PORT',
    routes,
    readFirst,
    lookAt,
    onUpgrade,
    maxBodyBytes = 1024 * 1024,
    headersTimeoutMs = 10_000,
  } = options
  const logger = options.logger.child({ logger: 'http' })
  const app = composeApp({
    routes,
    logger,
    maxBodyBytes,
    headers: options.headers,
    addressOf: options.addressOf,
    doors: options.doors,
    newRequestId: options.newRequestId ?? (() => crypto.randomUUID()),
    now: options.now ?? (() => performance.now()),
  })
  // Other upgrades (h2c) are offers that a server may ignore: those requests are answered as HTTP/1.1.
  const shouldUpgradeCallback = (request: IncomingMessage) =>
    onUpgrade !== undefined && request.headers.upgrade?.toLowerCase() === 'websocket'
  const server = createServer({
    ...timeouts,
    headersTimeout: headersTimeoutMs,
    // Node.js looks for late ones this often, every 30 s if not told.
    connectionsCheckingInterval: headersTimeoutMs / 2,
    shouldUpgradeCallback,
  })
  server.maxConnections = maxConnections

  /** Each connection with how many requests it waits for; an upgraded one counts as one for ever. */
  const connections = new Map<Socket, number>()
  let closed: Promise<void> | null = null
  const add = (socket: Socket, change: number) => {
    const waiting = connections.get(socket)
    if (waiting === undefined) return
    connections.set(socket, waiting + change)
    if (closed && waiting + change === 0) socket.destroySoon()
  }
  const toHttp = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket) => {
    connections.set(socket, 0)
    socket.once('close', () => connections.delete(socket))
    const pass = () => {
      for (const listener of toHttp) listener.call(server, socket)
    }
    if (!readFirst) return pass()
    readFirst(socket, {
      pass,
      add: (change) => add(socket, change),
      isClosing: () => closed !== null,
      firstByteMs: headersTimeoutMs,
      keepAliveMs: timeouts.keepAliveTimeout,
    })
  })
  const answer = getRequestListener(app.fetch)
  server.on('request', (request, response) => {
    add(request.socket, 1)
    response.once('close', () => add(request.socket, -1))
    if (closed) response.setHeader('Connection', 'close')
    if (lookAt) lookAt(request, response, () => void answer(request, response))
    else void answer(request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    add(request.socket, 1)
    socket.on('error', (error) => logger.debug({ error }, 'A WebSocket failed'))
    if (closed) return refuseUpgrade(socket, 503)
    try {
      if (!onUpgrade?.(request, socket, head)) refuseUpgrade(socket, 404)
    } catch (error) {
      logger.error({ error }, 'An upgrade failed')
      refuseUpgrade(socket, 500)
    }
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, { host, port, portSetting })))
    server.listen(port, host, resolve)
  })
  server.removeAllListeners('error')
  server.on('error', (error) => logger.error({ error }, 'The HTTP server reports an error'))

  const close = async (deadlineMs: number) => {
    const done = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const [socket, waiting] of connections) if (waiting === 0) socket.destroy()
    const timer = setTimeout(() => {
      logger.warn({ connections: connections.size }, 'Connections were cut at the deadline')
      for (const socket of connections.keys()) socket.destroy()
    }, deadlineMs)
    await done
    clearTimeout(timer)
  }
  return {
    host,
    port: (server.address() as AddressInfo).port,
    close(deadlineMs = 3000) {
      closed ??= close(deadlineMs)
      return closed
    },
  }
}
