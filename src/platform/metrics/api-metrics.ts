import { Counter, Histogram, type Registry } from 'prom-client'

/** One answered operation of the API. */
export interface ApiRequest {
  /** From a closed set: a root field of the schema, or `other`. */
  endpoint: string
  /** The HTTP method, or `websocket`. */
  method: string
  statusCode: number
  /** Until the answer; of a subscription, until it was set up. */
  seconds: number
}

export type ObserveRequest = (request: ApiRequest) => void

const methods = new Set(['get', 'head', 'post', 'put', 'patch', 'delete', 'options', 'websocket'])
const labelNames = ['endpoint', 'method', 'status_code'] as const

/** Makes the API's metrics; what it returns counts one request. */
export function apiMetrics(registry: Registry): ObserveRequest {
  const registers = [registry]
  const duration = new Histogram({
    name: 'vas_api_request_duration_seconds',
    help: 'Time to the answer of an API operation; of a subscription, until it was set up.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    labelNames,
    registers,
  })
  const total = new Counter({
    name: 'vas_api_requests_total',
    help: "API operations by root field, method and the status that the error table gives the first error's code.",
    labelNames,
    registers,
  })
  /** The series of each combination, found once: all three come from closed sets. */
  const series = new Map<string, { observe(seconds: number): void; inc(): void }>()
  return ({ endpoint, method, statusCode, seconds }) => {
    const name = `${endpoint} ${method} ${statusCode}`
    let known = series.get(name)
    if (!known) {
      const word = method.toLowerCase()
      const labels = { endpoint, method: methods.has(word) ? word : 'other', status_code: String(statusCode) }
      const [ofDuration, ofTotal] = [duration.labels(labels), total.labels(labels)]
      known = { observe: (value) => ofDuration.observe(value), inc: () => ofTotal.inc() }
      // A method is what a caller says; the others are ours.
      if (methods.has(word)) series.set(name, known)
    }
    known.observe(seconds)
    known.inc()
  }
}
