import type { CloseReason } from './consumers/model.ts'

/** The one table of errors: every error that a caller can see has one of these codes. docs/errors.md is made from it. */
export const errorTable = {
  UNAUTHENTICATED: { status: 401, meaning: 'No key was sent, or it is unknown, expired or revoked.' },
  FORBIDDEN: {
    status: 403,
    meaning: 'The key is good but does not carry the scope that this needs, or pages of this origin may not ask.',
  },
  NOT_FOUND: { status: 404, meaning: 'There is nothing with this id, or it belongs to another project.' },
  BAD_USER_INPUT: { status: 400, meaning: 'The input is not acceptable; `fields` says which parts and why.' },
  CONFLICT: { status: 409, meaning: 'It contradicts something that exists already.' },
  INVALID_STATE: { status: 409, meaning: 'It can not be done to a thing in this state.' },
  QUOTA_EXCEEDED: {
    status: 403,
    meaning: "The project's quota is used up; the answer says what was needed and what there was.",
  },
  CAPACITY_EXCEEDED: {
    status: 503,
    meaning: 'No node has room for it; the answer says what was needed and what there was.',
  },
  RATE_LIMITED: { status: 429, meaning: 'Too many requests; `retryAfterSeconds` says when to come back.' },
  TOO_COMPLEX: { status: 400, meaning: 'The operation asks for more than one operation may.' },
  UNSUPPORTED_MEDIA: { status: 415, meaning: 'The media or its description can not be carried.' },
  SLOW_SUBSCRIBER: { status: 429, meaning: 'The subscriber did not read fast enough; resume from the cursor.' },
  TIMEOUT: { status: 504, meaning: 'It took longer than its deadline.' },
  LEASE_LOST: { status: 409, meaning: 'Another node owns this by now.' },
  UNAVAILABLE: { status: 503, meaning: 'Something that this needs does not answer; try again.' },
  INTERNAL: { status: 500, meaning: 'A fault of Weir itself; the log has the details under the same request id.' },
} as const satisfies Record<string, { status: number; meaning: string }>

export type ErrorCode = keyof typeof errorTable

/** One part of an input that was refused; `path` as the caller wrote it, e.g. `input.source.url.url`. */
export interface FieldError {
  path: string
  message: string
}

/** What an error may tell its caller beside code and message. */
export interface ErrorDetails {
  fields?: FieldError[]
  needed?: number
  available?: number
  retryAfterSeconds?: number
  /** Of the event log: where to go on. */
  cursor?: string
  /** Of a session that is closed: why, where that is known, and what was said. */
  closeReason?: CloseReason | null
  closeMessage?: string | null
}

/** An error that its caller may see as it is. Everything else is reported as INTERNAL and logged. */
export class WeirError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = 'WeirError'
    this.code = code
    this.details = details
  }

  /** The HTTP status that the table gives the code. */
  get status(): number {
    return errorTable[this.code].status
  }
}

/** BAD_USER_INPUT for one field. */
export function badInput(path: string, message: string): WeirError {
  return new WeirError('BAD_USER_INPUT', `${path}: ${message}`, { fields: [{ path, message }] })
}
