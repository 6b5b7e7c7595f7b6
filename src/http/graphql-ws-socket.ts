import type { IncomingMessage } from 'node:http'
import { CloseCode, type Server } from 'graphql-ws'
import type { WebSocket } from 'ws'
import { charge } from '../limits/gcra.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { AdmittedSocket, LookAtMessage } from './heartbeat-messages.ts'
import { Outbox } from './socket-outbox.ts'

/** What an operation's hooks know of the connection that carries it. */
export interface SocketExtra {
  socket: WebSocket
  request: IncomingMessage
  /** The client's address. */
  address: string | null
  /** What is sent goes through it. */
  outbox: Outbox
  /** Counts what was in vain: a message that was refused, a ping. After too many the socket is closed. */
  wasted: () => void
  /** Once it has been let in. */
  admitted?: AdmittedSocket
}

/** A socket may carry this many operations at once; one more is refused, the socket lives on. */
export const maxOperationsPerSocket = 100
/** What was in vain on one socket in a minute: one more closes it. Honest clients ping a few times a minute and mend what was refused. */
export const maxWastedPerMinute = 300
const closeNormal = 1000
/** As the protocol closes a socket that says hello too often. */
const closeTooMany = 4429
/** In which a socket that was told to close has to be gone. */
const goodbyeMs = 1000

/**
 * Lets graphql-ws speak over one ws socket. A send is over when its bytes have left, so that a reader that does not read
 * pauses the operation it belongs to. What a client does wrong ends its socket and makes no line in the log above debug.
 */
export function attachSocket(
  server: Server<SocketExtra>,
  { socket, ...of }: Pick<SocketExtra, 'socket' | 'request' | 'address'>,
  { keepAliveMs, log, lookAt }: { keepAliveMs: number; log: Logger; lookAt?: LookAtMessage | undefined },
): void {
  const outbox = new Outbox(socket, () => {
    log.debug({ waitingBytes: socket.bufferedAmount }, 'a WebSocket is not read: it is ended')
    socket.terminate()
  })
  const extra: SocketExtra = { socket, ...of, outbox, wasted: patience(socket) }
  socket.on('error', (error) => log.debug({ err: error }, 'a WebSocket failed'))
  socket.on('ping', extra.wasted)
  const stopPinging = keepAlive(socket, keepAliveMs)
  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (data) => outbox.send(data),
      close: (code = closeNormal, reason = '') => endSocket(socket, code, reason),
      onMessage: (receive) =>
        socket.on('message', (data) => {
          // What was on its way when it was closed.
          if (socket.readyState !== socket.OPEN) return
          const pass = () => {
            receive(String(data)).catch((error) => {
              if (socket.readyState !== socket.OPEN) return
              log.error({ err: error }, 'a message of a WebSocket could not be handled')
              endSocket(socket, CloseCode.InternalServerError, 'INTERNAL')
            })
          }
          if (lookAt && extra.admitted && Buffer.isBuffer(data)) lookAt(extra.admitted, data, pass)
          else pass()
        }),
    },
    extra,
  )
  socket.once('close', (code, reason) => {
    stopPinging()
    closed(code, String(reason)).catch((error) => log.error({ err: error }, 'a WebSocket did not end cleanly'))
  })
}

/** Closes it, and cuts it where the client does not answer to that. */
export function endSocket(socket: WebSocket, code: number, reason: string): void {
  if (socket.readyState !== socket.OPEN) return
  socket.close(code, reason)
  const impatience = setTimeout(() => socket.terminate(), goodbyeMs)
  socket.once('close', () => clearTimeout(impatience))
}

function patience(socket: WebSocket): () => void {
  let tatUs: number | null = null
  return () => {
    const spent = charge(tatUs, Math.round(performance.now() * 1000), 1, maxWastedPerMinute)
    tatUs = spent.tatUs
    if (!spent.accepted) endSocket(socket, closeTooMany, 'RATE_LIMITED')
  }
}

/** After so many unanswered pings it is gone. More than one: after a pause of our own none has been read yet. */
const maxUnanswered = 2

function keepAlive(socket: WebSocket, everyMs: number): () => void {
  let unanswered = 0
  socket.on('pong', () => {
    unanswered = 0
  })
  const timer = setInterval(() => {
    if (unanswered >= maxUnanswered) return socket.terminate()
    unanswered += 1
    socket.ping()
  }, everyMs)
  return () => clearInterval(timer)
}
