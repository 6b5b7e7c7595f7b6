import { WeirError } from '../errors.ts'
import { databaseAway } from './database/away.ts'

export interface LastKnownOptions {
  /** Answers kept; the one that was asked for least lately goes first. */
  limit?: number
  /** An answer has to have been true so shortly before the database went. */
  freshMs?: number
  /** ms, only ever forward. */
  monotonicMs?: () => number
}

/**
 * Reads, and while the database is away answers with what was known just before: nobody can have changed it since. What was
 * not asked shortly before the outage rejects as the reading did.
 */
export function lastKnown<Value>(
  read: (key: string) => Promise<Value>,
  { limit = 10_000, freshMs = 60_000, monotonicMs = () => performance.now() }: LastKnownOptions = {},
): (key: string) => Promise<Value> {
  const known = new Map<string, { value: Value; at: number }>()
  let awaySince: number | null = null
  return async (key) => {
    const asked = monotonicMs()
    try {
      const value = await read(key)
      awaySince = null
      known.delete(key)
      known.set(key, { value, at: asked })
      if (known.size > limit) known.delete(known.keys().next().value!)
      return value
    } catch (error) {
      const away = error instanceof WeirError ? error.code === 'UNAVAILABLE' : databaseAway(error) !== null
      if (!away) throw error
      awaySince ??= asked
      const last = known.get(key)
      if (!last || last.at < awaySince - freshMs) throw error
      return last.value
    }
  }
}
