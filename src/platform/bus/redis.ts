import { createClient } from 'redis'
import type { Logger } from '../logs/logger.ts'
import { type Bus, busTopics } from './bus.ts'
import { createWiredBus, reconnectDelayMs, type Wire } from './wired.ts'

/** Commands that may wait for Redis to come back; what is more is lost. */
const maxQueuedCommands = 1000

/** The bus by Redis' (or Valkey's) pub/sub, under `weir:<database number>:<topic>`, as pub/sub knows no databases. */
export function createRedisBus(options: { redisUrl: string; logger: Logger }): Bus {
  return createWiredBus(options.logger, (receive) => connectRedis(options, receive))
}

function connectRedis(
  { redisUrl, logger }: { redisUrl: string; logger: Logger },
  receive: (topic: string, payload: string) => void,
): Wire {
  const prefix = `weir:${Number.parseInt(new URL(redisUrl).pathname.slice(1), 10) || 0}:`
  const publisher = createClient({
    url: redisUrl,
    commandsQueueMaxLength: maxQueuedCommands,
    pingInterval: 15_000,
    socket: { connectTimeout: 5000, reconnectStrategy: reconnectDelayMs },
  })
  const subscriber = publisher.duplicate()

  let down = false
  const onError = (error: unknown) => {
    if (!down) logger.warn({ err: error }, 'the bus on Redis is not connected; trying on')
    down = true
  }
  const onReady = () => {
    if (down) logger.info({}, 'the bus on Redis is connected again')
    down = false
  }
  publisher.on('error', onError)
  subscriber.on('error', onError).on('ready', onReady)
  // Both resolve when connected, however long that takes, and reject only when closed before.
  const connected = Promise.allSettled([
    publisher.connect(),
    subscriber.connect().then(() =>
      subscriber.subscribe(
        busTopics.map((topic) => prefix + topic),
        (payload, channel) => receive(channel.slice(prefix.length), payload),
      ),
    ),
  ])

  return {
    async send(messages) {
      await Promise.all(messages.map((message) => publisher.publish(prefix + message.topic, message.payload)))
    },
    async close() {
      for (const client of [publisher, subscriber]) if (client.isOpen) client.destroy()
      await connected
    },
  }
}
