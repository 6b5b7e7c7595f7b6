import { createHash } from 'node:crypto'
import { createClient } from 'redis'
import { WeirError } from '../errors.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { Charge } from './gcra.ts'
import type { RateStore } from './types.ts'

/**
 * charge() of gcra.ts by Redis' own clock, which is one for all nodes. Answers how long to wait and how long until all points are back, in µs. Numbers of
 * Lua are written in full: by itself it would round a time of day to a tenth of a second.
 */
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local points, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local point = math.ceil(60000000 / limit)
local full = point * limit
local tat = tonumber(redis.call('GET', KEYS[1]) or '0') or 0
local from = math.min(math.max(tat, now), now + full)
local after = math.max(now, from + points * point)
local retry = 0
if points > 0 then retry = math.max(0, after - full - now) end
if retry > 0 then after = from end
if after > now then
  redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
end
return { retry, after - now }
`
const sha = createHash('sha1').update(script).digest('hex')

/** What is asked of Redis at a time; more is refused at once, which is for others to bear. */
const maxQueued = 10_000
/** After that Redis counts as away, for an answer that is late holds up the caller's request. Long enough for a busy moment of our own. */
const deadlineMs = 500
const maxReconnectMs = 1000

export interface RedisStore extends RateStore {
  /** Rejects where Redis is away or late. */
  charge(key: string, points: number, limit: number): Promise<Charge>
  close(): Promise<void>
}

/** Connects, and goes on trying, by itself. */
export function createRedisStore({ redisUrl, logger }: { redisUrl: string; logger: Logger }): RedisStore {
  const client = createClient({
    url: redisUrl,
    commandsQueueMaxLength: maxQueued,
    disableOfflineQueue: true,
    pingInterval: 15_000,
    socket: {
      connectTimeout: 2000,
      reconnectStrategy: (attempt) => Math.min(100 * 2 ** Math.min(attempt, 5), maxReconnectMs),
    },
  })
  client.on('error', (error) => logger.debug({ err: error }, 'Redis can not be asked for rates'))
  const connected = client.connect().catch(() => {})

  async function run(key: string, points: number, limit: number): Promise<Charge> {
    const asked = { keys: [`weir:rate:${key}`], arguments: [String(points), String(limit)] }
    const answer = (await client.evalSha(sha, asked).catch((error) => {
      if (!/^NOSCRIPT/.test(String(error?.message))) throw error
      return client.eval(script, asked)
    })) as [number, number]
    const [retryUs, resetUs] = answer.map(Number) as [number, number]
    const pointUs = Math.ceil(60_000_000 / limit)
    const remaining = Math.max(0, Math.floor((pointUs * limit - resetUs) / pointUs))
    return { accepted: retryUs === 0, tatUs: resetUs, remaining, resetUs, retryUs }
  }

  return {
    async charge(key, points, limit) {
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new WeirError('TIMEOUT', 'Redis does not answer.')), deadlineMs)
      })
      const done = run(key, points, limit)
      // Where it comes too late nobody waits for it any more.
      done.catch(() => {})
      try {
        return await Promise.race([done, late])
      } finally {
        clearTimeout(timer)
      }
    },
    async close() {
      if (client.isOpen) client.destroy()
      await connected
    },
  }
}
