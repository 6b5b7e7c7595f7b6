import type { ErrorCode } from '../errors.ts'
import { WeirError } from '../errors.ts'
import { databaseAway } from '../platform/database/away.ts'

/**
 * How a route answers with an error: {code, message, fields?, needed?, available?, retryAfterSeconds?, requestId?} under
 * the status of the table. Not cached by anybody.
 */
export function errorAnswer(error: WeirError, requestId?: string): Response {
  const headers = new Headers({ 'cache-control': 'no-store' })
  const { retryAfterSeconds } = error.details
  if (retryAfterSeconds !== undefined) headers.set('retry-after', String(Math.ceil(retryAfterSeconds)))
  if (error.code === 'UNAUTHENTICATED') headers.set('www-authenticate', 'Bearer')
  const body = { code: error.code, message: error.message, ...error.details, ...(requestId ? { requestId } : {}) }
  return Response.json(body, { status: error.status, headers })
}

/** What a caller may see of whatever was thrown: a WeirError as it is, anything else as INTERNAL without its text. */
export function publicError(error: unknown): WeirError {
  if (error instanceof WeirError) return error
  const away = databaseAway(error)
  if (away) return away
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : null
  const code = typeof status === 'number' ? codeOfStatus(status) : 'INTERNAL'
  return code === 'INTERNAL'
    ? new WeirError(
        'INTERNAL',
        'Something went wrong here; the log says more under this request id.',
        {},
        { cause: error },
      )
    : new WeirError(code, (error as Error).message || 'The request was refused.', {}, { cause: error })
}

/** For errors of Hono's own middleware, which know a status alone. */
function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return 'UNAUTHENTICATED'
  if (status === 403) return 'FORBIDDEN'
  if (status === 404) return 'NOT_FOUND'
  if (status === 429) return 'RATE_LIMITED'
  return status >= 400 && status < 500 ? 'BAD_USER_INPUT' : 'INTERNAL'
}
