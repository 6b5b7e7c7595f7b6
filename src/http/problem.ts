import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { WeirError } from '../errors.ts'

/** How every route beside GraphQL tells an error: its code, a sentence, and what the caller may know beside them. */
export function problem(context: Context, error: WeirError): Response {
  const { retryAfterSeconds } = error.details
  if (retryAfterSeconds !== undefined) context.header('Retry-After', String(retryAfterSeconds))
  context.header('Cache-Control', 'no-store')
  return context.json(
    { code: error.code, message: error.message, ...error.details },
    error.status as ContentfulStatusCode,
  )
}
