import type { Bus } from '../platform/bus/bus.ts'
import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { maxEventsPerNumbering, numberEvents } from './store.ts'

/** Gives committed events their numbers. Any number of nodes may run one on the same database. */
export interface Numbering {
  /** Call after the commit of a transaction that appended events; their numbers come at most 20 ms later. */
  wake(): void
  /** Numbers what is still waiting and ends. */
  stop(): Promise<void>
}

/** The truth: what a wake-up missed is found by then. */
const pollMs = 1000
/** Under load this many events gather into one batch, rather than a transaction an event. */
const gatherMs = 10

/** Starts the loop; it publishes the new last cursor as `events` on the bus. */
export function startNumbering(parts: { db: Database; bus: Bus; logger: Logger }): Numbering {
  const { db, bus, logger } = parts
  let timer: ReturnType<typeof setTimeout> | null = null
  let running: Promise<void> | null = null
  let wanted = false
  let stopped = false
  let failing = false
  let endedAt = Number.NEGATIVE_INFINITY

  async function numberAll(): Promise<void> {
    try {
      for (;;) {
        const numbered = await numberEvents(db)
        if (numbered) bus.publish('events', String(numbered.lastCursor))
        if (!numbered || numbered.count < maxEventsPerNumbering) break
      }
      failing = false
    } catch (error) {
      if (!failing) logger.warn({ err: error }, 'events can not be numbered; trying on')
      failing = true
    }
  }

  function arm(delayMs: number): void {
    if (timer) clearTimeout(timer)
    timer = setTimeout(run, delayMs)
  }

  function run(): void {
    timer = null
    wanted = false
    running = numberAll().finally(() => {
      running = null
      endedAt = performance.now()
      if (!stopped) arm(wanted && !failing ? gatherMs : pollMs)
    })
  }

  function wake(): void {
    if (stopped || wanted) return
    wanted = true
    if (!running && !failing) arm(Math.max(0, gatherMs - (performance.now() - endedAt)))
  }

  // Who has no loop of its own (an API on an edge runtime) announces its orders on the bus.
  const unsubscribe = bus.subscribe('orders', wake)
  arm(0)
  return {
    wake,
    async stop() {
      if (stopped) return
      stopped = true
      unsubscribe()
      if (timer) clearTimeout(timer)
      await running
      await numberAll()
    },
  }
}
