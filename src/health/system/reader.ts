import type { ComponentHealth, SystemHealth } from './model.ts'

/** The health of the system as it was found last: reading asks nothing of anybody, however many read. */
export interface SystemHealthReader {
  /** This node's components. */
  own(): ComponentHealth[]
  /** All nodes' components, and the streams and producers of this project. */
  read(projectId: string): SystemHealth
  /** Calls back when there may be something new, at most a few times a second. Returns the way to stop. */
  onChange(listener: () => void): () => void
}
