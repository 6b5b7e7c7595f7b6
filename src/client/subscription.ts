import type { Connection } from './connection.ts'
import { furthest, passes, type Resumable, readMessage } from './cursor.ts'
import { errorOf, isRefusal, type WeirError } from './errors.ts'

export interface SubscriptionHandlers<Data> {
  onData: (data: Data) => void
  /** It has ended, for a reason that trying again does not mend. */
  onError?: (error: WeirError) => void
  /** It has ended because what it is about is gone. */
  onEnd?: () => void
  /** LOST: what came last may no longer be so. Told with what went wrong. */
  onStatus?: (status: 'LIVE' | 'LOST', error: WeirError | null) => void
}

export interface SubscriptionPlan {
  text: string
  variables: Record<string, unknown>
  /** Null for a subscription of state. */
  log: Resumable | null
  /** Asks for the credentials anew: true where they are others than those that were refused. */
  renewCredentials: () => Promise<boolean>
}

/** Errors that another try may not meet. */
const passing = new Set(['UNAVAILABLE', 'TIMEOUT', 'INTERNAL', 'LEASE_LOST', 'SLOW_SUBSCRIBER'])

function mayPass({ code, retryAfterSeconds }: WeirError): boolean {
  return passing.has(code) || (code === 'RATE_LIMITED' && retryAfterSeconds !== null)
}

/** A subscription that goes on over breaks: one of the log after the last cursor it has seen, one of state from the beginning. */
export class Subscription<Data> {
  readonly #connection: Connection
  readonly #plan: SubscriptionPlan
  readonly #handlers: SubscriptionHandlers<Data> & { onStop?: () => void }
  readonly #variables: Record<string, unknown>
  #cursor: string | null
  #failures = 0
  #wasComplete = false
  #credentialsTried = false
  #stop: (() => void) | null = null
  #over = false
  #paused = false

  constructor(
    connection: Connection,
    plan: SubscriptionPlan,
    handlers: SubscriptionHandlers<Data> & { onStop?: () => void },
  ) {
    this.#connection = connection
    this.#plan = plan
    this.#handlers = handlers
    const begin = plan.log ? (plan.variables[plan.log.variable] ?? plan.log.begin) : null
    this.#cursor = typeof begin === 'string' ? begin : null
    // graphql-ws may send it again by itself, and has to send the cursor of then.
    this.#variables = { ...plan.variables }
    this.#begin()
  }

  stop(): void {
    if (this.#over) return
    this.#over = true
    this.#stop?.()
    this.#handlers.onStop?.()
  }

  /** Takes nothing more until `resume`; nothing of the log is lost by it. */
  pause(): void {
    if (this.#paused || this.#over || !this.#canPause()) return
    this.#paused = true
    this.#stop?.()
    this.#stop = null
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#begin()
  }

  /** Before the first cursor there is no place to come back to. */
  #canPause(): boolean {
    return this.#plan.log === null || this.#cursor !== null
  }

  #begin(): void {
    if (this.#over || this.#paused) return
    const { log, text } = this.#plan
    if (log && this.#cursor !== null) this.#variables[log.variable] = this.#cursor
    this.#stop = this.#connection.run(
      { query: text, variables: this.#variables },
      {
        onNext: ({ data, errors }) => {
          if (data == null) return this.#failed(errorOf(errors?.[0]))
          this.#live()
          this.#take(data)
        },
        onError: (error) => this.#failed(error),
        onComplete: () => {
          this.#wasComplete = true
          this.#again(null)
        },
      },
    )
  }

  #live(): void {
    this.#failures = 0
    this.#wasComplete = false
    this.#credentialsTried = false
    this.#handlers.onStatus?.('LIVE', null)
  }

  #take(data: unknown): void {
    const { log } = this.#plan
    const message = log ? readMessage(data) : { data, type: null, cursor: null }
    if (!passes(message, this.#cursor)) return
    // First the cursor: what the caller does with the message must not bring it a second time.
    this.#cursor = furthest(this.#cursor, message.cursor)
    if (log && this.#cursor !== null) this.#variables[log.variable] = this.#cursor
    this.#handlers.onData(message.data as Data)
  }

  #failed(error: WeirError): void {
    this.#stop?.()
    this.#stop = null
    if (this.#over) return
    if (isRefusal(error) && !this.#credentialsTried) {
      this.#credentialsTried = true
      void this.#plan.renewCredentials().then((renewed) => (renewed ? this.#begin() : this.#end(error)))
    } else if (error.code === 'NOT_FOUND' && this.#wasComplete) this.#end(null)
    else if (mayPass(error)) this.#again(error)
    else this.#end(error)
  }

  #again(error: WeirError | null): void {
    if (this.#over) return
    this.#handlers.onStatus?.('LOST', error)
    // Who was too slow has but to go on reading.
    const atOnce = error?.code === 'SLOW_SUBSCRIBER' && this.#failures === 0
    const wait = atOnce ? Promise.resolve() : this.#connection.ready(this.#failures)
    this.#failures++
    const askedMs = (error?.retryAfterSeconds ?? 0) * 1000
    void wait.then(() => {
      if (askedMs > 0) setTimeout(() => this.#begin(), askedMs)
      else this.#begin()
    })
  }

  #end(error: WeirError | null): void {
    if (this.#over) return
    this.#over = true
    if (error) this.#handlers.onError?.(error)
    else this.#handlers.onEnd?.()
  }
}
