import type { Caller } from '../caller.ts'
import type { Heartbeats } from '../heartbeats/service.ts'
import { isSessionToken } from '../heartbeats/tokens.ts'
import type { Rates } from '../limits/rates.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { ObserveRequest } from '../platform/metrics/api-metrics.ts'
import { acceptableId, defaultHeaders, logAccess } from './app.ts'
import { originHeaders } from './cors.ts'
import { graphqlPath } from './graphql.ts'
import { type IdentifyDeps, identify, keyFrom, sessionCaller } from './graphql-admit.ts'
import type { FindPlan, HeartbeatPlan, PlannedAnswer } from './heartbeat-plan.ts'
import type { JudgeOrigin } from './origins.ts'

export interface HeartbeatExchangeDeps extends IdentifyDeps {
  findPlan: FindPlan
  heartbeats: Heartbeats
  observe?: ObserveRequest
  log: Logger
  newRequestId: () => string
  /** Pages of an origin that is refused go the usual way, which tells them so; none is refused where that is not said. */
  judgeOrigin?: JudgeOrigin
  /** Bounds heartbeats alone. */
  rates?: Pick<Rates, 'mayBeat' | 'wasGood'>
  /** Said with every answer. */
  headers?: Readonly<Record<string, string>>
}

/** The headers of a request that a plain heartbeat's answer goes by; undefined where there is none. */
export interface HeartbeatHeaders {
  host?: string | undefined
  'content-type'?: string | undefined
  'content-length'?: string | undefined
  accept?: string | undefined
  origin?: string | undefined
  authorization?: string | undefined
  'x-pulse-key'?: string | undefined
  'x-request-id'?: string | undefined
}

/** What came of a body, with the plan that it goes by. */
export interface Exchange {
  plan: HeartbeatPlan
  answer: PlannedAnswer | Promise<PlannedAnswer | null>
}

/** A larger one is no usual heartbeat: a list of 1,000 has some 60 kB, with statistics 150. */
const maxBodyBytes = 200_000

/** What Yoga answers with for what a client accepts; another value is Yoga's to judge. */
const contentTypes = new Map<string | undefined, string>([
  [undefined, 'application/json; charset=utf-8'],
  ['*/*', 'application/json; charset=utf-8'],
  ['application/json', 'application/json; charset=utf-8'],
  ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
  ['application/graphql-response+json, application/json', 'application/graphql-response+json; charset=utf-8'],
])
const jsonTypes = /^application\/json(?:; ?charset=utf-8)?$/i
const plainOrigin = /^https?:\/\/[\w.:[\]-]+$/
const plainHost = /^[\w.-]+(?::\d{1,5})?$/

/** Headers that another layer has an opinion on: a request that has one goes the usual way. */
export const headersOfOthers = ['content-encoding', 'access-control-request-headers'] as const

/** A small JSON body, with nothing about its headers that another layer would have an opinion on. */
export function arePlain(headers: HeartbeatHeaders): boolean {
  const { accept, origin } = headers
  const length = headers['content-length']
  if (length === undefined || !(Number(length) <= maxBodyBytes)) return false
  if (!jsonTypes.test(headers['content-type'] ?? '') || !plainHost.test(headers.host ?? '')) return false
  return contentTypes.has(accept) && (origin === undefined || plainOrigin.test(origin))
}

/** Judges a plain request's body; null, as what it throws, where that is not a good heartbeat: then the request goes the usual way. */
export function judgeHeartbeat(
  deps: HeartbeatExchangeDeps,
  headers: HeartbeatHeaders,
  address: string | null,
  body: string,
): Exchange | null {
  const params = JSON.parse(body)
  if (headers.origin !== undefined && deps.judgeOrigin?.(headers.origin, headers.host) === 'REFUSED') return null
  for (const name in params) if (name !== 'query' && name !== 'variables' && name !== 'operationName') return null
  const plan = deps.findPlan(params?.query, params?.operationName)
  const key = plan && keyFrom((name) => headers[name as keyof HeartbeatHeaders] ?? null)
  if (!key) return null
  // Keys that nobody knows yet are looked up where bad ones are counted.
  if (!isSessionToken(key) && deps.rates?.wasGood(key) === false) return null
  const anonymous = isSessionToken(key) ? deps.anonymous() : null
  const caller =
    anonymous && !(anonymous instanceof Promise)
      ? sessionCaller(deps, anonymous, key)
      : identify(deps, { key, address })
  const answerTo = (known: Caller) =>
    deps.rates?.mayBeat(known) === false ? null : plan.answer(deps.heartbeats, known, params.variables)
  const answer = caller instanceof Promise ? caller.then(answerTo) : answerTo(caller)
  return answer && { plan, answer }
}

/** The answer's headers, name and value in turn, in the order in which Yoga's leave. */
export function answerHeaders(
  given: readonly string[],
  { accept, origin }: HeartbeatHeaders,
  requestId: string,
  length: number,
): string[] {
  const headers = ['X-Request-Id', requestId, ...given]
  if (origin !== undefined) headers.push('Vary', 'Origin', ...originHeaders(origin).flat())
  headers.push('content-length', String(length), 'content-type', contentTypes.get(accept)!)
  return headers
}

/** What every answer says, name and value in turn. */
export function givenHeaders({ headers = defaultHeaders }: HeartbeatExchangeDeps): readonly string[] {
  return Object.entries(headers).flat()
}

/** The client's own id for its request where that will do, or a new one. */
export function requestIdOf({ newRequestId }: HeartbeatExchangeDeps, headers: HeartbeatHeaders): string {
  return acceptableId(headers['x-request-id']) ?? newRequestId()
}

/** Tells metrics and log of an answer; `at` is when its request was there (performance.now). */
export function tellOfAnswer(
  { observe, log }: HeartbeatExchangeDeps,
  { plan, requestId, at }: { plan: HeartbeatPlan; requestId: string; at: number },
): void {
  const tookMs = performance.now() - at
  observe?.({ endpoint: plan.endpoint, method: 'POST', statusCode: 200, seconds: tookMs / 1000 })
  logAccess(log, { requestId, method: 'POST', path: graphqlPath, statusCode: 200, tookMs })
}
