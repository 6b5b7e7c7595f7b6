import postgres from 'postgres'
import type { Logger } from '../logs/logger.ts'
import { type Bus, busTopics } from './bus.ts'
import { createWiredBus, reconnectDelayMs, type Wire } from './wired.ts'

const channelPrefix = 'weir_'

/** The bus by LISTEN and NOTIFY on one connection of its own (not through PgBouncer's transaction mode). */
export function createNotifyBus(options: { databaseUrl: string; logger: Logger }): Bus {
  return createWiredBus(options.logger, (receive) => connectNotify(options, receive))
}

function connectNotify(
  { databaseUrl, logger }: { databaseUrl: string; logger: Logger },
  receive: (topic: string, payload: string) => void,
): Wire {
  let closed = false
  let attempt = 0
  let down = false
  let timer: ReturnType<typeof setTimeout> | null = null

  // `sql.listen` gives up when its first reconnect fails, so listening is ours: this option is what it uses itself.
  const options = {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 5,
    keep_alive: 15,
    fetch_types: false,
    backoff: false,
    onnotice() {},
    onnotify: (channel: string, payload: string) => receive(channel.slice(channelPrefix.length), payload),
    onclose: () => listenSoon(),
    connection: { application_name: 'weir-bus' },
  }
  const client = postgres(databaseUrl, options)

  async function listen(): Promise<void> {
    timer = null
    try {
      await client.unsafe(busTopics.map((topic) => `listen ${channelPrefix}${topic}`).join(';'))
      if (down) logger.info({}, 'the bus on PostgreSQL is connected again')
      down = false
      attempt = 0
    } catch (error) {
      if (!closed && !down) logger.warn({ err: error }, 'the bus on PostgreSQL is not connected; trying on')
      down = true
      listenSoon()
    }
  }

  function listenSoon(): void {
    if (closed || timer) return
    timer = setTimeout(listen, reconnectDelayMs(attempt++))
  }

  void listen()
  return {
    async send(messages) {
      const notices = JSON.stringify(messages.map(({ topic, payload }) => [channelPrefix + topic, payload]))
      await client`select pg_notify(notice->>0, notice->>1) from json_array_elements(${notices}::text::json) as notice`
    },
    async close() {
      closed = true
      if (timer) clearTimeout(timer)
      await client.end({ timeout: 1 })
    },
  }
}
