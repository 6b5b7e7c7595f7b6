import { sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { mediaNodes } from '../platform/database/tables.ts'

export async function registerNode(
  db: Database,
  node: { id: string; name: string; version: string; capacity: number },
): Promise<void> {
  await db
    .insert(mediaNodes)
    .values(node)
    .onConflictDoUpdate({
      target: mediaNodes.id,
      set: {
        name: node.name,
        version: node.version,
        capacity: node.capacity,
        startedAt: sql`now()`,
        lastSeenAt: sql`now()`,
      },
    })
}
