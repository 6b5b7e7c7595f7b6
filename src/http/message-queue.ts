/** In which one socket's messages are handled before others have their turn. */
const turnMs = 5
/** So many wait before no more are read. */
const maxWaiting = 200

/**
 * One socket's messages, in their order. What was read in one piece may be hundreds, each a document to be validated: they are handled a few ms at a
 * time, and everything else that the process does goes on between.
 */
export class MessageQueue {
  readonly #pauseReading: (isPaused: boolean) => void
  #waiting: (() => void)[] = []
  #isPaused = false
  /** Of this turn of the event loop; null where none has begun. */
  #turnEndsAt: number | null = null

  constructor(pauseReading: (isPaused: boolean) => void) {
    this.#pauseReading = pauseReading
  }

  /** Handles it now, or after what waits before it. It may not throw. */
  add(handle: () => void): void {
    if (this.#waiting.length === 0 && this.#hasTime()) handle()
    else this.#waiting.push(handle)
    if (this.#waiting.length >= maxWaiting) this.#pause(true)
  }

  /** Forgets what waits. */
  clear(): void {
    this.#waiting = []
  }

  #hasTime(): boolean {
    if (this.#turnEndsAt === null) {
      this.#turnEndsAt = performance.now() + turnMs
      setImmediate(() => this.#nextTurn())
      return true
    }
    return performance.now() < this.#turnEndsAt
  }

  #nextTurn(): void {
    this.#turnEndsAt = null
    let handled = 0
    const waiting = this.#waiting
    while (handled < waiting.length && this.#hasTime()) waiting[handled++]!()
    // Not of those that came after these were forgotten.
    waiting.splice(0, handled)
    if (this.#waiting.length < maxWaiting / 2) this.#pause(false)
  }

  #pause(isPaused: boolean): void {
    if (isPaused === this.#isPaused) return
    this.#isPaused = isPaused
    this.#pauseReading(isPaused)
  }
}
