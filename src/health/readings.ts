/** Readings kept: half a minute of one a second. */
const capacity = 32
/** What is read more often than once a second is kept once a second. */
const spacingMs = 900

/** Counters as they were read together over the last half minute. Memory is bounded: 32 readings. */
export class Readings<Name extends string> {
  readonly #at: number[] = []
  readonly #values: Record<Name, number>[] = []

  add(at: number, values: Record<Name, number>): void {
    const last = this.#at.at(-1)
    if (last !== undefined && at - last < spacingMs) return
    if (this.#at.length === capacity) {
      this.#at.shift()
      this.#values.shift()
    }
    this.#at.push(at)
    this.#values.push(values)
  }

  clear(): void {
    this.#at.length = 0
    this.#values.length = 0
  }

  last(): { at: number; values: Record<Name, number> } | null {
    const end = this.#at.length - 1
    return end < 0 ? null : { at: this.#at[end]!, values: this.#values[end]! }
  }

  /** The last reading, and the youngest that is `ms` older, with the time between; null until there is such a one. */
  over(ms: number): { ms: number; from: Record<Name, number>; to: Record<Name, number> } | null {
    const end = this.#at.length - 1
    if (end < 1) return null
    let start = end
    while (start > 0 && this.#at[end]! - this.#at[start]! < ms) start -= 1
    const passed = this.#at[end]! - this.#at[start]!
    return passed < ms ? null : { ms: passed, from: this.#values[start]!, to: this.#values[end]! }
  }
}
