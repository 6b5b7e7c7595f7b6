import type { HttpBindings } from '@hono/node-server'
import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { WeirError } from '../errors.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { type AddressOf, createAddressOf } from './client-address.ts'
import { errorAnswer, publicError } from './error-answer.ts'

/** What a route finds in its context: Node.js's own request and response, and the request's id. */
export interface RouteEnv {
  Bindings: HttpBindings
  Variables: {
    requestId: string
    /** The client's; null where it isn't known. */
    address: string | null
  }
}

/** A part of the server's routes; one that needs nothing of RouteEnv is a plain Hono. */
export type Routes = Hono | Hono<RouteEnv>

export interface AppOptions {
  /** In the order in which they are asked. */
  routes: readonly Routes[]
  logger: Logger
  maxBodyBytes: number
  newRequestId: () => string
  now: () => number
  /** Said with every answer, unless the route says otherwise. */
  headers?: Readonly<Record<string, string>> | undefined
  /** Who is behind a connection. */
  addressOf?: AddressOf | undefined
  /** What stands before every route, in this order. */
  doors?: readonly MiddlewareHandler<RouteEnv>[] | undefined
}

/** Pages set their own Content-Security-Policy, and media its own Cross-Origin-Resource-Policy. */
export const defaultHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'SAMEORIGIN',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'self'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
} as const

/** With what holds where people reach the server by https, and only there: browsers keep to it for half a year. */
export function securityHeaders(publicUrl: string | null): Readonly<Record<string, string>> {
  return publicUrl?.startsWith('https:')
    ? { ...defaultHeaders, 'Strict-Transport-Security': 'max-age=15552000' }
    : defaultHeaders
}

/** All routes as one application, with what holds for each of them: request id, access log, limits, headers, errors. */
export function composeApp(options: AppOptions): Hono<RouteEnv> {
  const { routes, logger, maxBodyBytes, newRequestId, now, doors = [], addressOf = createAddressOf([]) } = options
  const headers = Object.entries(options.headers ?? defaultHeaders)
  const app = new Hono<RouteEnv>()
  const limit = bodyLimit({
    maxSize: maxBodyBytes,
    onError: () => {
      throw new WeirError('BAD_USER_INPUT', `The body is larger than ${maxBodyBytes} bytes.`)
    },
  })

  app.use(async (context, next) => {
    const startedAt = now()
    const { method, path } = context.req
    const id = acceptableId(context.req.header('x-request-id')) ?? newRequestId()
    context.set('requestId', id)
    // On Node.js's response: a header of Hono's context does not reach what a route answers with a Response of its own.
    const { incoming, outgoing } = context.env
    context.set('address', addressOf(incoming))
    outgoing.setHeader('X-Request-Id', id)
    for (const [name, value] of headers) outgoing.setHeader(name, value)
    await next()
    logAccess(logger, {
      requestId: id,
      method,
      path: loggedPath(path),
      statusCode: context.res.status,
      tookMs: now() - startedAt,
    })
  })
  for (const door of doors) app.use(door)
  // Without a body there is nothing to limit, and looking for one costs.
  app.use((context, next) => (/^(?:GET|HEAD)$/.test(context.req.method) ? next() : limit(context, next)))

  for (const route of routes) app.route('/', route as Hono<RouteEnv>)

  app.notFound((context) =>
    errorAnswer(new WeirError('NOT_FOUND', 'There is nothing at this address.'), context.get('requestId')),
  )
  app.onError((error, context) => {
    const shown = publicError(error)
    const { method, path } = context.req
    const requestId = context.get('requestId')
    if (shown.code === 'INTERNAL') logger.error({ requestId, method, path, error }, 'A request failed')
    return errorAnswer(shown, requestId)
  })
  return app
}

/** A WHEP session's address without its last part, which is as good as a key. */
function loggedPath(path: string): string {
  return path.startsWith('/whep/') ? path.split('/').slice(0, 4).join('/') : path
}

/** A caller's request id goes into logs and answers: short and plain, or not at all. */
export function acceptableId(id: string | undefined): string | null {
  return id && /^[\w.:=-]{1,128}$/.test(id) ? id : null
}

export function logAccess(
  logger: Logger,
  { tookMs, ...access }: { requestId: string; method: string; path: string; statusCode: number; tookMs: number },
): void {
  logger.debug({ ...access, durationMs: Math.round(tookMs) }, 'Request')
}
