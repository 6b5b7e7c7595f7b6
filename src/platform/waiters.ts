/** Those who wait for the same news. Each leaves nothing behind, however often it waits. */
export class Waiters {
  readonly #waiting = new Set<() => void>()

  wakeAll(): void {
    const woken = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of woken) wake()
  }

  /** Resolves at the next news, after `ms`, or once `signal` aborts. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const wake = () => resolve()
    const timer = setTimeout(wake, Math.max(0, ms))
    signal.addEventListener('abort', wake)
    this.#waiting.add(wake)
    await promise
    clearTimeout(timer)
    signal.removeEventListener('abort', wake)
    this.#waiting.delete(wake)
  }
}
