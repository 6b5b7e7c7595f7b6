import { Hono } from 'hono'
import { WeirError } from '../errors.ts'
import type { RouteEnv } from './app.ts'
import { type GraphqlServer, graphqlPath } from './graphql.ts'
import { anyConnections, type Connections } from './open-sockets.ts'

/** The API over HTTP and SSE; the client's address and the request's id go with it. */
export function graphqlRoutes(
  graphql: GraphqlServer,
  { addressOf, openSockets }: Connections = anyConnections(),
): Hono<RouteEnv> {
  const app = new Hono<RouteEnv>()
  app.all(graphqlPath, async (context) => {
    const { incoming, outgoing } = context.env
    const address = addressOf(incoming)
    const response = await graphql.fetch(context.req.raw, { requestId: context.get('requestId'), address })
    if (!isStream(response)) return response
    const leave = openSockets.take(address)
    if (!leave) {
      await response.body?.cancel()
      throw new WeirError('RATE_LIMITED', 'This address has too many event streams and WebSockets open.')
    }
    if (outgoing.destroyed) leave()
    else outgoing.once('close', leave)
    return response
  })
  return app
}

function isStream({ headers }: Response): boolean {
  return /^(?:text\/event-stream|multipart\/mixed)/.test(headers.get('content-type') ?? '')
}
