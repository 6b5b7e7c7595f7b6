import type { MiddlewareHandler } from 'hono'
import { WeirError } from '../errors.ts'
import { exposedHeaders } from '../limits/standing.ts'
import type { RouteEnv } from './app.ts'
import { errorAnswer } from './error-answer.ts'
import type { JudgeOrigin } from './origins.ts'

/** What pages of another origin may send. Keys are headers that a page has to set itself: cookies are never taken. */
export const allowedHeaders = 'Authorization, Content-Type, X-Pulse-Key, X-Request-Id, X-Weir-Project'
const methods = 'GET, POST, OPTIONS'
const preflightSeconds = '600'

/** Media is for players on any page (playback.ts, whep.ts), and says so itself. */
const isMedia = (path: string) => path.startsWith('/hls/') || path.startsWith('/whep/')

/** What everybody may have: scripts of type module are asked for with an origin. */
const isPage = (path: string) => path === '/' || path.startsWith('/assets/')

/** What an answer to an origin that is not refused says of it. */
export function originHeaders(origin: string): [string, string][] {
  return [
    ['Access-Control-Allow-Origin', origin],
    ['Access-Control-Expose-Headers', exposedHeaders],
  ]
}

/**
 * Origins of the API over HTTP. A page of an origin that is not allowed gets no answer that it could read, and none at all from the API; what is said goes by Origin,
 * which caches are told.
 */
export function corsMiddleware(judge: JudgeOrigin): MiddlewareHandler<RouteEnv> {
  return async (context, next) => {
    const { method, path } = context.req
    if (isMedia(path)) return next()
    const origin = context.req.header('origin')
    const verdict = judge(origin, context.req.header('host'))
    const { outgoing } = context.env
    if (origin !== undefined || method === 'GET') outgoing.setHeader('Vary', 'Origin')
    if (verdict === 'OWN' || verdict === 'ALLOWED') {
      for (const [name, value] of originHeaders(origin!)) outgoing.setHeader(name, value)
    }
    const isPreflight = method === 'OPTIONS' && context.req.header('access-control-request-method') !== undefined
    if (isPreflight && verdict !== 'REFUSED') {
      outgoing.setHeader('Access-Control-Allow-Methods', methods)
      outgoing.setHeader('Access-Control-Allow-Headers', allowedHeaders)
      outgoing.setHeader('Access-Control-Max-Age', preflightSeconds)
    }
    if (method === 'OPTIONS') return context.body(null, 204)
    if (verdict === 'REFUSED' && !isPage(path)) {
      const error = new WeirError('FORBIDDEN', 'Pages of this origin may not ask here (CORS_ORIGINS).')
      return errorAnswer(error, context.get('requestId'))
    }
    return next()
  }
}
