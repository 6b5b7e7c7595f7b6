import type { Closers } from '../closers.ts'
import type { Config } from '../config.ts'
import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { findProject } from '../projects/store.ts'
import { createMemoryStore } from './memory-store.ts'
import { createProjectLimits } from './project-limits.ts'
import { createRates, type Rates, type RatesDeps } from './rates.ts'
import { createRedisStore } from './redis-store.ts'
import { createShare, createSharedStore } from './shared-store.ts'

/** A node's rates: over all nodes where there is a Redis, else each gives out its share. */
export function startRates(parts: {
  config: Config
  db: Database
  /** How many nodes run. */
  nodes: () => number
  refused: RatesDeps['refused']
  /** ms, only ever forward. */
  monotonic: () => number
  logger: Logger
  closers: Closers
}): Rates {
  const { config, db, nodes, refused, monotonic: now, closers } = parts
  const logger = parts.logger.child({ logger: 'rates' })
  const own = createMemoryStore(now)
  const share = createShare(own, nodes)
  return createRates({
    callers: shared() ?? share,
    own,
    addressLimit: config.addressRequestsPerMinute,
    projectLimit: createProjectLimits({
      read: async (id) => (await findProject(db, id))?.quotas.requestsPerMinute ?? null,
      usual: config.projectRequestsPerMinute,
      now,
    }),
    refused,
    now,
  })

  function shared() {
    if (config.redisUrl === null) return null
    const redis = createRedisStore({ redisUrl: config.redisUrl, logger })
    closers.add(redis.close)
    return createSharedStore({ shared: redis, own, share, logger, now })
  }
}
