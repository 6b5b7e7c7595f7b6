import { appendEvents } from '../events/store.ts'
import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { voidAllLeases } from './leases-store.ts'
import { type NodeFigures, nodeStopped, registerNode, touchNode } from './store.ts'

export interface NodeFacts {
  id: string
  name: string
  version: string
  /** The most streams that it takes. */
  capacity: number
}

/** How often a node says that it lives. */
const touchEveryMs = 3000

/**
 * Registers this node and says from then on that it lives. What an earlier process of it held is still its own, and the reconciler
 * claims it anew. `projectId`: whose log tells of it. Answers with the way to end, which says so in the log.
 */
export async function startPresence(deps: {
  db: Database
  kind: 'PGLITE' | 'POSTGRESQL'
  node: NodeFacts
  projectId: string
  /** What it tells of itself with each sign of life. */
  figures: () => NodeFigures
  logger: Logger
}): Promise<() => Promise<void>> {
  const { db, kind, node, projectId, figures, logger } = deps
  const { id, name, version } = node
  await db.transaction(async (tx) => {
    await registerNode(tx, node)
    // On PGlite this is the only process there can be: every lease is an earlier one's.
    if (kind === 'PGLITE') await voidAllLeases(tx)
    await appendEvents(tx, [{ type: 'node.started', projectId, subjectId: id, data: { name, version } }])
  })
  let failing = false
  const timer = setInterval(() => {
    touchNode(db, id, figures()).then(
      () => {
        failing = false
      },
      (error: unknown) => {
        if (!failing) logger.warn({ error }, 'the node could not say that it lives; trying on')
        failing = true
      },
    )
  }, touchEveryMs)
  return async () => {
    clearInterval(timer)
    await db.transaction(async (tx) => {
      await nodeStopped(tx, id)
      await appendEvents(tx, [{ type: 'node.stopped', projectId, subjectId: id, data: { name } }])
    })
  }
}
