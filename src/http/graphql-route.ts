import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { type GraphqlServer, graphqlPath } from './graphql.ts'

/** The API over HTTP and SSE as a route; the client's address and the request's id go with it. */
export function graphqlRoutes(graphql: GraphqlServer): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.all(graphqlPath, async (context) => {
    const requestId = (context.env.outgoing.getHeader('X-Request-Id') as string | undefined) ?? crypto.randomUUID()
    const address = context.env.incoming.socket.remoteAddress ?? null
    return graphql.fetch(context.req.raw, { requestId, address })
  })
  return app
}
