import type { CloseReason, ConsumerProtocol, ConsumerState } from '../consumers/model.ts'
import type { ErrorCode } from '../errors.ts'
import type { HealthIssueType, HealthStatus, Severity } from '../health/model.ts'
import type { EventActor, Scope } from '../platform/database/tables.ts'
import type { ProducerCloseReason, ProducerState } from '../producers/model.ts'
import type { RecoveryAction, RecoveryOutcome } from '../recovery/model.ts'
import type { DesiredState, FailureCause, MediaKind, SourceKind, StreamState } from '../streams/model.ts'

/**
 * Everything that can stand in the log, and what it carries beside its subject. Published: webhooks and subscriptions
 * carry the same names and data. The subject is the thing that the name begins with.
 */
export interface EventData {
  'project.created': { name: string }
  /** `changed`: the fields whose value is another now. */
  'project.updated': { name: string; changed: string[] }
  'key.created': { name: string; prefix: string; scopes: Scope[] }
  'key.revoked': { name: string; prefix: string }
  /**
   * A mutation was asked for, by whatever way; the subject is the project. `result` is OK or an error's code, `subjectIds` the ids that it was about, at
   * most 20. Heartbeats are not audited.
   */
  'audit.mutation': {
    mutation: string
    result: 'OK' | ErrorCode
    subjectIds: string[]
    transport: 'HTTP' | 'WEBSOCKET'
    requestId: string
  }
  'stream.created': { name: string; sourceKind: SourceKind; desiredState: DesiredState }
  /** `changed`: the fields whose value is another now. */
  'stream.updated': { name: string; changed: string[] }
  'stream.deleted': { name: string }
  'stream.ordered': { order: 'START' | 'STOP' | 'RESTART'; desiredState: DesiredState; generation: number }
  'stream.state_changed': {
    from: StreamState
    to: StreamState
    reason: string | null
    cause: FailureCause | null
    mediaNodeId: string | null
  }
  'producer.created': { streamId: string; kind: MediaKind; codec: string }
  'producer.state_changed': { streamId: string; kind: MediaKind; from: ProducerState; to: ProducerState }
  'producer.closed': { streamId: string; kind: MediaKind; reason: ProducerCloseReason }
  /** `opened` and `closed` are types of issues; the subject is the stream. */
  'stream.health_changed': {
    from: HealthStatus
    to: HealthStatus
    opened: {
      type: HealthIssueType
      track: MediaKind | null
      severity: Severity
      reason: string
      since: number
      evidence: object
    }[]
    closed: HealthIssueType[]
  }
  /** A failure was answered; the subject is the stream. */
  'stream.recovery_attempted': { attemptId: string; number: number; cause: FailureCause; action: RecoveryAction }
  'stream.recovery_ended': { attemptId: string; outcome: RecoveryOutcome; downtimeSeconds: number | null }
  /** So many attempts in a row have failed that somebody should look; it goes on slowly. */
  'stream.recovery_escalated': { attemptId: string; number: number; cause: FailureCause; nextAttemptAt: string | null }
  'consumer.opened': { streamId: string; clientId: string; source: string | null; protocol: ConsumerProtocol }
  'consumer.state_changed': { streamId: string; from: ConsumerState; to: ConsumerState }
  'consumer.closed': {
    streamId: string
    clientId: string
    protocol: ConsumerProtocol
    reason: CloseReason
    message: string | null
    sessionSeconds: number
  }
  'reservation.created': { streamId: string; source: string; holder: string | null; expiresAt: string }
  'reservation.activated': { streamId: string; source: string; consumerId: string }
  'reservation.released': { streamId: string; source: string }
  'reservation.expired': { streamId: string; source: string }
  'node.started': { name: string; version: string }
  'node.stopped': { name: string }
  'node.lost': { name: string; lastSeenAt: string }
  'node.drain_ordered': { name: string; draining: boolean }
}

export type EventType = keyof EventData

/** The closed list, for filters and documentation. */
export const eventTypes = Object.keys({
  'project.created': true,
  'project.updated': true,
  'key.created': true,
  'key.revoked': true,
  'audit.mutation': true,
  'stream.created': true,
  'stream.updated': true,
  'stream.deleted': true,
  'stream.ordered': true,
  'stream.state_changed': true,
  'producer.created': true,
  'producer.state_changed': true,
  'producer.closed': true,
  'stream.health_changed': true,
  'stream.recovery_attempted': true,
  'stream.recovery_ended': true,
  'stream.recovery_escalated': true,
  'consumer.opened': true,
  'consumer.state_changed': true,
  'consumer.closed': true,
  'reservation.created': true,
  'reservation.activated': true,
  'reservation.released': true,
  'reservation.expired': true,
  'node.started': true,
  'node.stopped': true,
  'node.lost': true,
  'node.drain_ordered': true,
} satisfies Record<EventType, true>) as EventType[]

/** What only ADMIN may read: they carry addresses and names of whoever does something. */
export const adminEventTypes: readonly EventType[] = ['audit.mutation']

/** An event to append: its type decides what `data` is. */
export type NewEvent = {
  [T in EventType]: {
    type: T
    projectId: string
    subjectId: string
    data: EventData[T]
    /** Who did it; absent where the system did. */
    actor?: EventActor | null
  }
}[EventType]

/** Which events; a member that is absent does not narrow. An empty list of types matches nothing. */
export interface EventFilter {
  projectId?: string | undefined
  types?: readonly EventType[] | undefined
  /** None of these. */
  except?: readonly EventType[] | undefined
  subjectId?: string | undefined
  /** From this time on. */
  from?: Date | undefined
  /** Before this time. */
  to?: Date | undefined
}

export function isEventType(name: string): name is EventType {
  return (eventTypes as string[]).includes(name)
}
