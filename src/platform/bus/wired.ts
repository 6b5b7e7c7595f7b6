import type { Logger } from '../logs/logger.ts'
import { type Bus, type BusTopic, busTopics } from './bus.ts'
import { createInProcessBus } from './in-process.ts'
import { createRoundTrips } from './round-trips.ts'

/** Carries messages between processes. It reconnects by itself and may lose what was sent meanwhile. */
export interface Wire {
  /** Sends these; called again only when the last call has settled. A rejection loses them. */
  send(messages: WireMessage[]): Promise<void>
  close(): Promise<void>
}

export interface WireMessage {
  topic: BusTopic
  payload: string
}

/** Each message waiting for the wire is different from the others; the oldest go when there are too many. */
const maxWaiting = 10_000
const maxPerSend = 500
/** NOTIFY carries 8000 bytes; ids are far shorter. */
const maxIdLength = 200

/**
 * A bus between processes: this one's listeners hear at once, the others' by the wire. `connect` gets the function
 * to call with what arrives. Equal messages that wait for the wire are one.
 */
export function createWiredBus(
  logger: Logger,
  connect: (receive: (topic: string, payload: string) => void) => Wire,
): Bus {
  const local = createInProcessBus(logger)
  const origin = crypto.randomUUID().slice(0, 8)
  const trips = createRoundTrips()
  const waiting = new Map<string, WireMessage>()
  let sending: Promise<void> | null = null
  let closed = false

  const wire = connect((topic, payload) => {
    const split = payload.indexOf(' ')
    if (split < 0) return
    if (payload.slice(0, split) === origin) {
      if (topic === 'ping') trips.arrived(payload.slice(split + 1))
      return
    }
    if (topic === 'ping') return
    if ((busTopics as readonly string[]).includes(topic)) local.publish(topic as BusTopic, payload.slice(split + 1))
  })

  async function sendWaiting(): Promise<void> {
    while (waiting.size > 0 && !closed) {
      const batch = [...waiting].slice(0, maxPerSend)
      for (const [key] of batch) waiting.delete(key)
      // Whoever listens polls too: what is lost is late, not gone. The wire itself says that it is down.
      try {
        await wire.send(batch.map(([, message]) => message))
      } catch (error) {
        logger.debug({ err: error, messages: batch.length }, 'messages of the bus were lost')
      }
    }
    sending = null
  }

  function enqueue(topic: BusTopic, id: string): void {
    if (closed || id.length > maxIdLength) return
    const key = `${topic} ${id}`
    waiting.delete(key)
    waiting.set(key, { topic, payload: `${origin} ${id}` })
    if (waiting.size > maxWaiting) waiting.delete(waiting.keys().next().value!)
    sending ??= Promise.resolve().then(sendWaiting)
  }

  return {
    publish(topic, id) {
      local.publish(topic, id)
      enqueue(topic, id)
    },
    roundTrip: (signal) => trips.start(signal, (id) => enqueue('ping', id)),
    subscribe: (topic, listener) => local.subscribe(topic, listener),
    async close() {
      closed = true
      waiting.clear()
      trips.end()
      await local.close()
      await wire.close()
      await sending
    },
  }
}

/** The wait before reconnecting attempt `attempt` (from 0): 100 ms, doubling to 5 s. */
export function reconnectDelayMs(attempt: number): number {
  return Math.min(100 * 2 ** Math.min(attempt, 10), 5000)
}
