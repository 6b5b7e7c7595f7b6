import { badInput, WeirError } from '../errors.ts'
import { passes } from './filter.ts'
import type { EventHub, HubSeat } from './hub.ts'
import type { EventFilter } from './model.ts'
import { type LogStep, readStep } from './step.ts'
import { type EventRow, readEvents } from './store.ts'

/** Everything up to `cursor` that passes has been given; `caughtUp`: that is all there is. */
export interface Checkpoint {
  kind: 'CHECKPOINT'
  cursor: number
  at: Date
  caughtUp: boolean
}

/** The log no longer reaches back: `missed` events are gone, of whatever kind; the rest follows from `cursor`. */
export interface Gap {
  kind: 'GAP'
  missed: number
  cursor: number
}

/** Each event is one and the same object for all who are given it while it is new. */
export type LogMessage = EventRow | Checkpoint | Gap

export interface LogSubscription {
  hub: EventHub
  filter: EventFilter
  /** Given by startCursor. */
  after: number
  signal: AbortSignal
  /** In ms since the epoch. */
  now: () => number
  /** Asked every `everyMs`, also while nothing happens; what it throws ends the subscription. */
  pulse?: { everyMs: number; check: () => Promise<void> }
  limits?: Partial<LogLimits>
}

export interface LogLimits {
  checkpointEveryMs: number
  /**
   * A reader that had all there was is slow when so many events wait for it and it has taken so long over those that it
   * was given since. By both: a burst alone makes nobody slow, and one who is behind costs nothing but reads of pages.
   */
  maxWaiting: number
  slowAfterMs: number
}

export const logLimits: LogLimits = { checkpointEveryMs: 15_000, maxWaiting: 1000, slowAfterMs: 3000 }

const pageSize = 500

/** Where a subscription begins: behind `after`, or (null) with what comes from now on. Throws BAD_USER_INPUT. */
export async function startCursor(hub: EventHub, after: string | null | undefined): Promise<number> {
  if (after != null && !/^\d{1,15}$/.test(after)) throw badInput('after', 'not a cursor')
  const { lastCursor } = await hub.bounds()
  const start = after == null ? lastCursor : Number(after)
  if (start > lastCursor) throw badInput('after', 'the log has not come so far')
  return start
}

/**
 * The log from a cursor on: a checkpoint, then every event that passes, once and in order, with a checkpoint when all there
 * was has been given and every 15 s. Nothing is queued for a reader: it takes from the tail that all share, or from
 * the database. Throws SLOW_SUBSCRIBER, with the cursor to go on from.
 */
export async function* subscribeToLog(subscription: LogSubscription): AsyncGenerator<LogMessage, void, undefined> {
  const { hub, filter, signal, now, pulse } = subscription
  const limits = { ...logLimits, ...subscription.limits }
  const seat = hub.join(signal)
  let cursor = subscription.after
  let wasCaughtUp = false
  let tookMs = 0
  let checkpointAt = now()
  let pulseAt = now()

  const checkpoint = (caughtUp: boolean): Checkpoint => {
    checkpointAt = now()
    return { kind: 'CHECKPOINT', cursor, at: new Date(checkpointAt), caughtUp }
  }
  // Whether there is anything to wait for is known without waiting: each wait counts for each of thousands of subscribers.
  const pulseIsDue = () => pulse !== undefined && now() - pulseAt >= pulse.everyMs
  const feelPulse = async () => {
    await pulse?.check()
    pulseAt = now()
  }
  const isTooLong = () => wasCaughtUp && tookMs >= limits.slowAfterMs
  const refuseSlow = async () => {
    if (!(await isBehind(hub, seat, filter, cursor, limits.maxWaiting))) return
    throw new WeirError('SLOW_SUBSCRIBER', 'Too many events wait to be read: subscribe again after the cursor.', {
      cursor: String(cursor),
    })
  }

  try {
    const first = await hub.bounds()
    wasCaughtUp = cursor >= first.lastCursor
    yield checkpoint(wasCaughtUp)
    while (!signal.aborted) {
      if (pulseIsDue()) await feelPulse()
      const step = fromTail(seat, filter, cursor) ?? (await readStep(hub.db, filter, cursor, pageSize))
      if (step.missed > 0) {
        cursor = step.cursor
        yield { kind: 'GAP', missed: step.missed, cursor }
      }
      for (const event of step.events) {
        const givenAt = now()
        cursor = event.cursor
        yield event
        tookMs += now() - givenAt
        if (pulseIsDue()) await feelPulse()
        if (isTooLong()) await refuseSlow()
        if (now() - checkpointAt >= limits.checkpointEveryMs) yield checkpoint(false)
      }
      cursor = step.cursor
      const caughtUp = seat.isCaughtUp(cursor)
      if (caughtUp) tookMs = 0
      if ((caughtUp && !wasCaughtUp) || now() - checkpointAt >= limits.checkpointEveryMs) yield checkpoint(caughtUp)
      if (caughtUp) wasCaughtUp = true
      if (seat.head() > cursor) continue
      const dueAt = Math.min(checkpointAt + limits.checkpointEveryMs, pulse ? pulseAt + pulse.everyMs : Infinity)
      await seat.wait(Math.max(0, dueAt - now()))
    }
  } finally {
    seat.leave()
  }
}

/** What comes after `after`, where the tail reaches back so far. */
function fromTail(seat: HubSeat, filter: EventFilter, after: number): LogStep | null {
  const tail = seat.after(after)
  if (!tail) return null
  const events = tail.filter((event) => passes(event, filter))
  return { events, cursor: tail.at(-1)?.cursor ?? after, missed: 0 }
}

/** Whether `limit` or more events that pass wait after `cursor`; `limit` is at most 1000. */
async function isBehind(
  hub: EventHub,
  seat: HubSeat,
  filter: EventFilter,
  cursor: number,
  limit: number,
): Promise<boolean> {
  if (seat.head() - cursor < limit) return false
  const waiting =
    seat.after(cursor)?.filter((event) => passes(event, filter)) ??
    (await readEvents(hub.db, filter, { direction: 'ASC', after: cursor, limit }))
  return waiting.length >= limit
}
