import type { Caller } from '../caller.ts'
import type { Database } from '../platform/database/database.ts'
import { sha256 } from '../platform/hash.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { isUsable } from './key-rules.ts'
import { isPossibleKey } from './keys.ts'
import * as store from './store.ts'

/** Whose key is whose, looked up and remembered for a while. */
export interface KeyBook {
  /** Whose key it is; null where it is unknown, revoked or expired. */
  authenticate(key: string): Promise<Caller | null>
  /** Forgets what was looked up: a key was revoked. What is being looked up right now is not kept either. */
  forget(): void
}

/** Where no message says that a key was revoked, the look at the database does within 2 s; without both it is this, and a second of a gateway's socket. */
const cacheMs = 4000
const maxCached = 1000
const touchEverySeconds = 60

interface CachedKey {
  row: Promise<store.ApiKeyRow | null>
  until: number
}

/** `now` in ms since the epoch. */
export function createKeyBook({ db, logger, now }: { db: Database; logger: Logger; now: () => number }): KeyBook {
  const cache = new Map<string, CachedKey>()

  function lookUp(hash: string): Promise<store.ApiKeyRow | null> {
    const known = cache.get(hash)
    if (known && known.until > now()) return known.row
    const row = load(hash)
    const entry = { row, until: now() + cacheMs }
    cache.delete(hash)
    cache.set(hash, entry)
    if (cache.size > maxCached) cache.delete(cache.keys().next().value!)
    // Only keys that exist are worth a place: guesses would push them out.
    const drop = () => cache.get(hash) === entry && cache.delete(hash)
    row.then((found) => found ?? drop(), drop)
    return row
  }

  async function load(hash: string): Promise<store.ApiKeyRow | null> {
    const row = await store.findKeyByHash(db, hash)
    if (row && isUsable(row, now()) && now() - (row.lastUsedAt?.getTime() ?? 0) > touchEverySeconds * 1000) {
      store.touchKey(db, row.id, touchEverySeconds).catch((error: unknown) => {
        logger.warn({ err: error, apiKeyId: row.id }, 'the use of a key could not be noted')
      })
    }
    return row
  }

  return {
    async authenticate(key) {
      if (!isPossibleKey(key)) return null
      const row = await lookUp(await sha256(key))
      if (!row || !isUsable(row, now())) return null
      return {
        projectId: row.projectId,
        scopes: row.scopes,
        actor: { kind: 'API_KEY', apiKeyId: row.id, name: row.name },
        ...(row.expiresAt ? { goodUntil: row.expiresAt.getTime() } : {}),
      }
    },
    forget: () => cache.clear(),
  }
}
