import type { ConsumerState } from '../../consumers/model.ts'
import type { HealthIssueType, HealthStatus } from '../../health/model.ts'
import type { ProducerState } from '../../producers/model.ts'
import type { StreamState } from '../../streams/model.ts'
import type { ProcessStatus } from '../../streams/process-status.ts'
import type { PlaceScope } from '../database/tables.ts'
import type { ErrorCount } from '../logs/error-counts.ts'

/** What a scrape reads, each part on its own: where one fails, its series are absent and the others still there. Null is "not measured". */
export interface MetricsSource {
  streams(): Promise<StreamSample[]>
  producers(): Promise<ProducerSample[]>
  /** One sample, of all sessions. */
  consumers(): Promise<ConsumersSample[]>
  reservations(): Promise<ReservationSample[]>
  refusals(): Promise<RefusalSample[]>
  processes(): Promise<ProcessSample[]>
  components(): Promise<ComponentSample[]>
  errors(): Promise<ErrorCount[]>
}

export interface StreamSample {
  id: string
  name: string
  state: StreamState
  /** Since it last became LIVE; null where it isn't. */
  uptimeSeconds: number | null
  /** Its FFmpeg; null where another node runs it, which tells of it itself. */
  process: {
    status: ProcessStatus
    /** Since it was last started by order. */
    restarts: number
    /** Whether audio packets arrive; null where it has no audio or that isn't known here. */
    audioAvailable: boolean | null
  } | null
  /** As judged by the node that runs it, and each issue once a track; null where that is not this one. */
  health: { status: HealthStatus; issues: HealthIssueType[] } | null
}

/** One component of this node. */
export interface ComponentSample {
  component: string
  name: string
  status: HealthStatus
  /** Null where no answer came in time. */
  checkSeconds: number | null
}

export interface ProducerSample {
  id: string
  streamId: string
  state: ProducerState
  /** Since it was made; null where it is closed. */
  uptimeSeconds: number | null
}

/** The sessions of all nodes. */
export interface ConsumersSample {
  /** By stream and state; state null, with 0, for a stream that has none. */
  counts: { streamId: string; state: ConsumerState | null; count: number }[]
  /** That have ended and are kept, counted up to a bound. */
  closed: number
  /** Those that have been open for longest, as many as have series of their own. */
  longest: { id: string; streamId: string; clientId: string; seconds: number }[]
}

/** The open reservations of one source. */
export interface ReservationSample {
  source: string
  held: number
  active: number
}

/** How often a limit of places has refused a reservation since the process started. */
export interface RefusalSample {
  scope: PlaceScope
  count: number
}

/** One FFmpeg that runs. */
export interface ProcessSample {
  streamId: string
  /** 100 is one core. */
  cpuPercent: number | null
  memoryBytes: number | null
  /** Whether its media is moving; null where that isn't known yet. */
  healthy: boolean | null
}
