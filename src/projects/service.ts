import { eq } from 'drizzle-orm'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import type { Database } from '../platform/database/database.ts'
import { apiKeys, projects } from '../platform/database/tables.ts'

async function hashKey(key: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function createProjectService(db: Database) {
  return {
    async ensureDefaultProject() {
      const [found] = await db.select().from(projects).limit(1)
      if (found) return { project: found, made: false }
      const [made] = await db
        .insert(projects)
        .values({ id: newId('Project'), name: 'default' })
        .returning()
      return { project: made!, made: true }
    },
    async ensureFirstAdminKey(projectId: string, given: string | null): Promise<string | null> {
      const [any] = await db.select().from(apiKeys).limit(1)
      if (!given && any) return null
      const key = given ?? `weir_${crypto.randomUUID().replaceAll('-', '')}`
      await db
        .insert(apiKeys)
        .values({
          id: newId('ApiKey'),
          projectId,
          name: 'admin',
          prefix: key.slice(0, 9),
          hash: await hashKey(key),
          scopes: ['ADMIN'],
        })
        .onConflictDoNothing()
      return given ? null : key
    },
    async authenticate(key: string): Promise<Caller | null> {
      const [row] = await db
        .select()
        .from(apiKeys)
        .where(eq(apiKeys.hash, await hashKey(key)))
      if (!row || row.revokedAt) return null
      return {
        projectId: row.projectId,
        scopes: row.scopes,
        actor: { kind: 'API_KEY', apiKeyId: row.id, name: row.name },
      }
    },
  }
}
