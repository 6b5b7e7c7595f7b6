import type { StreamState } from '../../streams/model.ts'
import type { HealthStatus } from '../model.ts'
import { type Component, type ComponentHealth, components } from './model.ts'
import { worst } from './rules.ts'

/** What else belongs to a sample of a node beside its components. `at` in ms since the epoch. */
export interface SampleFacts {
  at: number
  nodeId: string
  activeConsumers: number
  /** Streams that this node runs; null where that isn't known. */
  streamsByState: Partial<Record<StreamState, number>> | null
}

/** One node at one moment, for what is kept of the past; figures are those that its checks measured. */
export function sampleOf(found: readonly ComponentHealth[], facts: SampleFacts) {
  const figure = (component: Component, name: string): number | null => {
    const value = found.find((each) => each.component === component)?.details[name]
    return typeof value === 'number' ? value : null
  }
  const { streamsByState } = facts
  const statuses: Partial<Record<Component, HealthStatus>> = {}
  for (const component of components) {
    const ofKind = found.filter((each) => each.component === component)
    if (ofKind.length > 0) statuses[component] = worst(ofKind.map(({ status }) => status))
  }
  return {
    at: facts.at,
    nodeId: facts.nodeId,
    cpuPercent: figure('SYSTEM_RESOURCES', 'cpuPercent'),
    memoryPercent: figure('SYSTEM_RESOURCES', 'memoryPercent'),
    diskPercent: figure('DISK', 'usedPercent'),
    activeStreams: streamsByState && Object.values(streamsByState).reduce((sum, count) => sum + count, 0),
    activeConsumers: facts.activeConsumers,
    temporaryFolderBytes: figure('TEMPORARY_FOLDER', 'bytes'),
    eventLoopLagMs: figure('SYSTEM_RESOURCES', 'eventLoopLongestMs'),
    durationMs: slowestMs(found),
    components: statuses,
    streamsByState: streamsByState ?? {},
  }
}

export type NodeSample = ReturnType<typeof sampleOf>

/** How long the slowest check took: they run beside one another. One that did not answer took its deadline. */
export function slowestMs(found: readonly ComponentHealth[]): number {
  const times = found.map(({ responseTimeMs, details }) => responseTimeMs ?? Number(details.deadlineMs ?? 0))
  return Math.max(0, ...times)
}
