/** The codes of docs/errors.md. A server that is newer than this client may know more. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'INVALID_STATE'
  | 'QUOTA_EXCEEDED'
  | 'CAPACITY_EXCEEDED'
  | 'RATE_LIMITED'
  | 'TOO_COMPLEX'
  | 'UNSUPPORTED_MEDIA'
  | 'SLOW_SUBSCRIBER'
  | 'TIMEOUT'
  | 'LEASE_LOST'
  | 'UNAVAILABLE'
  | 'INTERNAL'

/** One part of an input that was refused; `path` as it was written, e.g. `input.source.url.url`. */
export interface FieldError {
  path: string
  message: string
}

/** What an error tells beside code and message: an answer's `extensions`, or the JSON of another route. */
export interface ErrorDetails {
  fields?: readonly FieldError[]
  retryAfterSeconds?: number
  requestId?: string
  needed?: number
  available?: number
  cursor?: string
  /** Of a session that was closed. */
  closeReason?: string
  closeMessage?: string
}

/** An error of the API, by its code. A server that does not answer is UNAVAILABLE. */
export class WeirError extends Error {
  readonly code: ErrorCode
  /** Which parts of the input were refused. */
  readonly fields: readonly FieldError[]
  /** When to try again; null where the server did not say. */
  readonly retryAfterSeconds: number | null
  /** Under which the server's log has it; null where it has not. */
  readonly requestId: string | null
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = 'WeirError'
    this.code = code
    this.fields = details.fields ?? []
    this.retryAfterSeconds = details.retryAfterSeconds ?? null
    this.requestId = details.requestId ?? null
    this.details = details
  }
}

/** An error as GraphQL's answers carry it. */
export interface GraphqlError {
  message: string
  path?: readonly (string | number)[]
  extensions?: ErrorDetails & { code?: string }
}

export function errorOf(error: GraphqlError | undefined): WeirError {
  if (!error) return new WeirError('INTERNAL', 'The server gave no answer that makes sense.')
  const { code = 'INTERNAL', ...details } = error.extensions ?? {}
  return new WeirError(code as ErrorCode, error.message, details)
}

/** The server was not reached, or broke off. */
export function unavailable(cause?: unknown, message = 'The server does not answer.'): WeirError {
  return new WeirError('UNAVAILABLE', message, {}, { cause })
}

export function isRefusal({ code }: WeirError): boolean {
  return code === 'UNAUTHENTICATED' || code === 'FORBIDDEN'
}
