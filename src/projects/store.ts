import { and, arrayContains, asc, count, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { apiKeys, projects } from '../platform/database/tables.ts'

export type ProjectRow = typeof projects.$inferSelect
export type ApiKeyRow = typeof apiKeys.$inferSelect

/** One at a time may set up projects and first keys; held until the transaction ends. */
export async function lockSetUp(tx: Database): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(7391018247)`)
}

/** The oldest. */
export async function findFirstProject(db: Database): Promise<ProjectRow | null> {
  const [row] = await db.select().from(projects).orderBy(asc(projects.createdAt), asc(projects.id)).limit(1)
  return row ?? null
}

export async function insertProject(tx: Database, row: typeof projects.$inferInsert): Promise<ProjectRow> {
  const [inserted] = await tx.insert(projects).values(row).returning()
  return inserted!
}

/** Locked until the transaction ends. Null: not there. */
export async function lockProject(tx: Database, id: string): Promise<ProjectRow | null> {
  const [row] = await tx.select().from(projects).where(eq(projects.id, id)).for('no key update')
  return row ?? null
}

export async function updateProject(
  tx: Database,
  id: string,
  patch: Pick<ProjectRow, 'name' | 'publicHealth' | 'quotas' | 'sourcePolicy'>,
): Promise<ProjectRow> {
  const [row] = await tx.update(projects).set(patch).where(eq(projects.id, id)).returning()
  return row!
}

export async function findKeyByHash(db: Database, hash: string): Promise<ApiKeyRow | null> {
  const [row] = await db.select().from(apiKeys).where(eq(apiKeys.hash, hash))
  return row ?? null
}

/** The ADMIN keys of a project that are not revoked, expired ones too. */
export function listAdminKeys(db: Database, projectId: string): Promise<ApiKeyRow[]> {
  return db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.projectId, projectId), isNull(apiKeys.revokedAt), arrayContains(apiKeys.scopes, ['ADMIN'])))
}

/** A project's keys: all, and those that are not revoked. */
export async function countKeys(db: Database, projectId: string): Promise<{ all: number; open: number }> {
  const [row] = await db
    .select({ all: count(), open: count(sql`case when ${apiKeys.revokedAt} is null then 1 end`) })
    .from(apiKeys)
    .where(eq(apiKeys.projectId, projectId))
  return row!
}

export function countProjects(db: Database): Promise<number> {
  return db.$count(projects)
}

export async function findProject(db: Database, id: string): Promise<ProjectRow | null> {
  const [row] = await db.select().from(projects).where(eq(projects.id, id))
  return row ?? null
}

export async function findKey(db: Database, id: string): Promise<ApiKeyRow | null> {
  const [row] = await db.select().from(apiKeys).where(eq(apiKeys.id, id))
  return row ?? null
}

/** One that is revoked already stays as it is. */
export async function revokeKey(tx: Database, id: string): Promise<ApiKeyRow> {
  const [row] = await tx
    .update(apiKeys)
    .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, now())` })
    .where(eq(apiKeys.id, id))
    .returning()
  return row!
}

export async function insertKey(tx: Database, row: typeof apiKeys.$inferInsert): Promise<ApiKeyRow> {
  const [inserted] = await tx.insert(apiKeys).values(row).returning()
  return inserted!
}

/** Notes the use of a key, unless somebody has within the last `everySeconds`. */
export async function touchKey(db: Database, id: string, everySeconds: number): Promise<void> {
  const before = sql`now() - make_interval(secs => ${everySeconds})`
  await db
    .update(apiKeys)
    .set({ lastUsedAt: sql`now()` })
    .where(and(eq(apiKeys.id, id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, before))))
}
