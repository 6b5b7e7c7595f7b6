import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { heartbeatMetrics } from '../../src/platform/metrics/heartbeat-metrics.ts'

it('counts heartbeats by what came of them, and those of bad tokens by what was said of their operations', async () => {
  const registry = new Registry()
  const metrics = heartbeatMetrics(registry)
  const counts = async () => {
    const { values } = await registry.getSingleMetric('vas_heartbeats_total')!.get()
    return Object.fromEntries(values.map(({ labels, value }) => [labels.result, value]))
  }
  expect(await counts()).toEqual({ accepted: 0, unknown: 0, closed: 0, unauthenticated: 0 })
  metrics.count('accepted')
  metrics.count('closed')
  metrics.count('closed')
  for (const [endpoint, statusCode] of [
    ['recordHeartbeat', 200],
    ['recordHeartbeat', 401],
    ['recordHeartbeats', 401],
    ['recordHeartbeat', 403],
    ['streams', 401],
  ] as const)
    metrics.observe({ endpoint, statusCode })
  expect(await counts()).toEqual({ accepted: 1, unknown: 0, closed: 2, unauthenticated: 2 })
})
