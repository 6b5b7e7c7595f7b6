import type { IncomingMessage } from 'node:http'
import { CloseCode, type Server } from 'graphql-ws'
import type { WebSocket } from 'ws'
import type { Logger } from '../platform/logs/logger.ts'
import type { AdmittedSocket, LookAtMessage } from './heartbeat-messages.ts'

/** What an operation's hooks know of the connection that carries it. */
export interface SocketExtra {
  socket: WebSocket
  request: IncomingMessage
  /** Once it has been let in. */
  admitted?: AdmittedSocket
}

/** A socket may carry this many operations at once; one more is refused, the socket lives on. */
export const maxOperationsPerSocket = 100

/**
 * Lets graphql-ws speak over one ws socket. A send is over when its bytes have left, so that a reader that does not read
 * pauses the operation it belongs to. What a client does wrong ends its socket and makes no line in the log above debug.
 */
export function attachSocket(
  server: Server<SocketExtra>,
  extra: SocketExtra,
  { keepAliveMs, log, lookAt }: { keepAliveMs: number; log: Logger; lookAt?: LookAtMessage | undefined },
): void {
  const { socket } = extra
  socket.on('error', (error) => log.debug({ err: error }, 'a WebSocket failed'))
  const stopPinging = keepAlive(socket, keepAliveMs)
  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (data) => sendText(socket, data),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (receive) =>
        socket.on('message', (data) => {
          const pass = () => {
            receive(String(data)).catch((error) => {
              if (socket.readyState !== socket.OPEN) return
              log.error({ err: error }, 'a message of a WebSocket could not be handled')
              socket.close(CloseCode.InternalServerError, 'INTERNAL')
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

/** Resolves when the bytes have left, or at once where the socket is no longer open. Bytes have to be of UTF-8. */
export function sendText(socket: WebSocket, text: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) return resolve()
    socket.send(text, { binary: false }, (error) => (error ? reject(error) : resolve()))
  })
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
