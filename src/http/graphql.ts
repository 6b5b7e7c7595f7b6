import type { ExecutionArgs } from 'graphql'
import {
  createYoga,
  type GraphiQLOptions,
  handleStreamOrSingleExecutionResult,
  type Plugin,
  type YogaInitialContext,
  type YogaServerInstance,
} from 'graphql-yoga'
import type { GraphqlContext } from '../../schema/context.ts'
import { schema } from '../../schema/index.ts'
import type { AuditTrail } from '../audit/trail.ts'
import type { Caller } from '../caller.ts'
import { WeirError } from '../errors.ts'
import type { Rates } from '../limits/rates.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { ObserveRequest } from '../platform/metrics/api-metrics.ts'
import { type AdmitDeps, admit, type Credentials, identify, keyFrom } from './graphql-admit.ts'
import { useAudit } from './graphql-audit.ts'
import { costOf, maxCost } from './graphql-cost.ts'
import { useDeadline } from './graphql-deadline.ts'
import { useDocuments } from './graphql-documents.ts'
import { shapeError } from './graphql-errors.ts'
import { useGraphqlMetrics } from './graphql-metrics.ts'
import { type EnteredContext, enter, useRates } from './graphql-rates.ts'
import { useSharedExecution } from './graphql-shared.ts'
import { refusalOfSimple } from './graphql-simple-requests.ts'

export const graphqlPath = '/graphql'
export const maxBodyBytes = 1_000_000
const defaultExecutionMs = 30_000

/** What GraphiQL shows at first: the health that needs no key. */
const firstQuery = `{
  streams(first: 10) {
    totalCount
    nodes {
      id
      name
      state
      uptimeSeconds
      process {
        cpuPercent
        memoryBytes
      }
    }
  }
}
`

/** What the server knows of a request beside the request itself. */
export interface GraphqlServerContext extends EnteredContext {
  /** The client's address. */
  address?: string | null
  requestId?: string
  /** Given by the WebSocket, which has no request for each operation. */
  credentials?: Credentials
}

export interface GraphqlDeps extends AdmitDeps {
  /** Where there is none, nothing is counted. */
  rates?: Rates
  log: Logger
  newRequestId: () => string
  /** Where mutations are written down; of callers that may read no project, with this one. */
  audit: { trail: Pick<AuditTrail, 'write'>; fallbackProjectId: string }
  /** Misspelt names are told with those that there are; what is not said below is as this. */
  development: boolean
  /** GraphiQL at the endpoint. */
  graphiql?: boolean
  /** The schema can be asked for. */
  introspection?: boolean
  /** How long an operation may take, or a subscription to begin; 30 s where it is not said. */
  executionMs?: number
  /** Makes GraphiQL's page. Without it the page loads its script from a CDN. */
  renderGraphiql?: (options?: GraphiQLOptions) => string | Promise<string>
  /** Told of every operation, for the metrics. */
  observe?: ObserveRequest
}

export type GraphqlServer = YogaServerInstance<GraphqlServerContext, GraphqlContext>

/** The API over HTTP and SSE: hand requests to its `fetch`. */
export function createGraphql(deps: GraphqlDeps): GraphqlServer {
  return createYoga<GraphqlServerContext, GraphqlContext>({
    schema,
    graphqlEndpoint: graphqlPath,
    landingPage: false,
    graphiql: (deps.graphiql ?? deps.development) && {
      title: 'Weir',
      subscriptionsProtocol: 'SSE',
      defaultQuery: firstQuery,
    },
    ...(deps.renderGraphiql ? { renderGraphiQL: deps.renderGraphiql } : {}),
    logging: false,
    multipart: false,
    maxRequestBodySize: maxBodyBytes,
    // useDocuments has its own, which is bounded by what is in it.
    parserAndValidationCache: false,
    // Origins are judged before (cors.ts), alike for all of the API.
    cors: false,
    context: ({ entry, entryError, ...initial }) => {
      if (entryError !== undefined) throw entryError
      const credentials = entry?.credentials ?? credentialsOf(initial)
      return admit(deps, credentials, initial.requestId ?? deps.newRequestId(), entry?.caller)
    },
    maskedErrors: { maskError: (error) => shapeError(error, deps.newRequestId(), deps.log) },
    plugins: [
      useAudit({
        ...deps.audit,
        schema,
        whoIs: (initial) => whoIs(deps, initial as Initial),
        newRequestId: deps.newRequestId,
      }),
      refuseSimpleRequests,
      enterFirst(deps),
      useSharedExecution(),
      useDeadline(deps.executionMs ?? defaultExecutionMs),
      useDocuments({ introspection: deps.introspection ?? deps.development, suggestions: deps.development }),
      limitCost(deps.log),
      ...(deps.rates ? [useRates({ rates: deps.rates, log: deps.log })] : []),
      errorsByTable(deps.log),
      ...(deps.observe ? [useGraphqlMetrics({ observe: deps.observe })] : []),
    ],
  })
}

