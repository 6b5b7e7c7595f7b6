import { Counter, type Registry } from 'prom-client'
import type { ApiRequest } from './api-metrics.ts'

const results = ['accepted', 'unknown', 'closed', 'unauthenticated'] as const

export interface HeartbeatMetrics {
  count(result: (typeof results)[number]): void
  /** Counts an operation that was refused before its heartbeat was looked at. */
  observe(request: Pick<ApiRequest, 'endpoint' | 'statusCode'>): void
}

export function heartbeatMetrics(registry: Registry): HeartbeatMetrics {
  const counter = new Counter({
    name: 'vas_heartbeats_total',
    help: 'Heartbeats by what came of them; of a bad token or key each operation counts once, however many it carried.',
    labelNames: ['result'],
    registers: [registry],
  })
  // There from the start: a rate needs a 0 to begin at.
  const series = new Map(results.map((result) => [result, counter.labels({ result })]))
  for (const one of series.values()) one.inc(0)
  const count = (result: (typeof results)[number]) => series.get(result)!.inc()
  return {
    count,
    observe({ endpoint, statusCode }) {
      if (statusCode === 401 && (endpoint === 'recordHeartbeat' || endpoint === 'recordHeartbeats'))
        count('unauthenticated')
    },
  }
}
