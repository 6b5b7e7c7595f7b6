import type { Bus } from '../platform/bus/bus.ts'
import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { startRepeating } from '../platform/repeat.ts'
import { stopIdle } from './on-demand.ts'

const lookEveryMs = 1000

/** Stops on-demand streams whose last session has been gone for `afterSeconds`. Any number of nodes may do it. Returns the way to end. */
export function startIdleStop(parts: {
  db: Database
  bus: Bus
  afterSeconds: number
  eventsAppended: () => void
  logger: Logger
}): () => Promise<void> {
  const { db, bus, afterSeconds, eventsAppended, logger } = parts
  return startRepeating({
    everyMs: lookEveryMs,
    failure: 'on-demand streams can not be stopped',
    logger,
    async work() {
      const stopped = await stopIdle(db, afterSeconds)
      if (stopped.length === 0) return
      logger.info({ streamIds: stopped }, 'on-demand streams that nobody watches are stopped')
      eventsAppended()
      for (const id of stopped) {
        bus.publish('orders', id)
        bus.publish('streams', id)
      }
    },
  })
}
