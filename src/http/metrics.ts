import { Hono } from 'hono'
import type { Metrics } from '../platform/metrics/metrics.ts'
import type { RouteEnv } from './app.ts'
import { clientAddress } from './client-address.ts'
import { keyFrom } from './graphql-admit.ts'
import type { MetricsRequest } from './metrics-access.ts'

/** By which a proxy says that a request is not its own. */
const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-real-ip']

export function metricsPaths(path: string): ReadonlySet<string> {
  return new Set([path, '/v2/metrics'])
}

/** The page that Prometheus scrapes, at `path` (METRICS_PATH) and at /v2/metrics. `mayRead` throws where this client may not. */
export function metricsRoutes(
  metrics: Pick<Metrics, 'scrape' | 'contentType'>,
  path: string,
  mayRead: (request: MetricsRequest) => Promise<void>,
): Hono<RouteEnv> {
  const app = new Hono<RouteEnv>()
  for (const route of metricsPaths(path)) {
    app.get(route, async (context) => {
      const address = context.get('address')
      const peer = clientAddress(context.env.incoming.socket.remoteAddress, undefined, [])
      await mayRead({
        address,
        isForwarded: address === peer && forwardingHeaders.some((name) => context.req.header(name) !== undefined),
        key: keyFrom((name) => context.req.header(name) ?? null),
      })
      return context.body(await metrics.scrape(), 200, { 'content-type': metrics.contentType })
    })
  }
  return app
}
