import type { Caller } from '../caller.ts'
import { WeirError } from '../errors.ts'
import { appendEvents } from '../events/store.ts'
import { requireId } from '../ids.ts'
import type { Database } from '../platform/database/database.ts'
import { requireScope } from '../projects/scopes.ts'
import * as store from './store.ts'

/** Use cases of nodes. Every method needs the ADMIN scope. */
export interface NodeService {
  /**
   * Draining, a node takes nothing new and hands its streams over to others, a few at a time; what no other can take it keeps.
   * False ends that.
   */
  drain(caller: Caller, id: string, draining: boolean): Promise<store.MediaNodeRow>
}

export function createNodeService({ db, eventsAppended }: { db: Database; eventsAppended: () => void }): NodeService {
  return {
    async drain(caller, id, draining) {
      const projectId = requireScope(caller, 'ADMIN')
      requireId(id, 'MediaNode', 'id')
      const changed = await db.transaction(async (tx) => {
        const row = await store.lockNode(tx, id)
        if (!row) throw new WeirError('NOT_FOUND', 'There is no such node.')
        if (row.draining === draining) return row
        const data = { name: row.name, draining }
        await appendEvents(tx, [{ type: 'node.drain_ordered', projectId, subjectId: id, actor: caller.actor, data }])
        return store.saveDraining(tx, id, draining)
      })
      eventsAppended()
      return changed
    },
  }
}
