import type { ServerResponse } from 'node:http'
import { Hono } from 'hono'
import { WeirError } from '../errors.ts'
import type { RouteEnv } from './app.ts'
import { type GraphqlServer, graphqlPath } from './graphql.ts'
import { anyConnections, type Connections } from './open-sockets.ts'

const streamTypes = /\b(?:text\/event-stream|multipart\/mixed)\b/i

/** The API over HTTP and SSE; the client's address and the request's id go with it. `pagePolicy`: what GraphiQL may do, where it has been asked for. */
export function graphqlRoutes(
  graphql: GraphqlServer,
  { openSockets }: Pick<Connections, 'openSockets'> = anyConnections(),
  pagePolicy: () => string | null = () => null,
): Hono<RouteEnv> {
  function takePlace(address: string | null, outgoing: ServerResponse): boolean {
    const leave = openSockets.take(address)
    if (!leave) return false
    if (outgoing.destroyed) leave()
    else outgoing.once('close', leave)
    return true
  }
  const tooMany = () => new WeirError('RATE_LIMITED', 'This address has too many event streams and WebSockets open.')

  const app = new Hono<RouteEnv>()
  app.all(graphqlPath, async (context) => {
    const { outgoing } = context.env
    const address = context.get('address')
    const asksForStream = streamTypes.test(context.req.header('accept') ?? '')
    if (asksForStream && !takePlace(address, outgoing as ServerResponse)) throw tooMany()
    const response = await graphql.fetch(context.req.raw, {
      requestId: context.get('requestId'),
      address,
      setHeader: (name, value) => outgoing.setHeader(name, value),
    })
    const policy = response.headers.get('content-type')?.startsWith('text/html') ? pagePolicy() : null
    if (policy !== null) outgoing.setHeader('Content-Security-Policy', policy)
    const isStream = streamTypes.test(response.headers.get('content-type') ?? '')
    // Who takes anything is given a stream too, where it is a subscription.
    if (isStream && !asksForStream && !takePlace(address, outgoing as ServerResponse)) {
      await endStream(response)
      throw tooMany()
    }
    return response
  })
  return app
}

/** One of Yoga's that was never read knows no end: it begins with its first piece. */
async function endStream({ body }: Response): Promise<void> {
  const reader = body?.getReader()
  await reader?.read()
  await reader?.cancel()
}
