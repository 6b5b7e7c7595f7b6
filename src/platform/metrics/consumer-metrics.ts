import { Gauge, Histogram, type Registry } from 'prom-client'
import { activeConsumerStates, type CloseReason, closeReasons, consumerStates } from '../../consumers/model.ts'
import type { Part } from './media-metrics.ts'
import type { ConsumersSample } from './source.ts'

/** A session that has ended. */
export interface EndedSession {
  reason: CloseReason
  sessionSeconds: number
}

/** Sessions of all nodes. */
export function consumerGauges(registry: Registry): Part<ConsumersSample> {
  const registers = [registry]
  const inState = 'Sessions in each state; closed ones are kept for 30 days, and counted up to 100,000'
  const labelNames = ['state'] as const
  const byState = [
    new Gauge({ name: 'vas_consumers_total', help: `${inState} (vas_consumers is the same).`, labelNames, registers }),
    new Gauge({ name: 'vas_consumers', help: `${inState}.`, labelNames, registers }),
  ]
  const active = new Gauge({
    name: 'vas_active_consumers',
    help: 'Sessions of a stream that are connected, paused ones with them; of each stream, also at 0.',
    labelNames: ['stream_id'] as const,
    registers,
  })
  const seconds = new Gauge({
    name: 'vas_consumer_session_duration_seconds',
    help: 'Seconds since a session was opened: of those that have been open for longest, at most METRICS_MAX_CONSUMER_SERIES.',
    labelNames: ['consumer_id', 'stream_id', 'client_id'] as const,
    registers,
  })
  const omitted = new Gauge({
    name: 'vas_consumer_series_omitted',
    help: 'Open sessions that have no vas_consumer_session_duration_seconds, for there are too many.',
    registers,
  })
  const clear = () => {
    for (const gauge of [...byState, active, seconds]) gauge.reset()
    omitted.remove()
  }
  clear()
  return {
    clear,
    fill(samples) {
      for (const { counts, closed, longest } of samples) {
        for (const state of consumerStates) for (const gauge of byState) gauge.set({ state: state.toLowerCase() }, 0)
        for (const gauge of byState) gauge.set({ state: 'closed' }, closed)
        let total = 0
        for (const { streamId, state, count } of counts) {
          const isActive = activeConsumerStates.some((each) => each === state)
          active.inc({ stream_id: streamId }, isActive ? count : 0)
          if (state === null) continue
          total += count
          for (const gauge of byState) gauge.inc({ state: state.toLowerCase() }, count)
        }
        for (const session of longest)
          seconds.set(
            { consumer_id: session.id, stream_id: session.streamId, client_id: session.clientId },
            session.seconds,
          )
        omitted.set(Math.max(0, total - longest.length))
      }
    },
  }
}

/**
 * Makes the histogram of sessions that have ended; what it returns counts one. To be called by the process whose statement closed the session, and by no
 * other: then each is counted once, in one process.
 */
export function endedSessions(registry: Registry): (session: EndedSession) => void {
  const seconds = new Histogram({
    name: 'vas_consumer_ended_session_duration_seconds',
    help: 'Length of sessions that this process has closed, by the reason in lower case.',
    labelNames: ['reason'] as const,
    buckets: [5, 15, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400],
    registers: [registry],
  })
  // Each reason has its series from the beginning: what comes out of nothing has no rate.
  for (const reason of closeReasons) seconds.zero({ reason: reason.toLowerCase() })
  return ({ reason, sessionSeconds }) => seconds.observe({ reason: reason.toLowerCase() }, sessionSeconds)
}
