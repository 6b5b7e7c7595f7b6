import { type DocumentNode, type ExecutionResult, type GraphQLSchema, OperationTypeNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { GraphqlContext } from '../../schema/context.ts'
import { type AuditEntry, isAudited } from '../audit/model.ts'
import type { AuditTrail } from '../audit/trail.ts'
import type { Caller } from '../caller.ts'
import { type ErrorCode, errorTable } from '../errors.ts'
import { type RootField, rootFieldsOf } from './graphql-root-fields.ts'

export interface OperationAuditDeps {
  trail: Pick<AuditTrail, 'write'>
  schema: GraphQLSchema
  /** Who asked, where the operation has no caller: it was refused before, or has no good key. Never rejects. */
  whoIs: (context: object) => Promise<Caller>
  /** Whose the entries are of callers that may read no project. */
  fallbackProjectId: string
  newRequestId: () => string
}

/** What the plugin adds to the context of a mutation. */
interface AuditedContext extends Partial<GraphqlContext> {
  writeAudit?: (result: ExecutionResult) => Promise<void>
}

/**
 * Writes down every mutation that could be read, whatever came of it then. It is noted when it is parsed, and written when its answer is known: so no
 * limit, check or refusal in between can keep it out. What is no document, or names no field of the schema, is no mutation.
 */
export function useAudit(deps: OperationAuditDeps): Plugin {
  async function write(context: AuditedContext, fields: readonly RootField[], result: ExecutionResult): Promise<void> {
    const caller = context.caller ?? (await deps.whoIs(context))
    const common = {
      projectId: caller.session?.projectId ?? caller.projectId ?? deps.fallbackProjectId,
      actor: caller.actor,
      // Yoga's own context has the request; a socket has none for each operation.
      transport: 'request' in context ? 'HTTP' : 'WEBSOCKET',
      requestId: context.requestId ?? deps.newRequestId(),
    } as const
    const entries = outcomes(fields, result).map(({ key, name, code }): AuditEntry => {
      const note = context.mutationNotes?.get(key)
      return { ...common, mutation: name, result: code ?? note?.refusal ?? 'OK', subjectIds: note?.ids ?? [] }
    })
    await deps.trail.write(entries)
  }

  return {
    onParse:
      () =>
      ({ context, result, extendContext }) => {
        if (!isDocument(result)) return
        const { operation, fields } = rootFieldsOf(result, operationNameOf(context), deps.schema)
        const mutations = operation === OperationTypeNode.MUTATION ? fields.filter(({ name }) => isAudited(name)) : []
        if (mutations.length === 0) return
        const writeAudit: AuditedContext['writeAudit'] = (result) => write(context as AuditedContext, mutations, result)
        extendContext({ writeAudit } as never)
      },
    onExecutionResult: ({ context, result }) => audit(context as object, result),
  }
}

/** Told of an operation's answer before it leaves: over HTTP by the plugin, over WebSocket by the socket. Resolves when it is written; never rejects. */
export async function audit(context: object, result: unknown): Promise<void> {
  const { writeAudit } = context as AuditedContext
  if (!writeAudit) return
  delete (context as AuditedContext).writeAudit
  await writeAudit(result as ExecutionResult)
}

/**
 * What came of each field. Of what was executed: those that are in the answer (not the skipped ones), each with its own error; what failed beneath
 * a mutation did not undo it. Of what was refused as a whole: each mutation once, however often it was asked for.
 */
export function outcomes(
  fields: readonly RootField[],
  { data, errors = [] }: ExecutionResult,
): { key: string; name: string; code: ErrorCode | null }[] {
  if (data == null) {
    const code = codeOf(errors[0]) ?? 'INTERNAL'
    return [...new Map(fields.map((field) => [field.name, { ...field, code }])).values()]
  }
  const own = new Map(errors.filter(({ path }) => path?.length === 1).map((error) => [error.path![0], codeOf(error)]))
  const executed = fields.filter(({ key }) => Object.hasOwn(data, key))
  return [...new Map(executed.map((field) => [field.key, { ...field, code: own.get(field.key) ?? null }])).values()]
}

function codeOf(error: { extensions?: Record<string, unknown> } | undefined): ErrorCode | null {
  if (!error) return null
  const code = error.extensions?.code
  // Yoga refuses some things in words of its own, such as a mutation by GET.
  return typeof code === 'string' && Object.hasOwn(errorTable, code) ? (code as ErrorCode) : 'BAD_USER_INPUT'
}

function isDocument(result: unknown): result is DocumentNode {
  return typeof result === 'object' && result !== null && 'definitions' in result
}

function operationNameOf(context: object): string | null {
  const { params } = context as { params?: { operationName?: unknown } }
  return typeof params?.operationName === 'string' ? params.operationName : null
}
