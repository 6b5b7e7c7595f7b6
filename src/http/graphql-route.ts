import { Hono } from 'hono'
import type { RouteEnv } from './app.ts'
import { type GraphqlServer, graphqlPath } from './graphql.ts'

/** The API over HTTP and SSE; the client's address and the request's id go with it. */
export function graphqlRoutes(graphql: GraphqlServer): Hono<RouteEnv> {
  const app = new Hono<RouteEnv>()
  app.all(graphqlPath, async (context) =>
    graphql.fetch(context.req.raw, {
      requestId: context.get('requestId'),
      address: context.get('address'),
      setHeader: (name, value) => context.env.outgoing.setHeader(name, value),
    }),
  )
  return app
}
