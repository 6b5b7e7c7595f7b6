/** Restarts are counted over so long. */
export const restartWindowMs = 10 * 60_000
const timesKept = 16

/**
 * When a stream that had been live was started anew. Attempts at a source that is away are none of these: they are told
 * by what is wrong with the source.
 */
export class RestartTimes {
  #count: number | null = null
  #wasLive = false
  readonly #times: number[] = []

  take(restarts: number, isLive: boolean, at: number): void {
    // A new order counts from 0 again, and what came before it is not held against it.
    if (this.#count !== null && restarts < this.#count) this.#times.length = 0
    const grew = this.#count !== null && restarts > this.#count
    this.#count = restarts
    if (grew && this.#wasLive) {
      this.#times.push(at)
      if (this.#times.length > timesKept) this.#times.shift()
      this.#wasLive = false
    }
    if (isLive) this.#wasLive = true
    while (this.#times[0] !== undefined && at - this.#times[0] > restartWindowMs) this.#times.shift()
  }

  /** Within the last ten minutes, at most 16. */
  get recent(): number {
    return this.#times.length
  }
}
