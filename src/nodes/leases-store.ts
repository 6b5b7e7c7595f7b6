import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { leases } from '../platform/database/tables.ts'
import { type HeldLeases, leaseTtlMs } from './leases.ts'

/** The database's clock decides, so that the nodes' need not agree. */
const inOneTtl = sql`clock_timestamp() + make_interval(secs => ${leaseTtlMs / 1000})`

/** Takes a resource that is free, expired or this node's own; the new token, one above the last, or null. */
export async function claimLease(db: Database, resourceId: string, nodeId: string): Promise<number | null> {
  const [row] = await db
    .insert(leases)
    .values({ resourceId, ownerNodeId: nodeId, token: 1, expiresAt: inOneTtl })
    .onConflictDoUpdate({
      target: leases.resourceId,
      set: { ownerNodeId: nodeId, token: sql`${leases.token} + 1`, expiresAt: inOneTtl },
      setWhere: sql`${leases.ownerNodeId} is null or ${leases.ownerNodeId} = ${nodeId} or ${leases.expiresAt} < clock_timestamp()`,
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
    .set({ expiresAt: inOneTtl })
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

/** For PGlite at start: the one process that can hold leases there is this one, and it is new. */
export async function voidAllLeases(db: Database): Promise<void> {
  await db.update(leases).set({ ownerNodeId: null, expiresAt: sql`clock_timestamp()` })
}

/** For a node that has just started: whatever an earlier process of the same node held runs no more. */
export async function voidLeasesOfNode(db: Database, nodeId: string): Promise<void> {
  await db
    .update(leases)
    .set({ ownerNodeId: null, expiresAt: sql`clock_timestamp()` })
    .where(eq(leases.ownerNodeId, nodeId))
}
