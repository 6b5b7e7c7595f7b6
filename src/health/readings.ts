/** What is read more often than once a second is kept once a second. */
const spacingMs = 900

/** Counters as they were read together, one reading a second. Memory is bounded: `seconds` readings and one more. */
export class Readings<Name extends string> {
  readonly #capacity: number
  readonly #at: number[] = []
  readonly #values: Record<Name, number>[] = []

  constructor(seconds: number) {
    this.#capacity = seconds + 1
  }

  add(at: number, values: Record<Name, number>): void {
    const last = this.#at.at(-1)
    if (last !== undefined && at - last < spacingMs) return
    if (this.#at.length === this.#capacity) {
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
