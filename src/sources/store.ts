import { eq, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { projects } from '../platform/database/tables.ts'
import type { SourcePolicy } from './policy.ts'

/** What a project says of its sources, and how many projects there are. Null: there is no such project. */
export async function findSourcePolicy(
  db: Database,
  projectId: string,
): Promise<{ policy: SourcePolicy; projectCount: number } | null> {
  const [row] = await db
    .select({
      policy: projects.sourcePolicy,
      projectCount: sql<number>`(select count(*)::int from ${projects})`,
    })
    .from(projects)
    .where(eq(projects.id, projectId))
  return row ?? null
}
