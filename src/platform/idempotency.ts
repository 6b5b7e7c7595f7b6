import { and, eq, sql } from 'drizzle-orm'
import { badInput, WeirError } from '../errors.ts'
import type { Database } from './database/database.ts'
import { idempotencyKeys } from './database/tables.ts'

const maxKeyLength = 255

export interface OnceRequest {
  projectId: string
  mutation: string
  /** Null: not asked for. */
  key: string | null
  /** Plain data; its order of members does not matter. */
  input: unknown
}

/**
 * Makes a thing once for each key within 24 h: the same call again answers with the same id, another input under the same
 * key is CONFLICT. Belongs into the transaction that makes the thing: both are kept or neither.
 */
export async function once(tx: Database, request: OnceRequest, make: () => Promise<string>): Promise<string> {
  const { projectId, mutation, key, input } = request
  if (key === null) return make()
  if (key.length === 0 || key.length > maxKeyLength) {
    throw badInput('idempotencyKey', `has to have 1 to ${maxKeyLength} characters`)
  }
  const row = and(
    eq(idempotencyKeys.projectId, projectId),
    eq(idempotencyKeys.mutation, mutation),
    eq(idempotencyKeys.key, key),
  )
  const inputHash = await hashOf(input)
  await tx.delete(idempotencyKeys).where(and(row, sql`${idempotencyKeys.createdAt} < now() - interval '24 hours'`))
  // Waits for another transaction that is making the same thing.
  const claimed = await tx
    .insert(idempotencyKeys)
    .values({ projectId, mutation, key, inputHash, resultId: '' })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key })
  if (claimed.length === 1) {
    const resultId = await make()
    await tx.update(idempotencyKeys).set({ resultId }).where(row)
    return resultId
  }
  const [found] = await tx.select().from(idempotencyKeys).where(row)
  if (!found)
    throw new WeirError('UNAVAILABLE', 'The same call is being made elsewhere; try again.', { retryAfterSeconds: 1 })
  if (found.inputHash !== inputHash) {
    throw new WeirError('CONFLICT', 'The idempotencyKey was used before with another input.')
  }
  return found.resultId
}

async function hashOf(input: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(sorted(input)))
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]))
}
