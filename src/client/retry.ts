import type { Operation } from './document.ts'
import type { WeirError } from './errors.ts'

/** How often, and how long in all, a request is tried again. */
export interface RetryLimits {
  maxRetries: number
  /** A server that asks for more patience than that is told to the caller instead. */
  maxWaitMs: number
}

export const retryLimits: RetryLimits = { maxRetries: 3, maxWaitMs: 15_000 }

/**
 * Whether doing it twice is the same as doing it once: a query, or a mutation of one field with an idempotency key that is
 * given. What can't be read is not safe.
 */
export function isSafeToRepeat(operation: Operation | null, variables: Record<string, unknown>): boolean {
  if (operation?.kind === 'query') return true
  if (operation?.kind !== 'mutation' || operation.fields.length !== 1) return false
  const [open, close] = operation.fields[0]!.arguments ?? [0, 0]
  const { tokens } = operation
  for (let index = open; index < close; index++) {
    if (tokens[index]!.value !== 'idempotencyKey' || tokens[index + 1]!.value !== ':') continue
    const value = tokens[index + 2]!
    if (value.value === '$') return typeof variables[tokens[index + 3]!.value] === 'string'
    return value.kind === 'string'
  }
  return false
}

/** After how many ms to ask again, or null: not at all. `retries` were made before; `random` is from 0 to 1. */
export function retryDelayMs(
  error: WeirError,
  retries: number,
  safe: boolean,
  random: number,
  limits: RetryLimits = retryLimits,
): number | null {
  if (!safe || retries >= limits.maxRetries) return null
  if (error.code !== 'UNAVAILABLE' && error.code !== 'RATE_LIMITED') return null
  const asked = error.retryAfterSeconds
  // Those that were told the same must not come back at the same moment, nor before it.
  const delayMs = asked === null ? backOffMs(retries, random, limits.maxWaitMs) : asked * 1000 * (1 + random / 4)
  return (asked ?? 0) * 1000 > limits.maxWaitMs ? null : delayMs
}

/** Twice as long after each failure, spread by a quarter each way: 0.5 s, 1 s, 2 s … */
export function backOffMs(failures: number, random: number, maxMs: number): number {
  return Math.min(maxMs, 500 * 2 ** Math.min(failures, 20)) * (0.75 + random / 2)
}
