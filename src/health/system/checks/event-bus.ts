import type { Bus } from '../../../platform/bus/bus.ts'
import { type Check, healthy } from '../check.ts'

const deadlineMs = 2000

/** A message to ourselves, all the way over PostgreSQL or Redis and back. */
export function eventBusCheck(bus: Pick<Bus, 'roundTrip'>): Check {
  return {
    component: 'EVENT_BUS',
    name: 'event_bus',
    deadlineMs,
    async check(signal) {
      await bus.roundTrip(signal)
      return healthy('Messages arrive.')
    },
  }
}
