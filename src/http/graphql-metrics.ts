import { type DocumentNode, GraphQLError, type GraphQLSchema } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { errorTable, WeirError } from '../errors.ts'
import type { ObserveRequest } from '../platform/metrics/api-metrics.ts'
import { endpointOf } from './graphql-endpoint.ts'

export interface GraphqlMetricsOptions {
  observe: ObserveRequest
  /** In ms, monotonic. */
  now?: () => number
  /** From an operation's context: the HTTP method, or `websocket`. */
  methodOf?: (context: object) => string
}

/**
 * Counts every operation once. Only hooks of envelop: those run over WebSocket too, where Yoga's own (onParams,
 * onResultProcess …) do not. What is refused before there is an operation (no JSON, no query) is not counted.
 */
export function useGraphqlMetrics({
  observe,
  now = () => performance.now(),
  methodOf = methodOfContext,
}: GraphqlMetricsOptions): Plugin {
  // By context, since that is one object from the parsing to the end; a document may be cached and shared.
  const started = new WeakMap<object, { at: number; endpoint: string }>()
  const finish = (context: object, errors: readonly unknown[] | undefined) => {
    const operation = started.get(context)
    if (!operation) return
    started.delete(context)
    observe({
      endpoint: operation.endpoint,
      method: methodOf(context),
      statusCode: errors?.length ? statusOf(errors[0]) : 200,
      seconds: (now() - operation.at) / 1000,
    })
  }
  const name = (context: object, document: DocumentNode, schema: GraphQLSchema, operationName?: string | null) => {
    const operation = started.get(context)
    if (operation) operation.endpoint = endpointOf(document, operationName, schema)
  }

  return {
    onPluginInit({ registerContextErrorHandler }) {
      registerContextErrorHandler(({ context, error }) => finish(context as object, [error]))
    },
    instrumentation: {
      // Not onParse: for a bad document that came before, Yoga's cache throws there, before any later plugin's turn.
      parse({ context }, wrapped) {
        started.set(context, { at: now(), endpoint: 'other' })
        try {
          wrapped()
        } catch (error) {
          finish(context, [error])
          throw error
        }
      },
    },
    onValidate({ context, params }) {
      name(context, params.documentAST, params.schema, operationNameOf(context))
      return ({ valid, result }) => {
        if (!valid) finish(context, result)
      }
    },
    onExecute({ context, args }) {
      name(context, args.document, args.schema, args.operationName)
      return {
        onExecuteDone: ({ result }) => finish(context, 'errors' in result ? result.errors : undefined),
      }
    },
    onSubscribe({ context, args }) {
      name(context, args.document, args.schema, args.operationName)
      return {
        onSubscribeResult: ({ result }) => finish(context, 'errors' in result ? result.errors : undefined),
      }
    },
  }
}

/** The status that the error table gives an error, masked already or not. */
export function statusOf(error: unknown): number {
  if (error instanceof WeirError) return error.status
  if (!(error instanceof GraphQLError)) return errorTable.INTERNAL.status
  const { code } = error.extensions
  if (typeof code === 'string' && Object.hasOwn(errorTable, code)) {
    return errorTable[code as keyof typeof errorTable].status
  }
  if (code === 'INTERNAL_SERVER_ERROR') return errorTable.INTERNAL.status
  // What graphql-js itself refuses (syntax, validation, variables) has no code and nothing beneath it.
  return error.originalError ? statusOf(error.originalError) : errorTable.BAD_USER_INPUT.status
}

/** Yoga's request may be of another implementation of fetch, so no instanceof. */
function methodOfContext(context: object): string {
  const request = member(context, 'request')
  return request === undefined ? 'websocket' : String(member(request, 'method'))
}

function operationNameOf(context: object): string | null {
  const name = member(member(context, 'params'), 'operationName')
  return typeof name === 'string' ? name : null
}

function member(thing: unknown, name: string): unknown {
  return typeof thing === 'object' && thing !== null ? (thing as Record<string, unknown>)[name] : undefined
}
