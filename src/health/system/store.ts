import { count, eq, isNull, lt, ne, sql } from 'drizzle-orm'
import { countActiveByProject } from '../../consumers/reads.ts'
import type { Database } from '../../platform/database/database.ts'
import { nodeHealth, producers, streams } from '../../platform/database/tables.ts'
import { type StreamState, streamStates } from '../../streams/model.ts'
import type { NodeHealth, ProjectFacts } from './model.ts'
import { forgottenMs } from './rules.ts'

/** The most nodes that one answer tells of. */
const maxNodes = 100

/** Says how this node is, now, by the database's clock. */
export async function saveNodeHealth(db: Database, report: Omit<NodeHealth, 'reportedAt'>): Promise<void> {
  const { nodeId, ...said } = report
  const row = { ...said, reportedAt: sql`clock_timestamp()` }
  await db
    .insert(nodeHealth)
    .values({ nodeId, ...row })
    .onConflictDoUpdate({ target: nodeHealth.nodeId, set: row })
}

export async function deleteNodeHealth(db: Database, nodeId: string): Promise<void> {
  await db.delete(nodeHealth).where(eq(nodeHealth.nodeId, nodeId))
}

/** Forgets nodes that have been silent for so long that they are gone for good. */
export async function deleteForgottenNodes(db: Database): Promise<number> {
  const longAgo = sql`clock_timestamp() - make_interval(secs => ${forgottenMs / 1000})`
  const rows = await db
    .delete(nodeHealth)
    .where(lt(nodeHealth.reportedAt, longAgo))
    .returning({ nodeId: nodeHealth.nodeId })
  return rows.length
}

/** What the other nodes said last; how long ago in ms by the database's clock, so that the nodes' need not agree. */
export async function readOtherNodes(
  db: Database,
  ownNodeId: string,
): Promise<(Omit<NodeHealth, 'reportedAt'> & { silentMs: number })[]> {
  return db
    .select({
      nodeId: nodeHealth.nodeId,
      components: nodeHealth.components,
      activeProcesses: nodeHealth.activeProcesses,
      silentMs:
        sql<number>`greatest(0, extract(epoch from clock_timestamp() - ${nodeHealth.reportedAt}) * 1000)::float8`.mapWith(
          Number,
        ),
    })
    .from(nodeHealth)
    .where(ne(nodeHealth.nodeId, ownNodeId))
    .orderBy(nodeHealth.nodeId)
    .limit(maxNodes)
}

/** Streams that are not deleted, by state, producers whose packets arrive, and sessions that are active, of each project. */
export async function readProjectFacts(db: Database): Promise<Map<string, ProjectFacts>> {
  const [byState, active, sessions] = await Promise.all([
    db
      .select({ projectId: streams.projectId, state: streams.state, count: count() })
      .from(streams)
      .where(isNull(streams.deletedAt))
      .groupBy(streams.projectId, streams.state),
    db
      .select({ projectId: producers.projectId, count: count() })
      .from(producers)
      .where(eq(producers.state, 'ACTIVE'))
      .groupBy(producers.projectId),
    countActiveByProject(db),
  ])
  const facts = new Map<string, ProjectFacts>()
  const of = (projectId: string): ProjectFacts => {
    const known = facts.get(projectId) ?? noFacts()
    facts.set(projectId, known)
    return known
  }
  for (const row of byState) of(row.projectId).streamsByState[row.state] = row.count
  for (const row of active) of(row.projectId).activeProducers = row.count
  for (const [projectId, count] of sessions) of(projectId).activeConsumers = count
  return facts
}

/** Streams that this node runs, by state. */
export async function countStreamsOfNode(db: Database, nodeId: string): Promise<Partial<Record<StreamState, number>>> {
  const rows = await db
    .select({ state: streams.state, count: count() })
    .from(streams)
    .where(eq(streams.mediaNodeId, nodeId))
    .groupBy(streams.state)
  return Object.fromEntries(rows.map((row) => [row.state, row.count]))
}

/** Of a project that has nothing. */
export function noFacts(): ProjectFacts {
  const streamsByState = Object.fromEntries(streamStates.map((state) => [state, 0])) as Record<StreamState, number>
  return { streamsByState, activeProducers: 0, activeConsumers: 0 }
}
