/** Readings kept: half a minute of one a second. */
const capacity = 32
/** What is read more often than once a second is kept once a second. */
const spacingMs = 900

/** Two counters as they were read over the last half minute. Memory is bounded: 32 readings of three numbers. */
export class Readings {
  readonly #at: number[] = []
  readonly #first: number[] = []
  readonly #second: number[] = []

  add(at: number, first: number, second: number): void {
    const last = this.#at.at(-1)
    if (last !== undefined && at - last < spacingMs) return
    if (this.#at.length === capacity) for (const row of [this.#at, this.#first, this.#second]) row.shift()
    this.#at.push(at)
    this.#first.push(first)
    this.#second.push(second)
  }

  clear(): void {
    for (const row of [this.#at, this.#first, this.#second]) row.length = 0
  }

  /** The last reading's `second`; null where there is none. */
  get lastSecond(): number | null {
    return this.#second.at(-1) ?? null
  }

  get lastAt(): number | null {
    return this.#at.at(-1) ?? null
  }

  /** What both have grown by over the last `ms`, and over how long exactly; null until so much time has been read. */
  growth(ms: number): { ms: number; first: number; second: number } | null {
    const end = this.#at.length - 1
    if (end < 1) return null
    let start = end
    while (start > 0 && this.#at[end]! - this.#at[start]! < ms) start -= 1
    const passed = this.#at[end]! - this.#at[start]!
    if (passed < ms) return null
    return {
      ms: passed,
      first: this.#first[end]! - this.#first[start]!,
      second: this.#second[end]! - this.#second[start]!,
    }
  }
}
