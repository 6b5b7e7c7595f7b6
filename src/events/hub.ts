import type { Bus } from '../platform/bus/bus.ts'
import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { Waiters } from '../platform/waiters.ts'
import { followEvents } from './follow.ts'
import { type EventRow, type LogBounds, readLogBounds } from './store.ts'
import { LogTail } from './tail.ts'

/** The one follower of the log in a process, shared by all subscribers: it runs while there are any. */
export interface EventHub {
  readonly db: Database
  /** The log's bounds as they are now; who asks at the same moment shares one look. */
  bounds(): Promise<LogBounds>
  /** Waits at the seat end when `signal` aborts. */
  join(signal: AbortSignal): HubSeat
}

/** One subscriber's place. */
export interface HubSeat {
  /** The events after `cursor`, as far as they have been seen; null where the database has to be asked. */
  after(cursor: number): readonly EventRow[] | null
  /** Whether everything up to `cursor` is all there is, as far as is known: false while the log can't be read. */
  isCaughtUp(cursor: number): boolean
  /** The last cursor that has been seen. */
  head(): number
  /** Resolves at the next news, after `ms`, or once the signal aborts. */
  wait(ms: number): Promise<void>
  leave(): void
}

/** The newest events are kept once for all; who is further behind reads the database. */
const maxTail = 2000
const retryMs = 1000

export function createEventHub(parts: { db: Database; bus: Bus; logger: Logger }): EventHub {
  const { db, bus, logger } = parts
  const news = new Waiters()
  let seats = 0
  let run: { tail: LogTail | null; following: boolean; end: AbortController } | null = null
  let asked: Promise<LogBounds> | null = null

  function bounds(): Promise<LogBounds> {
    asked ??= Promise.resolve().then(() => {
      asked = null
      return readLogBounds(db)
    })
    return asked
  }

  /** Follows until the last has left; the database may go and come back. */
  async function follow(own: NonNullable<typeof run>): Promise<void> {
    const { signal } = own.end
    const retries = new Waiters().join(signal)
    while (!signal.aborted) {
      try {
        own.tail ??= new LogTail(maxTail, (await bounds()).lastCursor)
        own.following = true
        news.wakeAll()
        for await (const step of followEvents({ db, bus, filter: {}, after: own.tail.head, signal })) {
          own.tail.add(step)
          news.wakeAll()
        }
      } catch (error) {
        if (own.following) logger.warn({ err: error }, 'the log can not be followed; trying on')
        own.following = false
        await retries.wait(retryMs)
      }
    }
  }

  function join(signal: AbortSignal): HubSeat {
    seats += 1
    if (!run) {
      run = { tail: null, following: false, end: new AbortController() }
      void follow(run)
    }
    const own = run
    const waiter = news.join(signal)
    let left = false
    return {
      after: (cursor) => own.tail?.after(cursor) ?? null,
      isCaughtUp: (cursor) => own.following && own.tail !== null && cursor >= own.tail.head,
      head: () => own.tail?.head ?? 0,
      wait: (ms) => waiter.wait(ms),
      leave() {
        if (left) return
        left = true
        waiter.leave()
        seats -= 1
        if (seats > 0) return
        own.end.abort()
        run = null
      },
    }
  }

  return { db, bounds, join }
}
