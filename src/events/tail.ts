import type { EventRow } from './store.ts'

/** The newest part of the log, at most `limit` events, without holes. Plain data. */
export class LogTail {
  readonly #limit: number
  #events: EventRow[] = []
  /** Everything up to it has been seen. */
  #head: number

  constructor(limit: number, head: number) {
    this.#limit = limit
    this.#head = head
  }

  get head(): number {
    return this.#head
  }

  /** Takes in what follows the head: every event up to `cursor`. With `missed` some were gone before they could be read. */
  add({ events, cursor, missed }: { events: readonly EventRow[]; cursor: number; missed: number }): void {
    if (missed > 0) this.#events = []
    this.#events.push(...events)
    if (this.#events.length > this.#limit) this.#events = this.#events.slice(-this.#limit)
    this.#head = cursor
  }

  /** The events after `cursor` up to the head; null where the tail does not reach back so far. */
  after(cursor: number): readonly EventRow[] | null {
    if (cursor >= this.#head) return []
    const first = this.#events[0]
    if (!first || cursor < first.cursor - 1) return null
    return this.#events.slice(cursor + 1 - first.cursor)
  }
}
