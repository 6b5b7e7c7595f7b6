import type { Caller } from '../caller.ts'
import { WeirError } from '../errors.ts'
import { appendEvents } from '../events/store.ts'
import { newId, requireId } from '../ids.ts'
import type { Database } from '../platform/database/database.ts'
import { once } from '../platform/idempotency.ts'
import { parseName } from '../streams/input.ts'
import { isLastAdmin, parseExpiry, parseScopes, scopesBeyond } from './key-rules.ts'
import { makeKey, type NewKey } from './keys.ts'
import { requireScope } from './scopes.ts'
import * as store from './store.ts'
import type { CreateApiKeyInput } from './types.ts'

/** Of a project: keys that are not revoked, and all that are kept. */
export const maxOpenKeys = 1000
export const maxKeptKeys = 10_000

export interface ApiKeys {
  /**
   * Makes a key, with ADMIN; the operator in any project. The key itself is answered this once: the same call with the same idempotencyKey is CONFLICT,
   * since only a hash is kept. Throws BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, QUOTA_EXCEEDED.
   */
  createKey(caller: Caller, input: CreateApiKeyInput, idempotencyKey?: string | null): Promise<MadeKey>
  /** Revokes a key, with ADMIN; the operator in any project. One that is revoked stays as it is. Throws NOT_FOUND, INVALID_STATE. */
  revokeKey(caller: Caller, id: string): Promise<store.ApiKeyRow>
}

export interface MadeKey {
  row: store.ApiKeyRow
  key: string
}

export interface ApiKeysDeps {
  db: Database
  isOperator: (caller: Caller) => Promise<boolean>
  firstProjectId: () => Promise<string | null>
  /** Told of a key that was revoked, after the commit. */
  revoked: (id: string) => void
  eventsAppended: () => void
  now: () => number
}

export function createApiKeys({ db, isOperator, firstProjectId, revoked, eventsAppended, now }: ApiKeysDeps): ApiKeys {
  /** Another project's things are not there, but for the operator. */
  async function requireReach(caller: Caller, projectId: string, message: string): Promise<void> {
    if (projectId !== caller.projectId && !(await isOperator(caller))) throw new WeirError('NOT_FOUND', message)
  }

  return {
    async createKey(caller, input, idempotencyKey = null) {
      const own = requireScope(caller, 'ADMIN')
      const projectId = input.projectId == null ? own : requireId(input.projectId, 'Project', 'input.projectId')
      const name = parseName(input.name, 'input.name')
      const scopes = parseScopes(input.scopes, 'input.scopes')
      const expiresAt = parseExpiry(input.expiresAt ?? null, now(), 'input.expiresAt')
      await requireReach(caller, projectId, noProject)
      const beyond = scopesBeyond(caller.scopes, scopes)
      if (beyond.length > 0)
        throw new WeirError('FORBIDDEN', `A key gives no scope that it has not itself: ${beyond.join(', ')}.`)
      const made = await makeKey()
      const row = await db.transaction(async (tx) => {
        let isNew = false
        const asked = { projectId, name, scopes, expiresAt: expiresAt?.toISOString() ?? null }
        const call = { projectId: own, mutation: 'createApiKey', key: idempotencyKey, input: asked }
        const id = await once(tx, call, async () => {
          isNew = true
          if (!(await store.lockProject(tx, projectId))) throw new WeirError('NOT_FOUND', noProject)
          await requireRoom(tx, projectId)
          return (await insertKey(tx, { projectId, name, scopes, expiresAt, made, caller })).id
        })
        if (isNew) return (await store.findKey(tx, id))!
        const message = `This call has made the key ${id} already, and showed it then: only its hash is kept. Revoke it, and make another under a new idempotencyKey.`
        throw new WeirError('CONFLICT', message)
      })
      eventsAppended()
      return { row, key: made.key }
    },

    async revokeKey(caller, id) {
      requireScope(caller, 'ADMIN')
      requireId(id, 'ApiKey', 'id')
      const found = await store.findKey(db, id)
      if (!found) throw new WeirError('NOT_FOUND', noKey)
      const { projectId } = found
      await requireReach(caller, projectId, noKey)
      const isFirst = projectId === (await firstProjectId())
      const row = await db.transaction(async (tx) => {
        // One at a time in a project: two can't revoke each the other's last one.
        await store.lockProject(tx, projectId)
        const before = await store.findKey(tx, id)
        if (!before) throw new WeirError('NOT_FOUND', noKey)
        if (before.revokedAt) return before
        if (isFirst) {
          const others = (await store.listAdminKeys(tx, projectId)).filter((other) => other.id !== id)
          if (isLastAdmin(before, others, now())) throw new WeirError('INVALID_STATE', lastAdmin)
        }
        const { name, prefix } = before
        const { actor } = caller
        await appendEvents(tx, [{ type: 'key.revoked', projectId, subjectId: id, actor, data: { name, prefix } }])
        return store.revokeKey(tx, id)
      })
      eventsAppended()
      revoked(id)
      return row
    },
  }
}

const noProject = 'There is no such project.'
const noKey = 'There is no such key.'
const lastAdmin =
  'It is the last ADMIN key of the first project, without which nobody could make keys any more: make another that is good for as long (createApiKey), then revoke this one with it.'

/** The row of a new key and its event. `caller` null: the server itself. */
export async function insertKey(
  tx: Database,
  key: Pick<store.ApiKeyRow, 'projectId' | 'name' | 'scopes' | 'expiresAt'> & { made: NewKey; caller: Caller | null },
): Promise<store.ApiKeyRow> {
  const { made, caller, ...values } = key
  const { prefix, hash } = made
  const row = await store.insertKey(tx, { ...values, id: newId('ApiKey'), prefix, hash })
  const { projectId, name, scopes } = row
  const event = { type: 'key.created', projectId, subjectId: row.id, data: { name, prefix, scopes } } as const
  await appendEvents(tx, [caller ? { ...event, actor: caller.actor } : event])
  return row
}

/** With the project held. Throws QUOTA_EXCEEDED. */
async function requireRoom(tx: Database, projectId: string): Promise<void> {
  const { all, open } = await store.countKeys(tx, projectId)
  if (open >= maxOpenKeys) throw full(`A project has at most ${maxOpenKeys} keys; revoke some.`, open, maxOpenKeys)
  if (all >= maxKeptKeys)
    throw full(`At most ${maxKeptKeys} keys of a project are kept, revoked ones for 90 days.`, all, maxKeptKeys)
}

function full(message: string, there: number, available: number): WeirError {
  return new WeirError('QUOTA_EXCEEDED', message, { needed: there + 1, available })
}
