import { type ExecutionArgs, Kind, type OperationDefinitionNode, OperationTypeNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { GraphqlContext } from '../../schema/context.ts'
import type { Caller } from '../caller.ts'
import { WeirError } from '../errors.ts'
import { isSessionToken } from '../heartbeats/tokens.ts'
import { pointsOf } from '../limits/points.ts'
import { type Rates, tooMany } from '../limits/rates.ts'
import { rateHeaders, type Standing } from '../limits/standing.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { type Credentials, type IdentifyDeps, identify, keyFrom } from './graphql-admit.ts'
import { costOf } from './graphql-cost.ts'
import { shapeError } from './graphql-errors.ts'

export interface EntryDeps extends IdentifyDeps {
  /** Where there is none, nothing is counted. */
  rates?: Rates
}

/** An operation that was let in, before anything of it was looked at. */
export interface Entry {
  credentials: Credentials
  caller: Caller
  /** How its caller stands; null for heartbeats, which are not counted against anybody. */
  standing: Standing | null
  /** Points that it has taken by now. */
  paid: number
}

/** What an entry leaves in the context of an operation. */
export interface EnteredContext {
  entry?: Entry
  /** Why nobody could be let in: thrown once it is known what was asked for, so that it can be written down. */
  entryError?: unknown
  /** The client's address. */
  address?: string | null
  /** Sets a header of the answer; not there over WebSocket. */
  setHeader?: (name: string, value: string) => void
}

/**
 * The one door of every operation over HTTP, SSE and WebSocket: who it is, and one point for what it takes to look at it. The rest is taken when it is known
 * what it asks for. Throws RATE_LIMITED; any other error is left in the context.
 */
export async function enter(
  deps: EntryDeps,
  credentials: () => Credentials,
  query: unknown,
  context: EnteredContext,
): Promise<void> {
  let given: Credentials | null = null
  try {
    given = credentials()
    context.entry = await entryOf(deps, given, query, context.setHeader)
  } catch (thrown) {
    // Keys were counted where they were looked up.
    const isUncounted = given === null || (given.key !== null && isSessionToken(given.key))
    const address = given?.address ?? context.address ?? null
    const error = (isUncounted && isUnauthenticated(thrown) && deps.rates?.refusalOfBadToken(address)) || thrown
    if (!isRateLimited(error)) {
      context.entryError = error
      return
    }
    const { retryAfterSeconds } = error.details
    if (retryAfterSeconds !== undefined) context.setHeader?.('Retry-After', String(retryAfterSeconds))
    throw error
  }
}

const isUnauthenticated = (error: unknown) => error instanceof WeirError && error.code === 'UNAUTHENTICATED'
const isRateLimited = (error: unknown): error is WeirError =>
  error instanceof WeirError && error.code === 'RATE_LIMITED'

async function entryOf(
  { rates, ...deps }: EntryDeps,
  credentials: Credentials,
  query: unknown,
  setHeader: EnteredContext['setHeader'],
): Promise<Entry> {
  const caller = await identify(deps, credentials)
  if (!rates) return { credentials, caller, standing: null, paid: 0 }
  // Whether it is nothing but heartbeats is known once it was parsed.
  if (typeof query === 'string' && query.includes('recordHeartbeat')) {
    const { session, projectId } = caller
    const refusal = session
      ? rates.refusalOf('sessionHeartbeats', session.consumerId)
      : rates.refusalOf('unusualHeartbeats', projectId ?? 'none')
    if (refusal) throw refusal
    return { credentials, caller, standing: null, paid: 0 }
  }
  const standing = await rates.charge(caller, credentials.address, 1)
  tell(standing, setHeader)
  if (standing.retryAfterSeconds !== null) throw tooMany(standing.retryAfterSeconds, 1, standing.remaining)
  return { credentials, caller, standing, paid: 1 }
}

/** The same door for a route that does what an operation does: one point. Throws UNAUTHENTICATED or RATE_LIMITED. */
export async function enterRoute(deps: EntryDeps, request: Request, address: string | null): Promise<void> {
  const context: EnteredContext = { address }
  const credentials = () => ({ key: keyFrom((name) => request.headers.get(name)), address, origin: null })
  await enter(deps, credentials, null, context)
  if (context.entryError !== undefined) throw context.entryError
}

/**
 * Takes the rest of an operation's points before anything of it is resolved. Where that is refused, the one for looking at it is gone: it was looked at,
 * and written down where it was a mutation.
 */
export function useRates({ rates, log }: { rates: Rates; log: Logger }): Plugin<GraphqlContext> {
  async function refuse(args: ExecutionArgs) {
    const context = args.contextValue as GraphqlContext & EnteredContext
    const { entry, setHeader } = context
    if (!entry) return null
    const operation = operationOf(args)
    if (operation && isHeartbeats(operation)) return null
    const { schema, document, operationName, variableValues } = args
    const points = pointsOf(
      costOf(schema, document, operationName, variableValues),
      operation?.operation === OperationTypeNode.MUTATION ? operation.selectionSet.selections.length : 0,
    )
    if (points <= entry.paid) return null
    const { caller, credentials } = entry
    // Together never more than the whole, or it could never be done.
    const limit = entry.standing?.limit ?? points
    const rest = Math.min(points, limit) - entry.paid
    const standing = await rates.charge(caller, credentials.address, rest)
    if (standing.retryAfterSeconds === null) {
      entry.paid += rest
      entry.standing = standing
      tell(standing, setHeader)
      return null
    }
    // When it comes again it has to be looked at again.
    const retryAfterSeconds = standing.retryAfterSeconds + Math.ceil((60 * entry.paid) / standing.limit)
    tell({ ...standing, retryAfterSeconds }, setHeader)
    return { errors: [shapeError(tooMany(retryAfterSeconds, points, standing.remaining), context.requestId, log)] }
  }
  return {
    async onExecute({ args, setResultAndStopExecution }) {
      const refusal = await refuse(args)
      if (refusal) setResultAndStopExecution(refusal)
    },
    async onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = await refuse(args)
      if (refusal) setResultAndStopExecution(refusal)
    },
  }
}

function tell(standing: Standing, setHeader: EnteredContext['setHeader']): void {
  if (setHeader) for (const [name, value] of rateHeaders(standing)) setHeader(name, value)
}

function operationOf({ document, operationName }: ExecutionArgs): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
  return operationName ? operations.find(({ name }) => name?.value === operationName) : operations[0]
}

/** Nothing but heartbeats, each written out at the root. */
function isHeartbeats({ operation, selectionSet: { selections } }: OperationDefinitionNode): boolean {
  return (
    operation === OperationTypeNode.MUTATION &&
    selections.every((node) => node.kind === Kind.FIELD && /^recordHeartbeats?$/.test(node.name.value))
  )
}
