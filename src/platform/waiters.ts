/** Those who wait for the same news. */
export class Waiters {
  readonly #waiting = new Set<Waiter>()

  wakeAll(): void {
    const woken = [...this.#waiting]
    this.#waiting.clear()
    for (const waiter of woken) waiter.wake()
  }

  /** The place of one who waits time and again, one wait at a time, until `signal` aborts or it leaves. */
  join(signal: AbortSignal): Waiter {
    return new Waiter(this.#waiting, signal)
  }
}

/**
 * News comes to thousands at once, most of it long before their time is up: the listener at the signal is there from the
 * first to the last wait, and the timer runs on over waits that ended early.
 */
export class Waiter {
  readonly #waiting: Set<Waiter>
  readonly #signal: AbortSignal
  readonly #onAbort = () => this.leave()
  readonly #onTimer = () => this.#ring()
  #resolve: (() => void) | null = null
  /** Both in ms of the monotonic clock. */
  #dueAt = 0
  #timerAt = Number.POSITIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(waiting: Set<Waiter>, signal: AbortSignal) {
    this.#waiting = waiting
    this.#signal = signal
    signal.addEventListener('abort', this.#onAbort)
  }

  /** Resolves at the next news, after `ms`, or once the signal aborts. */
  wait(ms: number): Promise<void> {
    if (this.#signal.aborted) return Promise.resolve()
    this.#dueAt = performance.now() + ms
    if (this.#dueAt < this.#timerAt) this.#setTimer(ms)
    this.#waiting.add(this)
    return new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  wake(): void {
    this.#waiting.delete(this)
    this.#resolve?.()
    this.#resolve = null
  }

  leave(): void {
    clearTimeout(this.#timer)
    this.#timerAt = Number.POSITIVE_INFINITY
    this.#signal.removeEventListener('abort', this.#onAbort)
    this.wake()
  }

  #setTimer(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#onTimer, Math.max(0, Math.ceil(ms)))
    this.#timerAt = performance.now() + ms
  }

  #ring(): void {
    this.#timerAt = Number.POSITIVE_INFINITY
    if (!this.#resolve) return
    const leftMs = this.#dueAt - performance.now()
    if (leftMs > 0) this.#setTimer(leftMs)
    else this.wake()
  }
}
