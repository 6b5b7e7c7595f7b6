import { and, eq, inArray, isNotNull, notInArray } from 'drizzle-orm'
import type { Caller } from '../src/caller.ts'
import { adminEventTypes } from '../src/events/model.ts'
import { type IdKind, kindOfId } from '../src/ids.ts'
import type { Database } from '../src/platform/database/database.ts'
import {
  apiKeys,
  consumers,
  events,
  mediaNodes,
  producers,
  projects,
  recoveryAttempts,
  reservations,
  streams,
} from '../src/platform/database/tables.ts'
import { hasScope } from '../src/projects/scopes.ts'
import type { Access } from './access.ts'

/** A row that node() can answer with: its id tells what it is. */
export interface NodeRow {
  id: string
}

interface NodeKind {
  access: Access
  read: (db: Database, ids: string[], projectId: string, caller: Caller) => PromiseLike<NodeRow[]>
  /** The operator sees those of every project. */
  readAll?: (db: Database, ids: string[]) => PromiseLike<NodeRow[]>
}

/** The kinds that node() knows, what each asks of its caller, and how its rows are read within a project. */
export const nodeKinds: Partial<Record<IdKind, NodeKind>> = {
  Stream: {
    access: 'PUBLIC',
    read: (db, ids, projectId) =>
      db
        .select()
        .from(streams)
        .where(and(inArray(streams.id, ids), eq(streams.projectId, projectId))),
  },
  Producer: {
    access: 'PUBLIC',
    read: (db, ids, projectId) =>
      db
        .select()
        .from(producers)
        .where(and(inArray(producers.id, ids), eq(producers.projectId, projectId))),
  },
  Reservation: {
    access: 'PLAYER_OR_READ',
    read: (db, ids, projectId) =>
      db
        .select()
        .from(reservations)
        .where(and(inArray(reservations.id, ids), eq(reservations.projectId, projectId))),
  },
  Consumer: {
    access: 'SESSION_OR_READ',
    read: (db, ids, projectId) =>
      db
        .select()
        .from(consumers)
        .where(and(inArray(consumers.id, ids), eq(consumers.projectId, projectId))),
  },
  Event: {
    access: 'READ',
    read: (db, ids, projectId, caller) =>
      db
        .select()
        .from(events)
        .where(
          and(
            inArray(events.id, ids),
            eq(events.projectId, projectId),
            isNotNull(events.cursor),
            hasScope(caller, 'ADMIN') ? undefined : notInArray(events.type, [...adminEventTypes]),
          ),
        ),
  },
  RecoveryAttempt: {
    access: 'READ',
    read: (db, ids, projectId) =>
      db
        .select()
        .from(recoveryAttempts)
        .where(and(inArray(recoveryAttempts.id, ids), eq(recoveryAttempts.projectId, projectId))),
  },
  MediaNode: {
    access: 'READ',
    read: (db, ids) => db.select().from(mediaNodes).where(inArray(mediaNodes.id, ids)),
  },
  Project: {
    access: 'READ',
    read: (db, ids, projectId) =>
      db
        .select()
        .from(projects)
        .where(and(inArray(projects.id, ids), eq(projects.id, projectId))),
    readAll: (db, ids) => db.select().from(projects).where(inArray(projects.id, ids)),
  },
  ApiKey: {
    access: 'ADMIN',
    read: (db, ids, projectId) =>
      db
        .select()
        .from(apiKeys)
        .where(and(inArray(apiKeys.id, ids), eq(apiKeys.projectId, projectId))),
    readAll: (db, ids) => db.select().from(apiKeys).where(inArray(apiKeys.id, ids)),
  },
}

/**
 * Rows of any kinds by id, a statement a kind, within the caller's project; for a session's token of sessions its own alone. What isn't found is
 * absent. The operator (`isOperator`, asked where that matters) sees projects and keys of every project.
 */
export async function readNodes(
  db: Database,
  caller: Caller,
  isOperator: (caller: Caller) => Promise<boolean>,
  ids: readonly string[],
): Promise<Map<string, NodeRow>> {
  const byKind = Map.groupBy(ids, (id) => kindOfId(id))
  const found = await Promise.all(
    [...byKind].map(async ([kind, ofKind]) => {
      const node = kind && nodeKinds[kind]
      if (node?.readAll && (await isOperator(caller))) return node.readAll(db, ofKind)
      const within = node && reachOf(caller, kind, ofKind)
      return within && within.ids.length > 0 ? node.read(db, within.ids, within.projectId, caller) : []
    }),
  )
  return new Map(found.flat().map((row) => [row.id, row]))
}

/** In which project a caller may read, and which of these. */
function reachOf({ projectId, session }: Caller, kind: IdKind, ids: string[]) {
  if (kind === 'Consumer' && session)
    return { projectId: session.projectId, ids: ids.filter((id) => id === session.consumerId) }
  return projectId === null ? null : { projectId, ids }
}
