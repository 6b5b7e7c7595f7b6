import type { IncomingMessage, ServerResponse } from 'node:http'
import { graphqlPath } from './graphql.ts'
import {
  answerHeaders,
  arePlain,
  givenHeaders,
  type HeartbeatExchangeDeps,
  headersOfOthers,
  judgeHeartbeat,
  requestIdOf,
  tellOfAnswer,
} from './heartbeat-exchange.ts'
import type { HeartbeatPlan } from './heartbeat-plan.ts'

/** Looks at a request before anything else does; `pass` hands it on, untouched but for its body, which has been read (`rawBody`). */
export type LookAtRequest = (request: IncomingMessage, response: ServerResponse, pass: () => void) => void

/**
 * Heartbeats over HTTP without Hono, fetch and Yoga, which take ten times as long for one as all the rest: the same answer to a request that is nothing
 * but a heartbeat in every regard and is good. Whatever else it is, also a refusal, goes the usual way.
 */
export function heartbeatRequests(deps: HeartbeatExchangeDeps): LookAtRequest {
  const given = givenHeaders(deps)

  function respond(request: IncomingMessage, response: ServerResponse, text: string, at: number, plan: HeartbeatPlan) {
    const headers = request.headers as Record<string, string>
    const requestId = requestIdOf(deps, headers)
    const length = Buffer.byteLength(text)
    response.writeHead(200, answerHeaders(given, headers, requestId, length))
    // As text it leaves in one piece with the headers; the shorter way where every character is one byte.
    response.end(text, length === text.length ? 'latin1' : 'utf8')
    tellOfAnswer(deps, { plan, requestId, at })
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
        const headers = request.headers as Record<string, string>
        const found = judgeHeartbeat(deps, headers, request.socket.remoteAddress ?? null, body.toString())
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

function isPlain(request: IncomingMessage): boolean {
  if (request.method !== 'POST' || request.url !== graphqlPath) return false
  const { headers, rawHeaders } = request
  if (!arePlain(headers as Record<string, string>) || headersOfOthers.some((name) => name in headers)) return false
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
