/**
 * What a subscriber has been told since it last looked: ids, at most `limit`, beyond which it has to look at all. A slow
 * reader costs no more than that, however much happens.
 */
export class Wakeups {
  readonly #limit: number
  readonly #signal: AbortSignal
  #ids = new Set<string>()
  #overflowed = false
  #wake: (() => void) | null = null

  constructor(limit: number, signal: AbortSignal) {
    this.#limit = limit
    this.#signal = signal
    signal.addEventListener('abort', () => this.#wake?.(), { once: true })
  }

  add(id: string): void {
    if (this.#ids.size < this.#limit) this.#ids.add(id)
    else this.#overflowed = true
    this.#wake?.()
  }

  /** Resolves once something was added, `ms` have passed, or the subscriber has gone. */
  async wait(ms: number): Promise<void> {
    if (this.#ids.size > 0 || this.#signal.aborted) return
    let timer: ReturnType<typeof setTimeout> | undefined
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      timer = setTimeout(resolve, Math.max(0, ms))
    })
    this.#wake = null
    clearTimeout(timer)
  }

  /** What was added since; null where it was too much to keep. */
  take(): Set<string> | null {
    const taken = this.#overflowed ? null : this.#ids
    this.#ids = new Set()
    this.#overflowed = false
    return taken
  }
}

/**
 * An async generator that ends at once when its reader goes. By itself one that waits for something only hears of that
 * when the wait is over, and keeps its listeners until then; here the wait is told by the signal.
 */
export function abortable<T>(start: (signal: AbortSignal) => AsyncGenerator<T>): AsyncIterableIterator<T> {
  const controller = new AbortController()
  const inner = start(controller.signal)
  return {
    next: () => inner.next(),
    return() {
      controller.abort()
      return inner.return(undefined)
    },
    throw(error) {
      controller.abort()
      return inner.throw(error)
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
