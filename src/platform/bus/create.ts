import type { Logger } from '../logs/logger.ts'
import type { Bus } from './bus.ts'
import { createInProcessBus } from './in-process.ts'

/** Redis where there is one, else NOTIFY where the database is PostgreSQL, else this process alone. */
export async function createBus(settings: {
  redisUrl?: string | null | undefined
  databaseUrl?: string | null | undefined
  logger: Logger
}): Promise<Bus> {
  const { redisUrl, databaseUrl, logger } = settings
  if (redisUrl) return (await import('./redis.ts')).createRedisBus({ redisUrl, logger })
  if (databaseUrl) return (await import('./postgres-notify.ts')).createNotifyBus({ databaseUrl, logger })
  return createInProcessBus(logger)
}
