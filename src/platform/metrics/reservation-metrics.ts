import { Counter, Gauge, type Registry } from 'prom-client'
import type { Part } from './media-metrics.ts'
import type { RefusalSample, ReservationSample } from './source.ts'

/** Reservations that are open, of all projects. */
export function reservationGauge(registry: Registry): Part<ReservationSample> {
  const open = new Gauge({
    name: 'vas_reservations',
    help: 'Reservations that are held or active, by source: of the 100 sources with the most, those of the rest together as other.',
    labelNames: ['source', 'state'] as const,
    registers: [registry],
  })
  return {
    clear: () => open.reset(),
    fill(samples) {
      for (const { source, held, active } of samples) {
        open.inc({ source, state: 'held' }, held)
        open.inc({ source, state: 'active' }, active)
      }
    },
  }
}

export function refusalCounter(registry: Registry): Part<RefusalSample> {
  const refusals = new Counter({
    name: 'vas_reservation_refusals_total',
    help: 'Reservations that were refused since the process started, by the limit that was reached (consumers_of_project, consumers_of_source, consumers_of_stream, reservations_of_project).',
    labelNames: ['reason'] as const,
    registers: [registry],
  })
  return {
    clear: () => refusals.reset(),
    fill(samples) {
      for (const { scope, count } of samples) refusals.inc({ reason: scope.toLowerCase() }, count)
    },
  }
}
