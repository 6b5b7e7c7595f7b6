/** What is kept of the past: plain data, shared by recorder, store, reader and API. No I/O here. */
import type { HealthIssue, HealthStatus, HealthView, StreamObservation } from '../health/model.ts'
import type { Component } from '../health/system/model.ts'
import type { StreamState } from '../streams/model.ts'

/** One stream at one moment. Null is "not measured". `at` in ms since the epoch. */
export interface StreamSample {
  at: number
  live: boolean
  status: HealthStatus
  fps: number | null
  bitrateBps: number | null
  /** Of FFmpeg; 100 is one core. */
  cpuPercent: number | null
  memoryBytes: number | null
  consumers: number
  /** FFmpeg restarts since the sample before. */
  restarts: number
  issues: HealthIssue[]
}

/**
 * One node at one moment, taken once in HEALTH_CHECK_INTERVAL. Null is "not measured". `at` in ms since the epoch.
 * Everything in it is of this node alone: several nodes are added up when they are read.
 */
export interface SystemSample {
  at: number
  nodeId: string
  /** 0 to 100 of all cores of the machine. */
  cpuPercent: number | null
  memoryPercent: number | null
  diskPercent: number | null
  /** Streams that this node runs. */
  activeStreams: number | null
  activeConsumers: number | null
  temporaryFolderBytes: number | null
  /** The longest in the time since the sample before. */
  eventLoopLagMs: number | null
  /** How long the slowest of the checks took. */
  durationMs: number
  /** By component, the worst of those of one kind. */
  components: Partial<Record<Component, HealthStatus>>
  /** The streams that this node runs. */
  streamsByState: Partial<Record<StreamState, number>>
}

/** Keeps samples. Neither call waits or throws: what can't be written waits in memory, which is bounded. */
export interface SampleRecorder {
  stream(observation: StreamObservation, view: HealthView): void
  system(sample: SystemSample): void
  /** Writes what is open; afterwards nothing is taken any more. */
  stop(): Promise<void>
}
