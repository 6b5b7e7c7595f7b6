import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Logger } from '../logs/logger.ts'
import { apiMetrics, type ObserveRequest } from './api-metrics.ts'
import { consumerGauges, type EndedSession, endedSessions } from './consumer-metrics.ts'
import { componentGauges, errorCounter, ffmpegGauges, streamHealthGauges } from './health-metrics.ts'
import { type HeartbeatMetrics, heartbeatMetrics } from './heartbeat-metrics.ts'
import { type Part, processGauges, producerGauges, streamGauges } from './media-metrics.ts'
import { refusalCounter, reservationGauge } from './reservation-metrics.ts'
import type { MetricsSource } from './source.ts'

export interface Metrics {
  readonly registry: Registry
  /** The text format's media type with its version, 0.0.4. */
  readonly contentType: string
  /** Reads the source and writes the page. Never rejects for the source; scrapes at the same time share one reading. */
  scrape(): Promise<string>
  observeRequest: ObserveRequest
  countHeartbeat: HeartbeatMetrics['count']
  /** Counts a request that was refused for its rate, by what it had too much of. */
  countRateLimited: (by: string) => void
  /** Counts a session that this process has closed. */
  observeEndedSession: (session: EndedSession) => void
}

export interface MetricsOptions {
  source: MetricsSource
  logger: Logger
  /** How long each part of the source may take; Prometheus itself gives up after 10 s by default. */
  deadlineMs?: number
}

/** The registry of a node: streams, producers, sessions and processes as they are at the scrape, the API's counters, Node.js itself. */
export function createMetrics({ source, logger, deadlineMs = 5000 }: MetricsOptions): Metrics {
  const registry = new Registry()
  const parts = {
    streams: refresher(together(streamGauges(registry), ffmpegGauges(registry), streamHealthGauges(registry)), () =>
      source.streams(),
    ),
    producers: refresher(producerGauges(registry), () => source.producers()),
    consumers: refresher(consumerGauges(registry), () => source.consumers()),
    reservations: refresher(reservationGauge(registry), () => source.reservations()),
    refusals: refresher(refusalCounter(registry), () => source.refusals()),
    processes: refresher(processGauges(registry), () => source.processes()),
    components: refresher(componentGauges(registry), () => source.components()),
    errors: refresher(errorCounter(registry), () => source.errors()),
  }
  const ok = new Gauge({
    name: 'vas_metrics_part_ok',
    help: 'Whether a part of this page could be read; where it is 0 its series are absent.',
    labelNames: ['part'],
    registers: [registry],
  })
  const requests = apiMetrics(registry)
  const heartbeats = heartbeatMetrics(registry)
  const observeRequest: ObserveRequest = (request) => {
    requests(request)
    heartbeats.observe(request)
  }
  const observeEndedSession = endedSessions(registry)
  const rateLimited = new Counter({
    name: 'vas_api_rate_limited_total',
    help: 'Requests that this node has refused for their rate, by what there was too much of.',
    labelNames: ['by'] as const,
    registers: [registry],
  })
  collectDefaultMetrics({ register: registry })
  // Gauges with the name of a counter; the same figures by kind come without `_total`.
  for (const name of ['handles', 'requests', 'resources']) registry.removeSingleMetric(`nodejs_active_${name}_total`)

  const read = async () => {
    const refreshed = Object.entries(parts).map(async ([part, refresh]) => {
      try {
        await refresh(deadlineMs)
        ok.set({ part }, 1)
      } catch (error) {
        ok.set({ part }, 0)
        logger.warn({ logger: 'metrics', part, error }, 'A part of the metrics could not be read')
      }
    })
    await Promise.all(refreshed)
    return registry.metrics()
  }
  let running: Promise<string> | null = null
  const scrape = () => {
    running ??= read().finally(() => {
      running = null
    })
    return running
  }
  return {
    registry,
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
    scrape,
    observeRequest,
    countHeartbeat: heartbeats.count,
    countRateLimited: (by) => rateLimited.inc({ by }),
    observeEndedSession,
  }
}

/** Parts that are filled from the same reading. */
function together<T>(...parts: Part<T>[]): Part<T> {
  return {
    clear() {
      for (const part of parts) part.clear()
    },
    fill(samples) {
      for (const part of parts) part.fill(samples)
    },
  }
}

/** Fills a part anew. A reading that outlasts its deadline is waited for by the next scrape: there is never a second one beside it. */
function refresher<T>(part: Part<T>, read: () => Promise<readonly T[]>): (deadlineMs: number) => Promise<void> {
  let pending: Promise<readonly T[]> | null = null
  return async (deadlineMs) => {
    pending ??= Promise.resolve()
      .then(read)
      .finally(() => {
        pending = null
      })
    part.clear()
    part.fill(await withDeadline(pending, deadlineMs))
  }
}

async function withDeadline<T>(promise: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
