import type { Logger } from '../logs/logger.ts'
import type { Bus, BusTopic } from './bus.ts'
import { createRoundTrips } from './round-trips.ts'

/** The bus of a single process. A listener that throws is logged and does not keep the others from hearing. */
export function createInProcessBus(logger: Logger): Bus {
  const listeners = new Map<BusTopic, Set<(id: string) => void>>()
  const trips = createRoundTrips()
  let closed = false

  function deliver(topic: BusTopic, id: string): void {
    if (closed) return
    for (const listener of [...(listeners.get(topic) ?? [])]) {
      try {
        listener(id)
      } catch (error) {
        logger.error({ err: error, topic }, 'a listener of the bus failed')
      }
    }
  }

  return {
    // Not at once: whoever publishes is in the middle of something.
    publish: (topic, id) => queueMicrotask(() => deliver(topic, id)),
    subscribe(topic, listener) {
      // A function of its own for each subscription: the same listener may subscribe twice.
      const own = (id: string) => listener(id)
      const set = listeners.get(topic) ?? new Set()
      listeners.set(topic, set.add(own))
      return () => {
        set.delete(own)
      }
    },
    roundTrip: (signal) =>
      trips.start(signal, (id) =>
        queueMicrotask(() => {
          if (!closed) trips.arrived(id)
        }),
      ),
    async close() {
      closed = true
      trips.end()
      listeners.clear()
    },
  }
}
