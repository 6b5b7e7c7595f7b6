import type { Caller } from '../caller.ts'
import { badInput, WeirError } from '../errors.ts'
import { appendEvents } from '../events/store.ts'
import { newId, requireId } from '../ids.ts'
import type { Database } from '../platform/database/database.ts'
import { sha256 } from '../platform/hash.ts'
import { canonicalJson } from '../platform/idempotency.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { parseName } from '../streams/input.ts'
import { givenKey, isPossibleKey, makeKey, type NewKey } from './keys.ts'
import { changeQuotas } from './quotas.ts'
import { requireScope } from './scopes.ts'
import * as store from './store.ts'
import type { UpdateProjectInput } from './types.ts'

export interface ProjectService {
  /** The oldest project; made where there is none. */
  ensureDefaultProject(): Promise<store.ProjectRow>
  /** The caller's own project, with ADMIN. NOT_FOUND for another. What stays as it was is no change and no event. */
  update(caller: Caller, id: string, input: UpdateProjectInput): Promise<store.ProjectRow>
  /**
   * With a given key (ADMIN_KEY, at least 16 characters): it is an admin key from now on. Without: one is made where
   * there is none. Answers with the key only when it was made now; nobody can be told it again.
   */
  ensureFirstAdminKey(projectId: string, given: string | null): Promise<string | null>
  /** Whose key it is; null where it is unknown, revoked or expired. A revocation takes effect within 5 s. */
  authenticate(key: string): Promise<Caller | null>
}

/** And a second for which a socket of a gateway remembers whose key it has. */
const cacheMs = 4000
const maxCached = 1000
const touchEverySeconds = 60

interface CachedKey {
  row: Promise<store.ApiKeyRow | null>
  until: number
}

/** `now` in ms since the epoch. */
export function createProjectService(deps: {
  db: Database
  logger: Logger
  eventsAppended?: () => void
  now?: () => number
}): ProjectService {
  const { db, logger, eventsAppended = () => {}, now = Date.now } = deps
  const cache = new Map<string, CachedKey>()

  async function insertAdminKey(
    tx: Database,
    projectId: string,
    name: string,
    { prefix, hash }: NewKey,
  ): Promise<void> {
    const row = await store.insertKey(tx, { id: newId('ApiKey'), projectId, name, prefix, hash, scopes: ['ADMIN'] })
    await appendEvents(tx, [
      { type: 'key.created', projectId, subjectId: row.id, data: { name, prefix, scopes: row.scopes } },
    ])
  }

  function lookUp(hash: string): Promise<store.ApiKeyRow | null> {
    const known = cache.get(hash)
    if (known && known.until > now()) return known.row
    const row = load(hash)
    cache.delete(hash)
    cache.set(hash, { row, until: now() + cacheMs })
    if (cache.size > maxCached) cache.delete(cache.keys().next().value!)
    // Only keys that exist are worth a place: guesses would push them out.
    row.then(
      (found) => found ?? cache.delete(hash),
      () => cache.delete(hash),
    )
    return row
  }

  async function load(hash: string): Promise<store.ApiKeyRow | null> {
    const row = await store.findKeyByHash(db, hash)
    if (row && isUsable(row) && now() - (row.lastUsedAt?.getTime() ?? 0) > touchEverySeconds * 1000) {
      store.touchKey(db, row.id, touchEverySeconds).catch((error: unknown) => {
        logger.warn({ err: error, apiKeyId: row.id }, 'the use of a key could not be noted')
      })
    }
    return row
  }

  function isUsable(row: store.ApiKeyRow): boolean {
    return row.revokedAt === null && (row.expiresAt === null || row.expiresAt.getTime() > now())
  }

  return {
    async ensureDefaultProject() {
      const existing = await store.findFirstProject(db)
      if (existing) return existing
      return db.transaction(async (tx) => {
        await store.lockSetUp(tx)
        const madeMeanwhile = await store.findFirstProject(tx)
        if (madeMeanwhile) return madeMeanwhile
        const project = await store.insertProject(tx, { id: newId('Project'), name: 'default' })
        await appendEvents(tx, [
          { type: 'project.created', projectId: project.id, subjectId: project.id, data: { name: project.name } },
        ])
        return project
      })
    },

    async update(caller, id, input) {
      const projectId = requireScope(caller, 'ADMIN')
      requireId(id, 'Project', 'id')
      if (input.name === null) throw badInput('input.name', 'can not be reset: every project has a name')
      const newName = input.name === undefined ? null : parseName(input.name, 'input.name')
      // Looked at before anything is locked; what is there counts only for what is absent.
      changeQuotas({}, input.quotas, 'input.quotas')
      if (id !== projectId) throw new WeirError('NOT_FOUND', 'There is no such project.')
      const row = await db.transaction(async (tx) => {
        const before = await store.lockProject(tx, id)
        if (!before) throw new WeirError('NOT_FOUND', 'There is no such project.')
        const after = {
          name: newName ?? before.name,
          quotas: changeQuotas(before.quotas, input.quotas, 'input.quotas'),
        }
        const changed = [
          ...(after.name === before.name ? [] : ['name']),
          ...(canonicalJson(after.quotas) === canonicalJson(before.quotas) ? [] : ['quotas']),
        ]
        if (changed.length === 0) return before
        const { actor } = caller
        const data = { name: after.name, changed }
        await appendEvents(tx, [{ type: 'project.updated', projectId, subjectId: id, actor, data }])
        return store.updateProject(tx, id, after)
      })
      eventsAppended()
      return row
    },

    async ensureFirstAdminKey(projectId, given) {
      const key = given === null ? await makeKey() : await givenKey(given)
      return db.transaction(async (tx) => {
        await store.lockSetUp(tx)
        const exists = given === null ? await store.hasAdminKey(tx) : (await store.findKeyByHash(tx, key.hash)) !== null
        if (exists) return null
        await insertAdminKey(tx, projectId, given === null ? 'first admin key' : 'ADMIN_KEY', key)
        return given === null ? key.key : null
      })
    },

    async authenticate(key) {
      if (!isPossibleKey(key)) return null
      const row = await lookUp(await sha256(key))
      if (!row || !isUsable(row)) return null
      return {
        projectId: row.projectId,
        scopes: row.scopes,
        actor: { kind: 'API_KEY', apiKeyId: row.id, name: row.name },
      }
    },
  }
}
