import type { Caller } from '../caller.ts'
import { WeirError } from '../errors.ts'
import type { Scope } from '../platform/database/tables.ts'

/** WRITE includes READ; ADMIN may do everything within its project. */
export function hasScope(caller: Caller, scope: Scope): boolean {
  const { projectId, scopes } = caller
  if (projectId === null) return false
  return scopes.includes(scope) || scopes.includes('ADMIN') || (scope === 'READ' && scopes.includes('WRITE'))
}

/** The caller's project, when its key carries the scope; else UNAUTHENTICATED without a key, FORBIDDEN with one. */
export function requireScope(caller: Caller, scope: Scope): string {
  return requireAnyScope(caller, [scope])
}

/** The same where one of several will do. */
export function requireAnyScope(caller: Caller, wanted: readonly Scope[]): string {
  if (wanted.some((scope) => hasScope(caller, scope))) return caller.projectId!
  if (caller.actor.kind === 'ANONYMOUS') {
    throw new WeirError('UNAUTHENTICATED', 'This needs a key: send it as "Authorization: Bearer <key>".')
  }
  throw new WeirError('FORBIDDEN', `This needs a key with the scope ${wanted.join(' or ')}.`)
}
