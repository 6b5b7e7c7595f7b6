import { closeReasons, consumerProtocols, consumerStates, heartbeatRefusals } from '../src/consumers/model.ts'
import { type ErrorCode, errorTable } from '../src/errors.ts'
import { healthIssueTypes, healthStatuses, severities } from '../src/health/model.ts'
import { scopes } from '../src/platform/database/tables.ts'
import { producerStates } from '../src/producers/model.ts'
import { recoveryActions, recoveryOutcomes } from '../src/recovery/model.ts'
import { reservationStates } from '../src/reservations/model.ts'
import {
  desiredStates,
  failureCauses,
  mediaKinds,
  rtspTransports,
  sourceKinds,
  streamStates,
} from '../src/streams/model.ts'
import { processStatuses } from '../src/streams/process-status.ts'
import { builder } from './builder.ts'

export const DesiredState = builder.enumType('DesiredState', {
  description: 'What was ordered.',
  values: desiredStates,
})

export const StreamState = builder.enumType('StreamState', {
  description: 'What is. LIVE: media arrives at mediasoup, not merely a process that exists.',
  values: streamStates,
})

export const MediaKind = builder.enumType('MediaKind', { values: mediaKinds })
export const SourceKind = builder.enumType('SourceKind', { values: sourceKinds })
export const RtspTransport = builder.enumType('RtspTransport', { values: rtspTransports })
export const ProducerState = builder.enumType('ProducerState', {
  description: 'CREATED: made, no packet yet. ACTIVE: packets arrive.',
  values: producerStates,
})
export const ProcessStatus = builder.enumType('ProcessStatus', {
  description: 'CRASHED: it ended without having been asked to, and none has taken its place.',
  values: processStatuses,
})
export const FailureCause = builder.enumType('FailureCause', {
  description: 'Why media did not come or stopped coming.',
  values: failureCauses,
})
export const RecoveryAction = builder.enumType('RecoveryAction', {
  description:
    'What is done about a failure. ESCALATE: so many in a row have failed that somebody should look; it goes on slowly. NONE: recovery is off.',
  values: recoveryActions,
})
export const RecoveryOutcome = builder.enumType('RecoveryOutcome', {
  description: 'RECOVERED: media flows again. FAILED: it failed again. SUPERSEDED: an order came in between.',
  values: recoveryOutcomes,
})
export const ConsumerState = builder.enumType('ConsumerState', {
  description:
    'NEW: opened, no media yet. CONNECTED: media goes to it. PAUSED: connected, every kind paused. STALE: its connection is gone and its place is kept for a while: its player may open it again. CLOSED: for good.',
  values: consumerStates,
})
export const ConsumerProtocol = builder.enumType('ConsumerProtocol', {
  description: "MEDIASOUP: mediasoup's signalling, by these mutations. WHEP and HLS: by HTTP.",
  values: consumerProtocols,
})
export const CloseReason = builder.enumType('CloseReason', {
  description:
    'CLIENT: its player said goodbye. FORCED: shown the door. HEARTBEAT_TIMEOUT: not heard of for too long. REPLACED: another took its place. NODE_LOST: its node was lost and it did not come back in time. KEY_REVOKED: the key that opened it is no longer good. TRANSPORT_FAILED: its connection could not be made.',
  values: closeReasons,
})
export const ReservationState = builder.enumType('ReservationState', {
  description:
    'HELD: a place is kept until it expires. ACTIVE: a session sits on it. RELEASED: given back, or its session has ended. EXPIRED: nobody came in time.',
  values: reservationStates,
})
export const HeartbeatRefusal = builder.enumType('HeartbeatRefusal', {
  description: 'UNKNOWN: there is no such session. CLOSED: it has ended.',
  values: heartbeatRefusals,
})
export const HealthStatus = builder.enumType('HealthStatus', {
  description: 'UNKNOWN: not measured, or not any more. It is neither good nor bad.',
  values: healthStatuses,
})
export const Severity = builder.enumType('Severity', { values: severities })
export const HealthIssueType = builder.enumType('HealthIssueType', {
  description: 'What can be wrong with a stream: docs/health.md.',
  values: healthIssueTypes,
})
export const Scope = builder.enumType('Scope', {
  description: 'What a key may do. WRITE includes READ, ADMIN includes all.',
  values: scopes,
})
export const SortDirection = builder.enumType('SortDirection', { values: ['ASC', 'DESC'] as const })
export const ActorKind = builder.enumType('ActorKind', {
  values: ['API_KEY', 'JWT', 'SESSION', 'ANONYMOUS', 'SYSTEM'] as const,
})
export const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'Every error carries one of these as extensions.code.',
  values: Object.fromEntries(
    Object.entries(errorTable).map(([code, { meaning }]) => [code, { value: code as ErrorCode, description: meaning }]),
  ) as Record<ErrorCode, { value: ErrorCode; description: string }>,
})
