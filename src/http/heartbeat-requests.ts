import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Heartbeats } from '../heartbeats/service.ts'
import { isSessionToken } from '../heartbeats/tokens.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { ObserveRequest } from '../platform/metrics/api-metrics.ts'
import { acceptableId, defaultHeaders, logAccess } from './app.ts'
import { corsMethods, graphqlPath } from './graphql.ts'
import { type IdentifyDeps, identify, keyFrom, sessionCaller } from './graphql-admit.ts'
import type { FindPlan, HeartbeatPlan, PlannedAnswer } from './heartbeat-plan.ts'

export interface HeartbeatRequestDeps extends IdentifyDeps {
  findPlan: FindPlan
  heartbeats: Heartbeats
  observe?: ObserveRequest
  log: Logger
  newRequestId: () => string
}

/** Looks at a request before anything else does; `pass` hands it on, untouched but for its body, which has been read (`rawBody`). */
export type LookAtRequest = (request: IncomingMessage, response: ServerResponse, pass: () => void) => void

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
const givenHeaders = Object.entries(defaultHeaders).flat()

/**
 * Heartbeats over HTTP without Hono, fetch and Yoga, which take ten times as long for one as all the rest: the same answer to a request that is nothing
 * but a heartbeat in every regard and is good. Whatever else it is, also a refusal, goes the usual way.
 */
export function heartbeatRequests(deps: HeartbeatRequestDeps): LookAtRequest {
  const { findPlan, heartbeats, observe, log, newRequestId } = deps

  function respond(request: IncomingMessage, response: ServerResponse, text: string, at: number, plan: HeartbeatPlan) {
    const { accept, origin } = request.headers
    const requestId = acceptableId(request.headers['x-request-id'] as string | undefined) ?? newRequestId()
    const length = Buffer.byteLength(text)
    const headers = ['X-Request-Id', requestId, ...givenHeaders]
    if (origin !== undefined)
      headers.push('access-control-allow-methods', corsMethods, 'access-control-allow-origin', origin)
    headers.push('content-length', String(length), 'content-type', contentTypes.get(accept)!)
    if (origin !== undefined) headers.push('vary', 'Origin')
    response.writeHead(200, headers)
    // As text it leaves in one piece with the headers; the shorter way where every character is one byte.
    response.end(text, length === text.length ? 'latin1' : 'utf8')
    const tookMs = performance.now() - at
    observe?.({ endpoint: plan.endpoint, method: 'POST', statusCode: 200, seconds: tookMs / 1000 })
    logAccess(log, { requestId, method: 'POST', path: graphqlPath, statusCode: 200, tookMs })
  }

  /** The answer to a body; null where it is to be passed on. */
  function answer(
    request: IncomingMessage,
    body: Buffer,
  ): { plan: HeartbeatPlan; answer: PlannedAnswer | Promise<PlannedAnswer | null> } | null {
    const params = JSON.parse(body.toString())
    for (const name in params) if (name !== 'query' && name !== 'variables' && name !== 'operationName') return null
    const plan = findPlan(params?.query, params?.operationName)
    const key = plan && keyFrom((name) => (request.headers[name] as string | undefined) ?? null)
    if (!key) return null
    const address = request.socket.remoteAddress ?? null
    const anonymous = isSessionToken(key) ? deps.anonymous() : null
    const caller =
      anonymous && !(anonymous instanceof Promise)
        ? sessionCaller(deps, anonymous, key)
        : identify(deps, { key, address })
    const answer =
      caller instanceof Promise
        ? caller.then((known) => plan.answer(heartbeats, known, params.variables))
        : plan.answer(heartbeats, caller, params.variables)
    return answer && { plan, answer }
  }

  return (request, response, pass) => {
    if (!isPlain(request)) return pass()
    const at = performance.now()
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
      const passOn = () => {
        Object.assign(request, { rawBody: body })
        pass()
      }
      try {
        const found = answer(request, body)
        if (!found) return passOn()
        const { plan } = found
        if (!(found.answer instanceof Promise)) return respond(request, response, found.answer.text, at, plan)
        found.answer.then((late) => (late ? respond(request, response, late.text, at, plan) : passOn()), passOn)
      } catch {
        // No JSON, no good token: told in the usual way.
        passOn()
      }
    })
  }
}

/** A POST of a small JSON body, with nothing about its headers that another layer would have an opinion on. */
function isPlain(request: IncomingMessage): boolean {
  if (request.method !== 'POST' || request.url !== graphqlPath) return false
  const { headers, rawHeaders } = request
  const length = headers['content-length']
  if (length === undefined || !(Number(length) <= maxBodyBytes)) return false
  if (!jsonTypes.test(headers['content-type'] ?? '') || !plainHost.test(headers.host ?? '')) return false
  if (!contentTypes.has(headers.accept) || (headers.origin !== undefined && !plainOrigin.test(headers.origin)))
    return false
  if ('content-encoding' in headers || 'access-control-request-headers' in headers) return false
  // Of these Node.js keeps the first, and fetch joins them.
  return isSingle(rawHeaders, 'authorization') && isSingle(rawHeaders, 'content-type')
}

function isSingle(rawHeaders: readonly string[], name: string): boolean {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const given = rawHeaders[i]!
    if (given.length === name.length && given.toLowerCase() === name) count += 1
  }
  return count <= 1
}
