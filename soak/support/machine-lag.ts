/** Notes when this process itself got no processor for a while: then the machine was short of it, whoever is to blame. */
export class MachineLag implements Disposable {
  readonly stalls: { at: number; ms: number }[] = []
  #last = performance.now()
  readonly #timer: NodeJS.Timeout
  readonly everyMs = 100
  readonly #worthNotingMs = 500

  constructor() {
    this.#timer = setInterval(() => {
      const now = performance.now()
      const ms = now - this.#last - this.everyMs
      this.#last = now
      if (ms >= this.#worthNotingMs && this.stalls.length < 1000)
        this.stalls.push({ at: Date.now(), ms: Math.round(ms) })
    }, this.everyMs)
  }

  /** The stalls of the `beforeMs` before a moment. */
  around(at: number, beforeMs = 15_000): { at: number; ms: number }[] {
    return this.stalls.filter((stall) => stall.at >= at - beforeMs && stall.at <= at + 2000)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}
