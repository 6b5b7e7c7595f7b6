/** What waits to be read by `for await`: taken in order, ended by `end` or `fail` once it is empty. */
export class MessageQueue<T> implements AsyncIterableIterator<T> {
  readonly #waiting: T[] = []
  readonly #limits: QueueLimits
  #end: { error?: unknown } | null = null
  #wake: (() => void) | null = null
  #full = false

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  push(message: T): void {
    if (this.#end) return
    this.#waiting.push(message)
    if (!this.#full && this.#waiting.length >= this.#limits.max) {
      this.#full = true
      this.#limits.onFull()
    }
    this.#wake?.()
  }

  end(): void {
    this.#end ??= {}
    this.#wake?.()
  }

  fail(error: unknown): void {
    this.#end ??= { error }
    this.#wake?.()
  }

  async next(): Promise<IteratorResult<T>> {
    while (this.#waiting.length === 0 && !this.#end) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#waiting.length === 0) {
      const { error } = this.#end!
      if (error !== undefined) throw error
      return { done: true, value: undefined }
    }
    const value = this.#waiting.shift()!
    if (this.#full && this.#waiting.length <= this.#limits.max / 2) {
      this.#full = false
      this.#limits.onRoom()
    }
    return { done: false, value }
  }

  async return(): Promise<IteratorResult<T>> {
    this.#waiting.length = 0
    this.end()
    this.#limits.onReturn()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

export interface QueueLimits {
  max: number
  onFull: () => void
  onRoom: () => void
  onReturn: () => void
}
