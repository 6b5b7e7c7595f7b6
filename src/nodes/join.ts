import type { Closers } from '../closers.ts'
import type { Bus } from '../platform/bus/bus.ts'
import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { StallGuard } from '../platform/stall-guard.ts'
import { type LeaseKeeper, startLeaseKeeper } from './lease-keeper.ts'
import { type NodeFacts, startPresence } from './presence.ts'
import { type NodeFigures, nodeSecret } from './store.ts'
import { NodesWatch } from './watch.ts'

export interface JoinParts {
  db: Database
  kind: 'PGLITE' | 'POSTGRESQL'
  bus: Bus
  node: NodeFacts
  /** Whose log tells of nodes. */
  projectId: string
  /** What it tells of itself with each sign of life. */
  figures: () => NodeFigures
  /** Writes down, in the transaction that freed them, what it means for streams that their node is dead. */
  freed: (tx: Database, streamIds: string[]) => Promise<void>
  eventsAppended: () => void
  stalls: StallGuard
  logger: Logger
  closers: Closers
}

/** What this node has as one of many. */
export interface Membership {
  leases: LeaseKeeper
  /** Not started yet. */
  neighbours: NodesWatch
  /** By which nodes of the same database know each other. */
  secret: string
}

/** Makes this node one of those on the database: it says that it lives, keeps its leases, and watches the others. */
export async function joinNodes(parts: JoinParts): Promise<Membership> {
  const { db, kind, bus, node, projectId, figures, freed, eventsAppended, stalls, logger, closers } = parts
  closers.add(await startPresence({ db, kind, node, projectId, figures, logger }))
  const leases = startLeaseKeeper({ db, nodeId: node.id, logger })
  closers.add(() => leases.stop())
  // Asleep for long enough, and another has taken over: to be known before anything else is done.
  closers.add(stalls.onStall(() => leases.renewNow()))
  const neighbours = new NodesWatch({
    db,
    nodeId: node.id,
    projectId,
    freed,
    afterFreed(streamIds) {
      eventsAppended()
      for (const id of streamIds) {
        bus.publish('streams', id)
        bus.publish('orders', id)
      }
    },
    eventsAppended,
    logger,
    monotonic: () => performance.now(),
  })
  return { leases, neighbours, secret: await knownSecret(db) }
}

/** By which the nodes of this database know each other; made, with the row of what they know together, by the first. */
export function knownSecret(db: Database): Promise<string> {
  return nodeSecret(db, newSecret())
}

function newSecret(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
