import type { Bus, BusTopic } from './bus.ts'

/** By bus, of which a node has one. */
const listenersOfBus = new WeakMap<Bus, Map<BusTopic, Map<string, Set<() => void>>>>()

/**
 * Calls `listener` with each message about this id; returns the way to stop. All that listen so share one place at the bus, so that a message costs
 * what those cost whom it is about, however many wait for others.
 */
export function subscribeToId(bus: Bus, topic: BusTopic, id: string, listener: () => void): () => void {
  const byTopic = listenersOfBus.get(bus) ?? new Map<BusTopic, Map<string, Set<() => void>>>()
  listenersOfBus.set(bus, byTopic)
  const byId = byTopic.get(topic) ?? listening(bus, topic, byTopic)
  const listeners = byId.get(id) ?? new Set()
  byId.set(id, listeners)
  const own = () => listener()
  listeners.add(own)
  return () => {
    if (!listeners.delete(own) || listeners.size > 0) return
    byId.delete(id)
    if (byId.size === 0) stops.get(byId)?.()
  }
}

const stops = new WeakMap<Map<string, Set<() => void>>, () => void>()

function listening(bus: Bus, topic: BusTopic, byTopic: Map<BusTopic, Map<string, Set<() => void>>>) {
  const byId = new Map<string, Set<() => void>>()
  const unsubscribe = bus.subscribe(topic, (id) => {
    for (const listener of byId.get(id) ?? []) listener()
  })
  byTopic.set(topic, byId)
  stops.set(byId, () => {
    unsubscribe()
    byTopic.delete(topic)
  })
  return byId
}
