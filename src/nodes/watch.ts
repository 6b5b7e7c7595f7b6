import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { hasStood, leaseTtlMs, look, lookEveryMs, noSightings, renewEveryMs, type Sightings } from './leases.ts'
import { freeLeases, type LeaseGroup, leaseGroups } from './leases-store.ts'
import { lostAfterMs } from './model.ts'
import { claimDelayMs, type NodeLoad, othersTake } from './sharing.ts'
import { type MediaNodeRow, markNodeLost, runningNodes } from './store.ts'

export interface NodesWatchDeps {
  db: Database
  nodeId: string
  /** Whose log tells of lost nodes. */
  projectId: string
  /** A dead owner's resources are free, under new tokens: writes down, in the same transaction, what that means for them. */
  freed: (tx: Database, resourceIds: string[]) => Promise<void>
  /** Told after that has been committed. */
  afterFreed: (resourceIds: string[]) => void
  eventsAppended: () => void
  logger: Logger
  /** ms, only ever forward. */
  monotonic: () => number
}

/** What is read at a look, at most; more is seen at later ones. */
const maxNodes = 100
const maxGroups = 1000
/** Before a node's leases are freed: nobody is to leave them to the node that has just died. */
const leftOutAfterMs = leaseTtlMs - renewEveryMs
/** Freed in one transaction. */
const maxFreed = 200

/**
 * Watches the other nodes twice a second: how much each runs, so that work is shared; whether its leases are still renewed, and frees those
 * of a dead one; and who is lost.
 */
export class NodesWatch {
  private readonly deps: NodesWatchDeps
  private loads: NodeLoad[] = []
  private rows: MediaNodeRow[] = []
  private sightings: Sightings = noSightings
  private timer: ReturnType<typeof setTimeout> | null = null
  private looking: Promise<void> = Promise.resolve()
  private stopped = false
  private failing = false

  constructor(deps: NodesWatchDeps) {
    this.deps = deps
  }

  /** Looks once, and from then on by itself. */
  async start(): Promise<void> {
    const startedAt = this.deps.monotonic()
    this.looking = this.look()
    await this.looking
    if (this.stopped) return
    const tookMs = this.deps.monotonic() - startedAt
    this.timer = setTimeout(() => void this.start(), Math.max(lookEveryMs - tookMs, lookEveryMs / 2))
  }

  async stop(): Promise<void> {
    this.stopped = true
    if (this.timer) clearTimeout(this.timer)
    await this.looking
  }

  /** This node is told to take nothing new and to hand over what it has. */
  get draining(): boolean {
    return this.loads.some((node) => node.id === this.deps.nodeId && node.draining)
  }

  /** How many nodes run, this one with them, as last seen. */
  get running(): number {
    return Math.max(1, this.rows.length)
  }

  /** For how long this node, which runs `running` by now, leaves something that is free to others. */
  claimDelayMs(resourceId: string, running: number): number {
    const { nodeId } = this.deps
    if (this.loads.length <= 1) return 0
    const loads = this.loads.map((node) =>
      node.id === nodeId ? { ...node, streams: Math.max(node.streams, running) } : node,
    )
    return claimDelayMs(loads, nodeId, resourceId)
  }

  /** Could others take `count` more? */
  othersTake(count: number): boolean {
    return othersTake(this.loads, this.deps.nodeId, count)
  }

  /** As last seen; null where it does not run. */
  node(id: string): MediaNodeRow | null {
    return this.rows.find((row) => row.id === id) ?? null
  }

  private async look(): Promise<void> {
    const { db, nodeId, monotonic, logger } = this.deps
    try {
      const sentAt = monotonic()
      const groups = await leaseGroups(db, maxGroups)
      const rows = await runningNodes(db, maxNodes)
      const seen = look(this.sightings, [...groups.map(signOfLeases), ...rows.map(signOfNode)], monotonic())
      this.sightings = seen
      this.rows = rows
      this.loads = loadsOf(
        rows.filter((row) => row.id === nodeId || !hasStood(seen, signOfNode(row), sentAt, leftOutAfterMs)),
        groups,
      )
      for (const group of groups) {
        if (group.ownerNodeId === nodeId || !hasStood(seen, signOfLeases(group), sentAt, leaseTtlMs)) continue
        await this.free(group)
      }
      for (const row of rows) {
        if (row.id === nodeId || !hasStood(seen, signOfNode(row), sentAt, lostAfterMs)) continue
        if (!(await markNodeLost(db, this.deps.projectId, row))) continue
        logger.warn({ nodeId: row.id, name: row.name, lastSeenAt: row.lastSeenAt }, 'a node is lost')
        this.deps.eventsAppended()
      }
      this.failing = false
    } catch (error) {
      if (!this.failing) logger.warn({ error }, 'the other nodes can not be seen; trying on')
      this.failing = true
    }
  }

  private async free(group: LeaseGroup): Promise<void> {
    const freed = await this.deps.db.transaction(async (tx) => {
      const ids = await freeLeases(tx, group, maxFreed)
      if (ids.length > 0) await this.deps.freed(tx, ids)
      return ids
    })
    if (freed.length === 0) return
    this.deps.logger.warn({ nodeId: group.ownerNodeId, leases: freed.length }, 'leases of a dead node are free')
    this.deps.afterFreed(freed)
  }
}

function signOfLeases({ ownerNodeId, expiresAt }: LeaseGroup): string {
  return `leases ${ownerNodeId} ${expiresAt.getTime()}`
}

function signOfNode({ id, startedAt, lastSeenAt }: MediaNodeRow): string {
  return `node ${id} ${startedAt.getTime()} ${lastSeenAt.getTime()}`
}

function loadsOf(rows: MediaNodeRow[], groups: LeaseGroup[]): NodeLoad[] {
  return rows.map(({ id, capacity, draining }) => {
    const own = groups.filter((group) => group.ownerNodeId === id)
    return { id, capacity, draining, streams: own.reduce((sum, group) => sum + group.count, 0) }
  })
}
