/** What the health of the system is: plain data, shared by the checks, the store and the API. No I/O here. */
import type { StreamState } from '../../streams/model.ts'
import type { HealthStatus } from '../model.ts'

/** What a node is made of and stands on. EXTERNAL: what its operator named to be checked beside it. */
export const components = [
  'DATABASE',
  'FFMPEG',
  'MEDIASOUP',
  'EVENT_BUS',
  'DISK',
  'TEMPORARY_FOLDER',
  'SYSTEM_RESOURCES',
  'EXTERNAL',
] as const
export type Component = (typeof components)[number]

/** What a check found. `message` is for everybody: no addresses, URLs or texts of errors; those stand in `details`. */
export interface CheckOutcome {
  status: HealthStatus
  message: string
  /** JSON, names in camelCase with their units. For keys only. */
  details: Record<string, unknown>
}

/** One component of one node as it was when last checked. */
export interface ComponentHealth extends CheckOutcome {
  nodeId: string
  component: Component
  /** Its own among the components of a node: that of the component in lower case, or what EXTERNAL_CHECKS calls it. */
  name: string
  /** Null where no answer came within the deadline. */
  responseTimeMs: number | null
  /** ms since the epoch. */
  checkedAt: number
}

/** What one node says of itself, in a row that the others read. */
export interface NodeHealth {
  nodeId: string
  components: ComponentHealth[]
  activeProcesses: number
  /** ms since the epoch, by the database's clock. */
  reportedAt: number
}

/** What of the system belongs to one project. */
export interface ProjectFacts {
  streamsByState: Record<StreamState, number>
  /** Producers whose packets arrive. */
  activeProducers: number
  /** Sessions that are connected, paused ones with them. */
  activeConsumers: number
}

export interface HealthSummary {
  total: number
  healthy: number
  warning: number
  critical: number
  unknown: number
}

/** Everything, as the API answers it. Null is "not known". */
export interface SystemHealth {
  status: HealthStatus
  message: string
  /** When the newest of the checks ended, in ms since the epoch. */
  at: number
  durationMs: number
  components: ComponentHealth[]
  summary: HealthSummary
  streamsByState: Record<StreamState, number> | null
  activeProcesses: number | null
  activeProducers: number | null
  activeConsumers: number | null
}
