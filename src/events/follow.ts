import type { Bus } from '../platform/bus/bus.ts'
import type { Database } from '../platform/database/database.ts'
import type { EventFilter } from './model.ts'
import { type EventRow, maxEventsPerRead, readEvents, readLogBounds } from './store.ts'

/** What a follower has read: the events after the last step, and how far it has come. */
export interface FollowStep {
  events: EventRow[]
  /** Go on from here after a break: everything up to it that passes the filter has been given. */
  cursor: number
  /** How many events the log had let go before they could be read; 0 as a rule. */
  missed: number
}

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
}): AsyncGenerator<FollowStep, void, undefined> {
  const { db, bus, filter, signal } = parts
  let cursor = parts.after
  const news = new NewsFlag(bus, signal)
  try {
    while (!signal.aborted) {
      news.clear()
      const bounds = await readLogBounds(db)
      const missed = Math.max(0, bounds.firstCursor - 1 - cursor)
      cursor += missed
      if (missed === 0 && bounds.lastCursor <= cursor) {
        await news.wait(pollMs)
        continue
      }
      const events = await readEvents(db, filter, { direction: 'ASC', after: cursor, limit: maxEventsPerRead })
      const whole = events.length < maxEventsPerRead
      cursor = Math.max(events.at(-1)?.cursor ?? 0, whole ? bounds.lastCursor : cursor)
      yield { events, cursor, missed }
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
