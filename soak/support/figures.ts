import { percentile } from '../../bench/support/figure.ts'
import type { Outcome } from './part.ts'

/** Rows of median, p99 and longest, and a sentence where p99 is above its bound. */
export function timesOf(
  what: string,
  samples: readonly number[],
  boundMs: number | null,
): { rows: Outcome['rows']; broken: string[] } {
  if (samples.length === 0) return { rows: [{ what, value: 'none measured' }], broken: [`${what}: none measured`] }
  const p99 = percentile(samples, 0.99)
  const bound = boundMs === null ? {} : { bound: `≤ ${boundMs} ms` }
  return {
    rows: [
      { what: `${what}: median of ${samples.length}, ms`, value: Math.round(percentile(samples, 0.5)) },
      { what: `${what}: p99, ms`, value: Math.round(p99), ...bound },
      { what: `${what}: longest, ms`, value: Math.round(Math.max(...samples)) },
    ],
    broken: boundMs !== null && p99 > boundMs ? [`${what}: p99 ${Math.round(p99)} ms, bound ${boundMs} ms`] : [],
  }
}
