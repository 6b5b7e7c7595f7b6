import type { Caller } from '../caller.ts'
import { WeirError } from '../errors.ts'
import { hasScope, requireScope } from '../projects/scopes.ts'
import type { ConsumerRow } from './types.ts'

/** The project of a key that may open sessions; throws UNAUTHENTICATED or FORBIDDEN. */
export function requirePlayer(caller: Caller): string {
  return hasScope(caller, 'WRITE') ? caller.projectId! : requireScope(caller, 'PLAY')
}

/** Is it the session that the caller's token stands for? */
export function isOwn(caller: Caller, id: string): boolean {
  return caller.session?.consumerId === id
}

/** The project whose session the caller asks for: by its own token, or by a key (`scope` PLAY: WRITE does as well). */
export function projectOf(caller: Caller, id: string, scope: 'PLAY' | 'WRITE'): string {
  if (isOwn(caller, id)) return caller.session!.projectId
  // A token that stands for another session is as good as a key that is another project's.
  if (caller.session) throw noSuchSession()
  return scope === 'PLAY' ? requirePlayer(caller) : requireScope(caller, scope)
}

/** The session, where it is there and the project's. Throws NOT_FOUND. */
export function ofProject(row: ConsumerRow | null, projectId: string): ConsumerRow {
  if (row?.projectId !== projectId) throw noSuchSession()
  return row
}

export function noSuchSession(): WeirError {
  return new WeirError('NOT_FOUND', 'There is no such session.')
}

/** INVALID_STATE of a session that is closed, with why. */
export function sessionClosed({
  closeReason,
  closeMessage,
}: Pick<ConsumerRow, 'closeReason' | 'closeMessage'>): WeirError {
  const why = closeMessage ? `: ${closeMessage}` : '.'
  return new WeirError('INVALID_STATE', `The session is closed (${closeReason})${why}`, { closeReason, closeMessage })
}
