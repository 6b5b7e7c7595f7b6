import type { Caller } from '../caller.ts'
import { badInput, WeirError } from '../errors.ts'
import { appendEvents } from '../events/store.ts'
import { newId, requireId } from '../ids.ts'
import type { Database } from '../platform/database/database.ts'
import { canonicalJson, once } from '../platform/idempotency.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { parseName } from '../streams/input.ts'
import { type ApiKeys, createApiKeys, insertKey } from './api-keys.ts'
import { createKeyBook, type KeyBook } from './key-book.ts'
import { isUsable } from './key-rules.ts'
import { givenKey, makeKey } from './keys.ts'
import { changeQuotas } from './quotas.ts'
import { hasScope, requireScope } from './scopes.ts'
import { changeSourcePolicy } from './source-policy.ts'
import * as store from './store.ts'
import type { CreateProjectInput, UpdateProjectInput } from './types.ts'

export const maxProjects = 1000

export interface ProjectService extends ApiKeys, KeyBook {
  /** The oldest project; made where there is none. */
  ensureDefaultProject(): Promise<store.ProjectRow>
  /** Whether it is the operator: with ADMIN in the oldest project, who makes projects and their keys. */
  isOperator(caller: Caller): Promise<boolean>
  /** For the operator. Throws FORBIDDEN, BAD_USER_INPUT, QUOTA_EXCEEDED, CONFLICT. */
  create(caller: Caller, input: CreateProjectInput, idempotencyKey?: string | null): Promise<store.ProjectRow>
  /**
   * The caller's own project, with ADMIN, or any for the operator. NOT_FOUND for another. What stays as it was is no change and no event.
   */
  update(caller: Caller, id: string, input: UpdateProjectInput): Promise<store.ProjectRow>
  /**
   * With a given key (ADMIN_KEY, at least 16 characters): it is an admin key from now on, unless it was revoked, which is logged. Without: one is made
   * where the first project has none that is good. Answers with the key only when it was made now; nobody can be told it again.
   */
  ensureFirstAdminKey(projectId: string, given: string | null): Promise<string | null>
}

export interface ProjectServiceDeps {
  db: Database
  logger: Logger
  /** Told of a key that was revoked, and of a project that was made or changed, by its id, after the commit. */
  changed?: (id: string) => void
  eventsAppended?: () => void
  /** ms since the epoch. */
  now?: () => number
}

