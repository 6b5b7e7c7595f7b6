import type { HealthStatus } from '../model.ts'
import type { ComponentHealth, HealthSummary, NodeHealth } from './model.ts'

/** A node that has said nothing for so long is not known any more, */
export const staleMs = 30_000
/** and after so long it is taken for one that is gone for good. */
export const forgottenMs = 600_000

/** From good to bad. What is not known is worse than good, and better than what is known to be bad. */
const order: readonly HealthStatus[] = ['HEALTHY', 'UNKNOWN', 'WARNING', 'CRITICAL']

/** The worst of them; UNKNOWN where there are none. */
export function worst(statuses: readonly HealthStatus[]): HealthStatus {
  if (statuses.length === 0) return 'UNKNOWN'
  return order[Math.max(...statuses.map((status) => order.indexOf(status)))]!
}

/** How a share in percent is judged: a warning from 80 on, critical from 95 on; null is not measured. */
export function statusOfPercent(percent: number | null): HealthStatus {
  if (percent === null) return 'UNKNOWN'
  return percent >= 95 ? 'CRITICAL' : percent >= 80 ? 'WARNING' : 'HEALTHY'
}

export function summarize(found: readonly Pick<ComponentHealth, 'status'>[]): HealthSummary {
  const count = (status: HealthStatus) => found.filter((each) => each.status === status).length
  return {
    total: found.length,
    healthy: count('HEALTHY'),
    warning: count('WARNING'),
    critical: count('CRITICAL'),
    unknown: count('UNKNOWN'),
  }
}

/** A sentence for everybody: names of components, nothing else. */
export function messageOf(found: readonly Pick<ComponentHealth, 'name' | 'status'>[]): string {
  if (found.length === 0) return 'Nothing has been checked yet.'
  const parts = (['CRITICAL', 'WARNING', 'UNKNOWN'] as const).flatMap((status) => {
    const names = [...new Set(found.filter((each) => each.status === status).map(({ name }) => name))]
    return names.length === 0 ? [] : [`${status.toLowerCase()}: ${names.join(', ')}`]
  })
  if (parts.length === 0) return 'All components are healthy.'
  const text = parts.join('; ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

/** Another node's components as they may be told `now`: not known where it has been silent too long, none where it is gone. */
export function componentsOf(node: NodeHealth, now: number): ComponentHealth[] {
  const silentMs = now - node.reportedAt
  if (silentMs >= forgottenMs) return []
  if (silentMs < staleMs) return node.components
  return node.components.map((component) => ({
    ...component,
    status: 'UNKNOWN',
    message: 'Its node does not report.',
    responseTimeMs: null,
  }))
}
