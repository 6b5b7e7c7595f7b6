import type { HealthStatus } from '../health/model.ts'
import { leaseTtlMs } from './leases.ts'

/** A node that has not said that it lives for so long is lost. */
export const lostAfterMs = 2 * leaseTtlMs

/** How a node is, by its last sign of life. `now` in ms since the epoch. */
export function nodeStatus(
  node: { lastSeenAt: Date; stoppedAt: Date | null; lostAt: Date | null },
  now: number,
): HealthStatus {
  if (node.stoppedAt) return 'UNKNOWN'
  if (node.lostAt) return 'CRITICAL'
  return now - node.lastSeenAt.getTime() > lostAfterMs ? 'UNKNOWN' : 'HEALTHY'
}