export function createProjectService(deps: ProjectServiceDeps): ProjectService {
  const { db, logger, eventsAppended = () => {}, changed = () => {}, now = Date.now } = deps
  const book = createKeyBook({ db, logger, now })
  let firstId: string | null = null

  /** Projects are never deleted: once known, it stays. */
  async function firstProjectId(): Promise<string | null> {
    firstId ??= (await store.findFirstProject(db))?.id ?? null
    return firstId
  }

  async function isOperator(caller: Caller): Promise<boolean> {
    return hasScope(caller, 'ADMIN') && caller.projectId === (await firstProjectId())
  }

  const keys = createApiKeys({
    db,
    isOperator,
    firstProjectId,
    revoked(id) {
      book.forget()
      changed(id)
    },
    eventsAppended,
    now,
  })

  /** Only the first is public by itself: with several, those that say so. */
  async function insertProject(tx: Database, name: string, caller: Caller | null): Promise<store.ProjectRow> {
    const project = await store.insertProject(tx, { id: newId('Project'), name, publicHealth: caller === null })
    const { id } = project
    const event = { type: 'project.created', projectId: id, subjectId: id, data: { name } } as const
    await appendEvents(tx, [caller ? { ...event, actor: caller.actor } : event])
    return project
  }

  return {
    ...book,
    ...keys,
    isOperator,

    async ensureDefaultProject() {
      const existing = await store.findFirstProject(db)
      if (existing) return existing
      return db.transaction(async (tx) => {
        await store.lockSetUp(tx)
        return (await store.findFirstProject(tx)) ?? insertProject(tx, 'default', null)
      })
    },

    async create(caller, input, idempotencyKey = null) {
      const projectId = requireScope(caller, 'ADMIN')
      const name = parseName(input.name, 'input.name')
      if (!(await isOperator(caller)))
        throw new WeirError('FORBIDDEN', 'Projects are made by the operator: an ADMIN key of the first project.')
      const row = await db.transaction(async (tx) => {
        const call = { projectId, mutation: 'createProject', key: idempotencyKey, input: { name } }
        const id = await once(tx, call, async () => {
          await store.lockSetUp(tx)
          const there = await store.countProjects(tx)
          if (there >= maxProjects) {
            const details = { needed: there + 1, available: maxProjects }
            throw new WeirError('QUOTA_EXCEEDED', `There are at most ${maxProjects} projects.`, details)
          }
          return (await insertProject(tx, name, caller)).id
        })
        return (await store.findProject(tx, id))!
      })
      eventsAppended()
      changed(row.id)
      return row
    },

    async update(caller, id, input) {
      const own = requireScope(caller, 'ADMIN')
      requireId(id, 'Project', 'id')
      if (input.name === null) throw badInput('input.name', 'can not be reset: every project has a name')
      const newName = input.name === undefined ? null : parseName(input.name, 'input.name')
      // Looked at before anything is locked; what is there counts only for what is absent.
      changeQuotas({}, input.quotas, 'input.quotas')
      changeSourcePolicy({}, input.sourcePolicy, 'input.sourcePolicy')
      if (id !== own && !(await isOperator(caller))) throw new WeirError('NOT_FOUND', 'There is no such project.')
      const isFirst = id === (await firstProjectId())
      const row = await db.transaction(async (tx) => {
        const before = await store.lockProject(tx, id)
        if (!before) throw new WeirError('NOT_FOUND', 'There is no such project.')
        const after = {
          name: newName ?? before.name,
          publicHealth: input.publicHealth === undefined ? before.publicHealth : (input.publicHealth ?? isFirst),
          quotas: changeQuotas(before.quotas, input.quotas, 'input.quotas'),
          sourcePolicy: changeSourcePolicy(before.sourcePolicy, input.sourcePolicy, 'input.sourcePolicy'),
        }
        const names = (['name', 'publicHealth', 'quotas', 'sourcePolicy'] as const).filter(
          (name) => canonicalJson(after[name]) !== canonicalJson(before[name]),
        )
        if (names.length === 0) return before
        const data = { name: after.name, changed: names }
        await appendEvents(tx, [{ type: 'project.updated', projectId: id, subjectId: id, actor: caller.actor, data }])
        return store.updateProject(tx, id, after)
      })
      eventsAppended()
      changed(id)
      return row
    },

    async ensureFirstAdminKey(projectId, given) {
      const made = given === null ? await makeKey() : await givenKey(given)
      const there = await db.transaction(async (tx) => {
        await store.lockSetUp(tx)
        const known =
          given === null
            ? (await store.listAdminKeys(tx, projectId)).find((key) => isUsable(key, now()))
            : await store.findKeyByHash(tx, made.hash)
        if (known) return known
        const name = given === null ? 'first admin key' : 'ADMIN_KEY'
        await insertKey(tx, { projectId, name, scopes: ['ADMIN'], expiresAt: null, made, caller: null })
        return null
      })
      if (given !== null && there) tellOfGiven(there, projectId)
      return given === null && !there ? made.key : null
    },
  }

  /** A key that is there already stays what it is, whatever ADMIN_KEY says; who set it has to hear of that. */
  function tellOfGiven(key: store.ApiKeyRow, projectId: string): void {
    const { id: apiKeyId, revokedAt, expiresAt, scopes } = key
    const otherwise = 'Set ADMIN_KEY to another key, which is then made, or take it away.'
    if (!isUsable(key, now()))
      logger.warn(
        { apiKeyId, revokedAt, expiresAt },
        `ADMIN_KEY is a key that was revoked or has expired: it stays so, and opens nothing. ${otherwise}`,
      )
    else if (key.projectId !== projectId || !scopes.includes('ADMIN'))
      logger.warn({ apiKeyId }, `ADMIN_KEY is a key of another project or without ADMIN, and stays so. ${otherwise}`)
  }
}