type Initial = GraphqlServerContext & Pick<YogaInitialContext, 'request'>

function credentialsOf({ request, address, credentials }: Initial): Credentials {
  return (
    credentials ?? {
      key: keyFrom((name) => request.headers.get(name)),
      address: address ?? null,
      origin: new URL(request.url).origin,
    }
  )
}

/** HTTP's way through the door; graphql-ws.ts has that of the WebSocket. */
function enterFirst(deps: GraphqlDeps): Plugin<object, GraphqlServerContext> {
  return {
    async onParams({ params, request, context, setResult }) {
      try {
        await enter(deps, () => credentialsOf({ ...context, request }), params.query, context)
      } catch (error) {
        setResult({ errors: [shapeError(error, context.requestId ?? deps.newRequestId(), deps.log)] })
      }
    },
  }
}

/** Who it is that was refused before anybody asked: with a key that is no good somebody without one. */
async function whoIs(deps: GraphqlDeps, initial: Initial): Promise<Caller> {
  const address = initial.credentials?.address ?? initial.address ?? null
  try {
    return await identify(deps, credentialsOf(initial))
  } catch {
    return identify(deps, { key: null, address }).catch(() => ({
      projectId: null,
      scopes: [],
      actor: { kind: 'ANONYMOUS', ...(address === null ? {} : { address }) },
    }))
  }
}

/** What any page could make a browser send is refused, whatever it asks for. */
const refuseSimpleRequests: Plugin = {
  onRequestParse({ request, endResponse, fetchAPI }) {
    const refusal = refusalOfSimple(request.method, (name) => request.headers.get(name))
    if (!refusal) return
    const error = { message: refusal.message, extensions: { code: 'BAD_USER_INPUT' } }
    endResponse(fetchAPI.Response.json({ errors: [error] }, { status: refusal.status }))
  },
}

/** Refuses an operation that asks for too much before anything of it is resolved. */
function limitCost(log: Logger): Plugin<GraphqlContext> {
  const refuse = ({ schema, document, operationName, variableValues, contextValue }: ExecutionArgs) => {
    const cost = costOf(schema, document, operationName, variableValues)
    if (cost <= maxCost) return null
    const error = new WeirError('TOO_COMPLEX', 'The operation asks for too many objects: ask for smaller pages.', {
      needed: cost,
      available: maxCost,
    })
    return { errors: [shapeError(error, (contextValue as GraphqlContext).requestId, log)] }
  }
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const refusal = refuse(args)
      if (refusal) setResultAndStopExecution(refusal)
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = refuse(args)
      if (refusal) setResultAndStopExecution(refusal)
    },
  }
}

/** Shapes the errors of every result while the request's own id is at hand. */
function errorsByTable(log: Logger): Plugin<GraphqlContext> {
  const shape = (payload: Parameters<typeof handleStreamOrSingleExecutionResult>[0]) =>
    handleStreamOrSingleExecutionResult(payload, ({ result, setResult, args }) => {
      const { requestId } = args.contextValue as GraphqlContext
      if (result.errors)
        setResult({ ...result, errors: result.errors.map((error) => shapeError(error, requestId, log)) })
    })
  return {
    onValidate:
      () =>
      ({ result, setResult }) =>
        setResult(result.map((error) => shapeError(error, '', log))),
    onExecute: () => ({ onExecuteDone: shape as never }),
    onSubscribe: ({ args }) => ({
      onSubscribeResult: shape as never,
      onSubscribeError: ({ error, setError }) =>
        setError(shapeError(error, (args.contextValue as GraphqlContext).requestId, log)),
    }),
  }
}
