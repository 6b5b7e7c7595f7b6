import { and, asc, count, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { leases } from '../platform/database/tables.ts'
import { type HeldLeases, leaseTtlMs } from './leases.ts'

/**
 * One time a statement, so that all leases that a node renews together bear the same: others watch a row a node, not a row a lease.
 * It says when a lease was last renewed and nothing else. Who takes one over goes by what it has seen, not by any clock.
 */
const inOneTtl = sql`statement_timestamp() + make_interval(secs => ${leaseTtlMs / 1000})`
/** Always another time than before, whatever the database's clock does: by that others see that it was renewed. */
const renewed = sql`greatest(${inOneTtl}, ${leases.expiresAt} + interval '1 millisecond')`

/** The leases of one owner that were last renewed together. */
export interface LeaseGroup {
  ownerNodeId: string
  expiresAt: Date
  count: number
}

/** Takes a resource that is free or this node's own already; the new token, one above the last, or null. */
export async function claimLease(db: Database, resourceId: string, nodeId: string): Promise<number | null> {
  const [row] = await db
    .insert(leases)
    .values({ resourceId, ownerNodeId: nodeId, token: 1, expiresAt: inOneTtl })
    .onConflictDoUpdate({
      target: leases.resourceId,
      set: { ownerNodeId: nodeId, token: sql`${leases.token} + 1`, expiresAt: renewed },
      setWhere: sql`${leases.ownerNodeId} is null or ${leases.ownerNodeId} = ${nodeId}`,
    })
    .returning({ token: leases.token })
  return row?.token ?? null
}

/** Renews all of them in one statement; the resources that this node still holds under these tokens. */
export async function renewLeases(db: Database, nodeId: string, held: HeldLeases): Promise<Set<string>> {
  if (held.size === 0) return new Set()
  const list = JSON.stringify([...held].map(([resource_id, token]) => ({ resource_id, token })))
  const rows = await db
    .update(leases)
    .set({ expiresAt: renewed })
    .from(sql`json_to_recordset(${list}::text::json) as held(resource_id text, token bigint)`)
    .where(
      and(
        eq(leases.ownerNodeId, nodeId),
        sql`${leases.resourceId} = held.resource_id and ${leases.token} = held.token`,
      ),
    )
    .returning({ resourceId: leases.resourceId })
  return new Set(rows.map((row) => row.resourceId))
}

/** Gives it back; nothing where another holds it by now. The row stays, so that the token only grows. */
export async function releaseLease(
  db: Database,
  lease: { resourceId: string; nodeId: string; token: number },
): Promise<void> {
  await db
    .update(leases)
    .set({ ownerNodeId: null, expiresAt: sql`clock_timestamp()` })
    .where(
      and(eq(leases.resourceId, lease.resourceId), eq(leases.ownerNodeId, lease.nodeId), eq(leases.token, lease.token)),
    )
}

/** Which of these somebody holds. */
export async function heldByAnybody(db: Database, resourceIds: string[]): Promise<Set<string>> {
  if (resourceIds.length === 0) return new Set()
  const rows = await db
    .select({ id: leases.resourceId })
    .from(leases)
    .where(and(inArray(leases.resourceId, resourceIds), isNotNull(leases.ownerNodeId)))
  return new Set(rows.map((row) => row.id))
}

/** What all nodes hold, those renewed longest ago first. */
export async function leaseGroups(db: Database, limit: number): Promise<LeaseGroup[]> {
  const rows = await db
    .select({ ownerNodeId: leases.ownerNodeId, expiresAt: leases.expiresAt, count: count() })
    .from(leases)
    .where(isNotNull(leases.ownerNodeId))
    .groupBy(leases.ownerNodeId, leases.expiresAt)
    .orderBy(asc(leases.expiresAt))
    .limit(limit)
  return rows.map((row) => ({ ...row, ownerNodeId: row.ownerNodeId! }))
}

/**
 * Frees up to `limit` leases of an owner that has not renewed them since it was seen to, under new tokens: what it still writes is refused.
 * The resources that were freed; none where the owner, or another node, was first.
 */
export async function freeLeases(
  tx: Database,
  group: Pick<LeaseGroup, 'ownerNodeId' | 'expiresAt'>,
  limit: number,
): Promise<string[]> {
  const same = and(eq(leases.ownerNodeId, group.ownerNodeId), eq(leases.expiresAt, group.expiresAt))
  const found = tx
    .select({ id: leases.resourceId })
    .from(leases)
    .where(same)
    .orderBy(asc(leases.resourceId))
    .limit(limit)
  const rows = await tx
    .update(leases)
    .set({ ownerNodeId: null, token: sql`${leases.token} + 1` })
    .where(and(same, inArray(leases.resourceId, found)))
    .returning({ resourceId: leases.resourceId })
  return rows.map((row) => row.resourceId)
}

/** For PGlite at start: the one process that can hold leases there is this one, and it is new. */
export async function voidAllLeases(db: Database): Promise<void> {
  await db.update(leases).set({ ownerNodeId: null, expiresAt: sql`clock_timestamp()` })
}
