import { and, eq, lt, sql } from 'drizzle-orm'
import { badInput, WeirError } from '../errors.ts'
import type { Database } from './database/database.ts'
import { idempotencyKeys } from './database/tables.ts'
import { sha256 } from './hash.ts'

const maxKeyLength = 200

/**
 * Runs `make`, which answers with the id of what it made, once a key: the same key with the same input again answers with
 * the same id and makes nothing; with another input it throws CONFLICT. Key null always makes. Keys are remembered 24 h.
 *
 * `tx` is the transaction that `make` writes in. The key goes in first, so a second transaction with it waits there
 * until this one has ended.
 */
export async function once(
  tx: Database,
  call: { projectId: string; mutation: string; key: string | null; input: unknown },
  make: () => Promise<string>,
): Promise<string> {
  const { projectId, mutation, key } = call
  if (key === null) return make()
  if (key.length < 1 || key.length > maxKeyLength) {
    throw badInput('idempotencyKey', `has ${key.length} characters; 1 to ${maxKeyLength} are possible`)
  }
  const inputHash = await sha256(canonicalJson(call.input))
  const keyHash = await sha256(key)
  const row = rowOf(projectId, mutation, keyHash)
  const inserted = await tx
    .insert(idempotencyKeys)
    .values({ projectId, mutation, key: keyHash, inputHash, resultId: '' })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key })
  if (inserted.length === 1) {
    const id = await make()
    await tx.update(idempotencyKeys).set({ resultId: id }).where(row)
    return id
  }
  const [earlier] = await tx.select().from(idempotencyKeys).where(row)
  // Only housekeeping deletes keys, after 24 h: it did so between our two statements.
  if (!earlier) throw new WeirError('CONFLICT', 'This idempotency key has just expired; use a new one.')
  if (earlier.inputHash !== inputHash) {
    throw new WeirError('CONFLICT', `This idempotency key was used for another ${mutation}; use a new one.`)
  }
  return earlier.resultId
}

/** What came of this key is forgotten: the same call may be tried again. */
export async function forgetCall(
  db: Database,
  { projectId, mutation, key }: { projectId: string; mutation: string; key: string },
): Promise<void> {
  await db.delete(idempotencyKeys).where(rowOf(projectId, mutation, await sha256(key)))
}

/** Keys are kept as hashes: a caller may make its own of anything. */
function rowOf(projectId: string, mutation: string, keyHash: string) {
  return and(
    eq(idempotencyKeys.projectId, projectId),
    eq(idempotencyKeys.mutation, mutation),
    eq(idempotencyKeys.key, keyHash),
  )
}

/** JSON with the members of every object in the order of their names: equal for equal values. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value ?? null, (_name, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  )
}

const keptMs = 86_400_000
const deletedAtOnce = 500

/** Deletes up to 500 keys that are older than 24 h; answers with their number. */
export async function deleteOldIdempotencyKeys(db: Database, now: Date): Promise<number> {
  const old = db
    .select({ projectId: idempotencyKeys.projectId, mutation: idempotencyKeys.mutation, key: idempotencyKeys.key })
    .from(idempotencyKeys)
    .where(lt(idempotencyKeys.createdAt, new Date(now.getTime() - keptMs)))
    .limit(deletedAtOnce)
  const deleted = await db
    .delete(idempotencyKeys)
    .where(sql`(${idempotencyKeys.projectId}, ${idempotencyKeys.mutation}, ${idempotencyKeys.key}) in (${old})`)
    .returning({ key: idempotencyKeys.key })
  return deleted.length
}
