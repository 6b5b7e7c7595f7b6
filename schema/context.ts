import type { Caller } from '../src/caller.ts'
import type { ConsumerService } from '../src/consumers/types.ts'
import type { EventHub } from '../src/events/hub.ts'
import type { LogLimits } from '../src/events/subscribe.ts'
import type { SystemHealthReader } from '../src/health/system/reader.ts'
import type { Standing } from '../src/limits/standing.ts'
import type { NodeService } from '../src/nodes/service.ts'
import type { Bus } from '../src/platform/bus/bus.ts'
import type { Database } from '../src/platform/database/database.ts'
import type { ProducerService } from '../src/producers/types.ts'
import type { ProjectService } from '../src/projects/service.ts'
import type { ReservationService } from '../src/reservations/types.ts'
import type { SampleReaders } from '../src/samples/reader.ts'
import type { StreamPolicy } from '../src/streams/policy.ts'
import type { LiveFigures, StreamRow, StreamService } from '../src/streams/types.ts'
import type { MutationNote } from './audit.ts'
import type { Loaders } from './loaders.ts'

/** Where a stream can be watched; null where it can't be in that way. */
export interface PlaybackUrls {
  whepUrl: string | null
  hlsUrl: string | null
}

/** What the schema stands on: the same for every operation. */
export interface SchemaDeps {
  db: Database
  services: {
    streams: StreamService
    producers: ProducerService
    nodes: NodeService
    projects: Pick<ProjectService, 'create' | 'update' | 'createKey' | 'revokeKey' | 'isOperator'>
    reservations: ReservationService
    consumers: ConsumerService
  }
  figures: LiveFigures
  systemHealth: SystemHealthReader
  /** The past. */
  samples: SampleReaders
  bus: Bus
  /** The follower of the event log that all subscribers share. */
  eventHub: EventHub
  /** Bounds of subscriptions of the log, where they are not the usual ones. */
  logLimits?: Partial<LogLimits>
  /** What the server sets for streams that do not set it for themselves. */
  policy: StreamPolicy
  /** `origin`: how the caller reached us (null: not known), for the links where no PUBLIC_URL is set. */
  playback: (stream: Pick<StreamRow, 'id'>, origin: string | null) => PlaybackUrls
  /** ms since the epoch. */
  now: () => number
}

/** What one operation is resolved with: the house, who asks, and loaders that live no longer than one answer. */
export interface GraphqlContext extends SchemaDeps {
  caller: Caller
  /** The same id in the answer's INTERNAL errors and in the log. */
  requestId: string
  /** The client's address as the server saw it; null where it isn't known. */
  address: string | null
  /** Scheme, host and port by which the caller reached us; null where that isn't known. */
  origin: string | null
  loaders: Loaders
  /** What its mutations were about, by their names in the answer. */
  mutationNotes: Map<string, MutationNote>
  /** The caller by its key as it is now, for what lives long. Throws UNAUTHENTICATED when it has been revoked since. */
  readmit: () => Promise<Caller>
  /** How the caller stands; not there where nothing is counted. */
  entry?: { standing: Standing | null }
  /** The caller's session has a new token: a socket that lives long goes on with it. */
  tokenRenewed: (token: string) => void
}
