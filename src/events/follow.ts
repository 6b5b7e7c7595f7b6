import type { Bus } from '../platform/bus/bus.ts'
import type { Database } from '../platform/database/database.ts'
import type { EventFilter } from './model.ts'
import { type LogStep, readStep } from './step.ts'
import { maxEventsPerRead } from './store.ts'

/** The truth; the bus only makes it sooner. */
const pollMs = 1000

/**
 * Follows the log from `after` on: every event that passes the filter once and in order. Steps without events come
 * too, when others moved the cursor on. Ends when `signal` aborts; a database error ends it with that error.
 */
export async function* followEvents(parts: {
  db: Database
  bus: Bus
  filter: EventFilter
  after: number
  signal: AbortSignal
}): AsyncGenerator<LogStep, void, undefined> {
  const { db, bus, filter, signal } = parts
  let cursor = parts.after
  const news = new NewsFlag(bus, signal)
  try {
    while (!signal.aborted) {
      news.clear()
      const step = await readStep(db, filter, cursor, maxEventsPerRead)
      if (step.cursor === cursor) {
        await news.wait(pollMs)
        continue
      }
      cursor = step.cursor
      yield step
    }
  } finally {
    news.close()
  }
}

/** Remembers that the bus spoke while nobody was waiting. */
class NewsFlag {
  #raised = false
  #resolve: (() => void) | null = null
  readonly #unsubscribe: () => void
  readonly #signal: AbortSignal
  readonly #raise = () => {
    this.#raised = true
    this.#resolve?.()
  }

  constructor(bus: Bus, signal: AbortSignal) {
    this.#unsubscribe = bus.subscribe('events', this.#raise)
    this.#signal = signal
    signal.addEventListener('abort', this.#raise)
  }

  clear(): void {
    this.#raised = false
  }

  async wait(timeoutMs: number): Promise<void> {
    if (this.#raised || this.#signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#resolve = resolve
    const timer = setTimeout(resolve, timeoutMs)
    await promise
    clearTimeout(timer)
    this.#resolve = null
  }

  close(): void {
    this.#unsubscribe()
    this.#signal.removeEventListener('abort', this.#raise)
  }
}
