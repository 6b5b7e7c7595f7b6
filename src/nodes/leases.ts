import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { leases } from '../platform/database/tables.ts'

export function createLeases(db: Database, nodeId: string) {
  const expiresAt = sql`now() + interval '10 seconds'`
  const timer = setInterval(() => {
    db.update(leases)
      .set({ expiresAt })
      .where(eq(leases.ownerNodeId, nodeId))
      .catch(() => {})
  }, 3000)
  return {
    async claim(resourceId: string): Promise<number | null> {
      const [row] = await db
        .insert(leases)
        .values({ resourceId, ownerNodeId: nodeId, token: 1, expiresAt })
        .onConflictDoUpdate({
          target: leases.resourceId,
          set: { ownerNodeId: nodeId, token: sql`${leases.token} + 1`, expiresAt },
          setWhere: sql`${leases.ownerNodeId} is null or ${leases.ownerNodeId} = ${nodeId} or ${leases.expiresAt} <= now()`,
        })
        .returning()
      return row?.token ?? null
    },
    async release(resourceId: string, token: number): Promise<void> {
      await db
        .update(leases)
        .set({ ownerNodeId: null })
        .where(and(eq(leases.resourceId, resourceId), eq(leases.token, token)))
    },
    onLost: (_listener: (resourceId: string) => void) => () => {},
    stop: () => clearInterval(timer),
  }
}
