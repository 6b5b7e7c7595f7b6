import { GraphQLError } from 'graphql'
import { type ErrorCode, errorTable, WeirError } from '../errors.ts'
import { databaseAway } from '../platform/database/away.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { redact } from '../platform/redact.ts'

/** Errors that have their final form: they pass a second shaping unchanged. */
const shaped = new WeakSet<object>()

/**
 * The error as its caller may see it: one of the table's codes in extensions.code, what the error tells beside it, and
 * nothing of the inside. What is unknown becomes INTERNAL and is logged in full under the same request id.
 */
export function shapeError(error: unknown, requestId: string, log: Logger): GraphQLError {
  if (error instanceof GraphQLError && shaped.has(error)) return error
  const thrown = causeOf(error)
  const cause = databaseAway(thrown) ?? thrown
  if (cause instanceof WeirError) {
    const status = pathOf(error) ? {} : { http: { status: cause.status } }
    return finish(error, cause.message, { code: cause.code, ...cause.details, ...status })
  }
  if (cause instanceof GraphQLError) {
    if (isErrorCode(cause.extensions.code)) return finish(error, cause.message, cause.extensions)
    // GraphQL's own messages name the place and repeat what was sent there.
    const whole = error instanceof GraphQLError ? error.message : cause.message
    const message = redact(shortened(whole))
    if (!pathOf(error) || /^(Argument|Variable) /.test(message)) {
      const fields = [{ path: fieldOf(whole), message }]
      // What was no operation at all: 400, but 200 for those who accept application/json alone. Of what others have put beside it only their
      // status goes on: the rest may repeat what was sent.
      const own = pathOf(error) ? undefined : { status: errorTable.BAD_USER_INPUT.status, spec: true }
      const given = cause.extensions.http as object | undefined
      // Yoga tells by the cause beside it that a body was no JSON, which is 400 for everybody.
      const http = given && cause.extensions.originalError ? { ...given, spec: false } : (given ?? own)
      return finish(error, message, { ...(http ? { http } : {}), code: 'BAD_USER_INPUT', fields })
    }
  }
  log.error({ err: cause, requestId, path: pathOf(error)?.join('.') }, 'a GraphQL operation failed')
  const status = pathOf(error) ? {} : { http: { status: errorTable.INTERNAL.status } }
  return finish(error, 'Something went wrong inside.', { code: 'INTERNAL', requestId, ...status })
}

/** What was thrown, without the layers that GraphQL has wrapped around it. */
function causeOf(error: unknown): unknown {
  let cause = error
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError
  return cause
}

function pathOf(error: unknown): GraphQLError['path'] {
  return error instanceof GraphQLError ? error.path : undefined
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorTable, code)
}

const maxHeadLength = 400
const maxTailLength = 600

/** What was sent is repeated whole in the midst of GraphQL's own messages: the name before it and the reason after it stay. */
function shortened(message: string): string {
  if (message.length <= maxHeadLength + maxTailLength) return message
  return `${message.slice(0, maxHeadLength)} … ${message.slice(-maxTailLength)}`
}

/** The variable or argument that GraphQL's own message names, with the place inside it; `query` for the document. */
function fieldOf(message: string): string {
  const named = /^(?:Variable "\$|Argument ")(?:[A-Za-z_]+\.)?(\w+)/.exec(message)?.[1]
  if (!named) return 'query'
  const place = / at "?\w*((?:\.\w+|\[\d+\])+)"?[:;]/.exec(message)?.[1] ?? ''
  return named + place.replaceAll(/\[(\d+)\]/g, '.$1')
}

function finish(error: unknown, message: string, extensions: Record<string, unknown>): GraphQLError {
  const at =
    error instanceof GraphQLError
      ? { nodes: error.nodes, source: error.source, positions: error.positions, path: error.path }
      : {}
  const result = new GraphQLError(message, { ...at, extensions })
  shaped.add(result)
  return result
}
