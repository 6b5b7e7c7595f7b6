import type { HealthStatus } from '../health/model.ts'
import { type Component, components, type SystemHealth } from '../health/system/model.ts'
import { messageOf, summarize, worst } from '../health/system/rules.ts'
import { type StreamState, streamStates } from '../streams/model.ts'
import { addMeans, type Mean, meanOf, meanValue, most } from './figures.ts'
import type { SystemSample } from './model.ts'
import type { Past, Timeline } from './reader.ts'
import { type SystemRollup, worstComponents } from './system-samples.ts'

/** Several nodes in one bucket. Null is "not measured". Times in ms since the epoch. */
export interface SystemPoint {
  from: number
  to: number
  /** Means over the nodes; of disks the fullest. */
  cpuPercent: number | null
  memoryPercent: number | null
  diskPercent: number | null
  /** Of all nodes together. */
  activeStreams: number | null
  activeConsumers: number | null
  temporaryFolderBytes: number | null
  /** The longest. */
  eventLoopLagMs: number | null
  status: HealthStatus
  unhealthyComponents: Component[]
  streamsByState: Record<StreamState, number>
}

/** The timelines of several nodes, of one range, as one. */
export function systemPoints(timelines: readonly Timeline<SystemRollup>[]): SystemPoint[] {
  const buckets = new Map<number, { from: number; to: number; rollups: SystemRollup[] }>()
  for (const { from, to, rollup } of timelines.flatMap((timeline) => timeline.buckets)) {
    const bucket = buckets.get(from) ?? { from, to, rollups: [] }
    bucket.rollups.push(rollup)
    buckets.set(from, bucket)
  }
  return [...buckets.values()]
    .sort((a, b) => a.from - b.from)
    .map(({ from, to, rollups }) => ({ from, to, ...systemFigures(rollups) }))
}

function systemFigures(nodes: readonly SystemRollup[]): Omit<SystemPoint, 'from' | 'to'> {
  const meanOfNodes = (read: (node: SystemRollup) => Mean) =>
    meanValue(nodes.map((node) => meanOf(meanValue(read(node)))).reduce(addMeans, meanOf(null)))
  const fold = (read: (node: SystemRollup) => number | null, add: (a: number, b: number) => number) =>
    nodes.map(read).reduce((a, b) => (a === null ? b : b === null ? a : add(a, b)), null)
  const sum = (read: (node: SystemRollup) => number | null) => fold(read, (a, b) => a + b)
  const found = worstComponents(nodes.map((node) => node.components))
  return {
    cpuPercent: meanOfNodes((node) => node.cpuPercent),
    memoryPercent: meanOfNodes((node) => node.memoryPercent),
    diskPercent: nodes.map((node) => meanValue(node.diskPercent)).reduce(most, null),
    activeStreams: sum((node) => node.activeStreams),
    activeConsumers: sum((node) => node.activeConsumers),
    temporaryFolderBytes: sum((node) => node.temporaryFolderBytes),
    eventLoopLagMs: nodes.map((node) => node.eventLoopLagMs).reduce(most, null),
    status: worst(Object.values(found)),
    unhealthyComponents: components.filter((component) => found[component] && found[component] !== 'HEALTHY'),
    streamsByState: countByState(nodes),
  }
}

const countByState = (nodes: readonly SystemRollup[]) =>
  Object.fromEntries(
    streamStates.map((state) => [state, nodes.reduce((count, node) => count + (node.streamsByState[state] ?? 0), 0)]),
  ) as Record<StreamState, number>

/** What the nodes were at an instant, in the form of what they are; null where no sample is left. */
export function pastSystemHealth(nodes: ReadonlyMap<string, Past<SystemSample, SystemRollup>>): SystemHealth | null {
  if (nodes.size === 0) return null
  const found = [...nodes].flatMap(([nodeId, { at, rollup }]) =>
    components.flatMap((component) => {
      const status = rollup.components[component]
      const name = component.toLowerCase()
      const message = `It was ${status} then.`
      return status
        ? [{ nodeId, component, name, status, message, details: {}, responseTimeMs: null, checkedAt: at }]
        : []
    }),
  )
  const pasts = [...nodes.values()]
  const { activeConsumers, streamsByState } = systemFigures(pasts.map(({ rollup }) => rollup))
  return {
    status: worst(found.map(({ status }) => status)),
    message: messageOf(found),
    at: Math.max(...pasts.map(({ at }) => at)),
    durationMs: Math.max(...pasts.map(({ rollup }) => rollup.durationMs)),
    components: found,
    summary: summarize(found),
    streamsByState,
    activeProcesses: null,
    activeProducers: null,
    activeConsumers,
  }
}
