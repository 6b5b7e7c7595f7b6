import { Hono } from 'hono'
import type { Metrics } from '../platform/metrics/metrics.ts'

/** The page that Prometheus scrapes, at `path` (METRICS_PATH) and at /v2/metrics. */
export function metricsRoutes(metrics: Pick<Metrics, 'scrape' | 'contentType'>, path: string): Hono {
  const app = new Hono()
  for (const route of new Set([path, '/v2/metrics'])) {
    app.get(route, async (context) =>
      context.body(await metrics.scrape(), 200, { 'content-type': metrics.contentType }),
    )
  }
  return app
}
