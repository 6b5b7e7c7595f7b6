/** Figures of several samples as one. Merging is associative and commutative, so the order of parts does not matter. */
import type { HealthStatus } from '../health/model.ts'

/** What a mean is made of. `count` 0: not measured. */
export interface Mean {
  count: number
  sum: number
}

export const meanOf = (value: number | null): Mean => (value === null ? { count: 0, sum: 0 } : { count: 1, sum: value })
export const addMeans = (a: Mean, b: Mean): Mean => ({ count: a.count + b.count, sum: a.sum + b.sum })
/** Null where nothing was measured. */
export const meanValue = ({ count, sum }: Mean): number | null => (count === 0 ? null : sum / count)

/** The larger of those that were measured. */
export const most = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b)

const order: readonly HealthStatus[] = ['UNKNOWN', 'HEALTHY', 'WARNING', 'CRITICAL']

/** Of what is known the worst: UNKNOWN only where nothing is known. */
export const worse = (a: HealthStatus, b: HealthStatus): HealthStatus => (order.indexOf(a) >= order.indexOf(b) ? a : b)
