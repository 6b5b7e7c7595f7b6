import { type Client, createClient, type Sink, type SubscribePayload } from 'graphql-ws'
import { errorOf, type GraphqlError, unavailable, WeirError } from './errors.ts'
import { backOffMs } from './retry.ts'
import { onWake } from './wakeups.ts'

export interface ConnectionSettings {
  url: string
  /** Said at each connect. */
  params: () => Promise<Record<string, string>>
  webSocketImpl?: unknown
  onStatus?: (status: ConnectionStatus) => void
}

/** LOST: it was there, or could not be made, and is tried again. */
export type ConnectionStatus = 'CONNECTING' | 'CONNECTED' | 'LOST' | 'CLOSED'

/** What one operation over the socket is told. After `onError` and `onComplete` nothing comes. */
export interface OperationSink {
  onNext: (answer: { data?: unknown; errors?: readonly GraphqlError[] }) => void
  onError: (error: WeirError) => void
  onComplete: () => void
}

const connectMs = 10_000
const pingMs = 10_000
const pongMs = 5000
/** After a sleep a line that is dead has to be found quickly. */
const wakePongMs = 2000
const maxBackOffMs = 5000
/** Between two operations the socket stays for so long. */
const idleMs = 3000

/**
 * One WebSocket for any number of operations, opened when the first needs it. When it is lost each operation ends with
 * UNAVAILABLE: who wants to go on waits for `ready` and asks anew.
 */
export class Connection {
  readonly #client: Client
  readonly #waiting = new Set<() => void>()
  readonly #stopListening: () => void
  readonly #onStatus: (status: ConnectionStatus) => void
  #socket: WebSocket | null = null
  #connecting = false
  #failures = 0
  #connectDeadline: ReturnType<typeof setTimeout> | undefined
  #pongDeadline: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(settings: ConnectionSettings) {
    this.#onStatus = settings.onStatus ?? (() => {})
    this.#client = createClient({
      url: settings.url,
      connectionParams: settings.params,
      ...(settings.webSocketImpl ? { webSocketImpl: settings.webSocketImpl } : {}),
      // Its own retries would ask the same as before; ours go on after the last cursor.
      retryAttempts: 0,
      keepAlive: pingMs,
      connectionAckWaitTimeout: connectMs,
      lazyCloseTimeout: idleMs,
      on: {
        connecting: () => {
          this.#connecting = true
          this.#onStatus('CONNECTING')
          // A network that swallows everything ends no attempt for minutes.
          this.#connectDeadline = setTimeout(() => this.#client.terminate(), connectMs)
        },
        connected: (socket) => {
          this.#connecting = false
          this.#failures = 0
          this.#socket = socket as WebSocket
          clearTimeout(this.#connectDeadline)
          this.#onStatus('CONNECTED')
        },
        closed: (event) => {
          this.#connecting = false
          if (this.#socket === null) this.#failures++
          this.#socket = null
          clearTimeout(this.#connectDeadline)
          clearTimeout(this.#pongDeadline)
          const isQuiet = (event as { code?: number }).code === 1000
          this.#onStatus(this.#closed || isQuiet ? 'CLOSED' : 'LOST')
        },
        // A network that is gone closes no socket: only silence tells.
        ping: (received) => {
          if (!received) this.#expectPong(pongMs)
        },
        pong: (received) => {
          if (received) clearTimeout(this.#pongDeadline)
        },
      },
    })
    this.#stopListening = onWake(() => this.wake())
  }

  /** Runs an operation; the function ends it. `variables` may be changed until it is sent. */
  run(payload: SubscribePayload, sink: OperationSink): () => void {
    let over = false
    const end = (tell: () => void) => {
      if (over) return
      over = true
      tell()
    }
    const inner: Sink = {
      next: (answer) => {
        if (!over) sink.onNext(answer as { data?: unknown; errors?: readonly GraphqlError[] })
      },
      error: (reason) => end(() => sink.onError(errorOfClose(reason))),
      complete: () => end(sink.onComplete),
    }
    const stop = this.#client.subscribe(payload, inner)
    return () => {
      over = true
      stop()
    }
  }

  /** The answer to a query or mutation over the socket. Rejects with a WeirError; nothing is tried again. */
  ask(payload: SubscribePayload, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        stop()
        reject(unavailable())
      }, timeoutMs)
      const done = (settle: () => void) => {
        clearTimeout(deadline)
        settle()
      }
      const stop = this.run(payload, {
        onNext: ({ data, errors }) =>
          done(() => (errors?.length || !data ? reject(errorOf(errors?.[0])) : resolve(data))),
        onError: (error) => done(() => reject(error)),
        onComplete: () => done(() => reject(unavailable())),
      })
    })
  }

  /** Resolves when it is time to ask again: after a wait that grows with each failure, or at once when something wakes us. */
  ready(failures: number): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer)
        this.#waiting.delete(go)
        resolve()
      }
      // The first to come back after a connection that was good waits least.
      const timer = setTimeout(go, backOffMs(Math.max(failures, this.#failures), Math.random(), maxBackOffMs))
      this.#waiting.add(go)
    })
  }

  /** Tries at once: ends every wait, and asks the line whether it lives. */
  wake(): void {
    for (const go of [...this.#waiting]) go()
    if (this.#socket?.readyState === 1) {
      this.#socket.send('{"type":"ping"}')
      this.#expectPong(wakePongMs)
    } else if (this.#connecting) this.#client.terminate()
  }

  /** Drops the socket: what goes on connects anew, with the credentials of then. */
  renew(): void {
    this.#client.terminate()
  }

  close(): void {
    this.#closed = true
    this.#stopListening()
    clearTimeout(this.#connectDeadline)
    clearTimeout(this.#pongDeadline)
    for (const go of [...this.#waiting]) go()
    void Promise.resolve(this.#client.dispose()).catch(() => {})
  }

  #expectPong(ms: number): void {
    clearTimeout(this.#pongDeadline)
    this.#pongDeadline = setTimeout(() => this.#client.terminate(), ms)
  }
}

/** What ended an operation: errors of the API, a close of the socket, or a fault of the network. */
function errorOfClose(reason: unknown): WeirError {
  if (Array.isArray(reason)) return errorOf(reason[0] as GraphqlError)
  const { code, reason: text } = (reason ?? {}) as { code?: number; reason?: string }
  if (code === 4401) return new WeirError('UNAUTHENTICATED', 'The key was not accepted.', {}, { cause: reason })
  if (code === 4403) return new WeirError('FORBIDDEN', text || 'This is not allowed.', {}, { cause: reason })
  return unavailable(reason)
}
