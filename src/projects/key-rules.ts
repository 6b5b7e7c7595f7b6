import { badInput } from '../errors.ts'
import type { Scope } from '../platform/database/tables.ts'

/** What the rules ask of a key. */
export interface KeyTimes {
  scopes: readonly Scope[]
  expiresAt: Date | null
  revokedAt: Date | null
}

/** `now` in ms since the epoch, here and below. */
export function isUsable({ revokedAt, expiresAt }: Omit<KeyTimes, 'scopes'>, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt.getTime() > now)
}

/** Whether nobody could make keys any more once this one is gone: no other ADMIN key is good for as long as it is. */
export function isLastAdmin(key: KeyTimes, others: readonly KeyTimes[], now: number): boolean {
  const isAdmin = (each: KeyTimes) => each.scopes.includes('ADMIN') && isUsable(each, now)
  const end = ({ expiresAt }: KeyTimes) => expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
  return isAdmin(key) && !others.some((other) => isAdmin(other) && end(other) >= end(key))
}

/** Which of these a maker with `own` may not give. ADMIN has all. */
export function scopesBeyond(own: readonly Scope[], wanted: readonly Scope[]): Scope[] {
  return own.includes('ADMIN') ? [] : wanted.filter((scope) => !own.includes(scope))
}

/** Each once, one at least. Throws BAD_USER_INPUT. */
export function parseScopes(scopes: readonly Scope[], path: string): Scope[] {
  if (scopes.length === 0) throw badInput(path, 'a key without a scope opens nothing')
  return [...new Set(scopes)]
}

/** Throws BAD_USER_INPUT where it is over already. */
export function parseExpiry(expiresAt: Date | null, now: number, path: string): Date | null {
  if (expiresAt !== null && expiresAt.getTime() <= now) throw badInput(path, 'has to be in the future')
  return expiresAt
}
