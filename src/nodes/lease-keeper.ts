import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { lostLeases, nextRenewalInMs } from './leases.ts'
import { claimLease, heldByAnybody, releaseLease, renewLeases } from './leases-store.ts'

/** The leases of this node: claims them, renews all of them every 3 s and tells of those that are lost. */
export interface LeaseKeeper {
  /** The new token, or null where another node holds it. What this node holds already it gets under a new token. */
  claim(resourceId: string): Promise<number | null>
  /** Gives it back; nothing where it is held under another token by now. */
  release(resourceId: string, token: number): Promise<void>
  /** Which of these somebody holds. */
  held(resourceIds: string[]): Promise<Set<string>>
  /** For a node that stood still: what is lost is to be known now, not with the next renewal. */
  renewNow(): void
  /** Calls back with each resource that this node held and another has taken. Returns the way to stop. */
  onLost(listener: (resourceId: string) => void): () => void
  /** Renews no more; what is still held runs out. */
  stop(): Promise<void>
}

export function startLeaseKeeper(deps: { db: Database; nodeId: string; logger: Logger }): LeaseKeeper {
  const { db, nodeId, logger } = deps
  const held = new Map<string, number>()
  const listeners = new Set<(resourceId: string) => void>()
  let timer: ReturnType<typeof setTimeout> | null = null
  let renewing: Promise<void> | null = null
  let stopped = false
  let failing = false

  async function renew(): Promise<void> {
    const sent = new Map(held)
    try {
      const renewed = await renewLeases(db, nodeId, sent)
      failing = false
      for (const resourceId of lostLeases(sent, held, renewed)) {
        held.delete(resourceId)
        logger.warn({ resourceId }, 'lease lost to another node')
        for (const listener of listeners) listener(resourceId)
      }
    } catch (error) {
      if (!failing) logger.warn({ err: error, leases: sent.size }, 'leases can not be renewed; trying on')
      failing = true
    }
  }

  function renewThenArm(): void {
    const startedAt = performance.now()
    renewing = renew().finally(() => {
      renewing = null
      if (!stopped) arm(nextRenewalInMs(performance.now() - startedAt))
    })
  }

  function arm(delayMs: number): void {
    timer = setTimeout(renewThenArm, delayMs)
  }

  arm(nextRenewalInMs(0))
  return {
    async claim(resourceId) {
      const token = await claimLease(db, resourceId, nodeId)
      // Two claims of ours may answer in another order than the database took them in.
      if (token !== null && token > (held.get(resourceId) ?? 0)) held.set(resourceId, token)
      return token
    },
    async release(resourceId, token) {
      if (held.get(resourceId) === token) held.delete(resourceId)
      await releaseLease(db, { resourceId, nodeId, token })
    },
    held: (resourceIds) => heldByAnybody(db, resourceIds),
    renewNow() {
      if (renewing || stopped) return
      if (timer) clearTimeout(timer)
      renewThenArm()
    },
    onLost(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    async stop() {
      stopped = true
      if (timer) clearTimeout(timer)
      await renewing
    },
  }
}
