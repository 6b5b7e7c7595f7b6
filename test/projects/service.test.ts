import { eq } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { apiKeys, events, projects } from '../../src/platform/database/tables.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { givenKey } from '../../src/projects/keys.ts'
import { createProjectService } from '../../src/projects/service.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { until } from '../support/until.ts'

const start = Date.UTC(2026, 0, 1)

describeOnBothDatabases('projects and keys', (database) => {
  let now = start
  const service = () => createProjectService({ db: database().db, logger: silentLogger, now: () => now })

  beforeEach(async () => {
    now = start
    await database().db.delete(events)
    await database().db.delete(apiKeys)
    await database().db.delete(projects)
  })

  async function firstKey(): Promise<{ projectId: string; key: string }> {
    const { id } = await service().ensureDefaultProject()
    return { projectId: id, key: (await service().ensureFirstAdminKey(id, null))! }
  }

  test('ten starts at once make one project and one key, and one of them is told it', async () => {
    const { db } = database()
    const keys = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const project = await service().ensureDefaultProject()
        return service().ensureFirstAdminKey(project.id, null)
      }),
    )
    expect(keys.filter((key) => key !== null)).toHaveLength(1)
    expect(await db.$count(projects)).toBe(1)
    expect(await db.$count(apiKeys)).toBe(1)
    const types = (await db.select({ type: events.type }).from(events)).map((event) => event.type)
    expect(types.sort()).toEqual(['key.created', 'project.created'])
  })

  test('a key is nowhere in the database', async () => {
    const { key } = await firstKey()
    const rows = JSON.stringify([await database().db.select().from(apiKeys), await database().db.select().from(events)])
    expect(rows).not.toContain(key.slice(-32))
  })

  test('the key that was made authenticates its project with the scope ADMIN; others do not', async () => {
    const { projectId, key } = await firstKey()
    const caller = await service().authenticate(key)
    expect(caller).toMatchObject({ projectId, scopes: ['ADMIN'], actor: { kind: 'API_KEY', name: 'first admin key' } })
    expect(await service().authenticate(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`)).toBeNull()
    expect(await service().authenticate('')).toBeNull()
  })

  test('a given ADMIN_KEY is made once, works, and is never answered; a short one is refused', async () => {
    const { id } = await service().ensureDefaultProject()
    for (let i = 0; i < 2; i++) expect(await service().ensureFirstAdminKey(id, 'correct-horse-battery')).toBeNull()
    expect(await database().db.$count(apiKeys)).toBe(1)
    expect(await service().authenticate('correct-horse-battery')).toMatchObject({ projectId: id })
    expect(await service().ensureFirstAdminKey(id, null)).toBeNull()
    await expect(service().ensureFirstAdminKey(id, 'short')).rejects.toThrow(RangeError)
  })

  test('a second look within 4 s asks the database nothing; a revocation takes effect after them', async () => {
    const { key } = await firstKey()
    const authenticate = service().authenticate
    await authenticate(key)
    await database()
      .db.update(apiKeys)
      .set({ revokedAt: new Date(now) })
    now += 3999
    const cached = await database().countStatements(() => authenticate(key))
    expect(cached).toMatchObject({ result: { scopes: ['ADMIN'] }, statements: [] })
    now += 2
    expect(await authenticate(key)).toBeNull()
  })

  test('a key that expires does so at once, cached or not', async () => {
    const { key } = await firstKey()
    await database()
      .db.update(apiKeys)
      .set({ expiresAt: new Date(start + 1000) })
    const authenticate = service().authenticate
    expect(await authenticate(key)).not.toBeNull()
    now += 1000
    expect(await authenticate(key)).toBeNull()
  })

  test('a hundred simultaneous uses of one key are one look-up', async () => {
    const { key } = await firstKey()
    await database()
      .db.update(apiKeys)
      .set({ lastUsedAt: new Date(now) })
    const authenticate = service().authenticate
    const { statements } = await database().countStatements(() =>
      Promise.all(Array.from({ length: 100 }, () => authenticate(key))),
    )
    expect(statements).toHaveLength(1)
  })

  test('the last use is noted, at most once a minute', async () => {
    const { db } = database()
    const { key } = await firstKey()
    const { hash } = await givenKey(key)
    now = Date.now()
    const authenticate = service().authenticate
    const lastUse = async () => (await db.select().from(apiKeys).where(eq(apiKeys.hash, hash)))[0]!.lastUsedAt
    await authenticate(key)
    const first = await until('the use was noted', lastUse)
    now += 30_000
    const { statements } = await database().countStatements(() => authenticate(key))
    expect(statements).toHaveLength(1)
    expect(await lastUse()).toEqual(first)
  })
})
