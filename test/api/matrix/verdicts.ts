/** What a field asks of its caller. */
export type Verdict =
  | 'ANY'
  | 'READ'
  | 'WRITE'
  | 'ADMIN'
  | 'OPERATOR'
  | 'PLAYER'
  | 'PLAYER_OR_READ'
  | 'SESSION'
  | 'SESSION_OR_READ'
  | 'SESSION_OR_WRITE'

/**
 * Everybody who may ask: without a key where the project is public and where it is not, the same two with the token of a session, a key of each scope alone,
 * and an ADMIN key of the first project, which is the operator's.
 */
export const callerNames = [
  'NOBODY',
  'NOBODY_CLOSED',
  'SESSION',
  'SESSION_CLOSED',
  'READ',
  'WRITE',
  'PUBLISH',
  'PLAY',
  'ADMIN',
  'OPERATOR',
] as const
export type CallerName = (typeof callerNames)[number]

/** Whom each verdict lets in, within their own project. */
export const lets: Record<Verdict, readonly CallerName[]> = {
  ANY: ['NOBODY', 'SESSION', 'READ', 'WRITE', 'PUBLISH', 'PLAY', 'ADMIN', 'OPERATOR'],
  READ: ['READ', 'WRITE', 'ADMIN', 'OPERATOR'],
  WRITE: ['WRITE', 'ADMIN', 'OPERATOR'],
  ADMIN: ['ADMIN', 'OPERATOR'],
  OPERATOR: ['OPERATOR'],
  PLAYER: ['PLAY', 'WRITE', 'ADMIN', 'OPERATOR'],
  PLAYER_OR_READ: ['PLAY', 'READ', 'WRITE', 'ADMIN', 'OPERATOR'],
  SESSION: ['SESSION', 'SESSION_CLOSED', 'PLAY', 'WRITE', 'ADMIN', 'OPERATOR'],
  SESSION_OR_READ: ['SESSION', 'SESSION_CLOSED', 'PLAY', 'READ', 'WRITE', 'ADMIN', 'OPERATOR'],
  SESSION_OR_WRITE: ['SESSION', 'SESSION_CLOSED', 'WRITE', 'ADMIN', 'OPERATOR'],
}

/** What node() and nodes() ask for a thing of each kind. */
export const nodeVerdicts: Record<string, Verdict> = {
  Stream: 'ANY',
  Producer: 'ANY',
  Consumer: 'SESSION_OR_READ',
  Reservation: 'PLAYER_OR_READ',
  Event: 'READ',
  RecoveryAttempt: 'READ',
  MediaNode: 'READ',
  Project: 'READ',
  ApiKey: 'ADMIN',
}

/**
 * Every field of every type, once: a field of the schema that is not here fails the test, and so does one that is here alone. What a field asks is thought
 * over when it is written here; that the server does so is what the test is for.
 */
export const verdicts: Record<string, Partial<Record<Verdict, string>>> = {
  Actor: { ADMIN: 'address apiKey', READ: 'kind name' },
  ApiKey: { ADMIN: 'createdAt expiresAt id lastUsedAt name prefix revokedAt scopes' },
  ApiKeyConnection: { ANY: 'edges nodes pageInfo' },
  ApiKeyEdge: { ANY: 'cursor node' },
  ApiKeySecret: { ADMIN: 'apiKey key' },
  Checkpoint: { ANY: 'at caughtUp cursor' },
  ComponentHealth: { ANY: 'checkedAt component message name responseTimeMs status', READ: 'details mediaNode' },
  Consumer: {
    SESSION_OR_READ:
      'bitrateBps bytesSent clientId closeMessage closeReason closedAt id lastHeartbeatAt measuredAt openedAt packetsLost playerStats protocol roundTripMs sessionSeconds source state stateSince stream streamId tracks',
  },
  ConsumerConnection: { ANY: 'edges nodes pageInfo totalCount' },
  ConsumerCounts: { READ: 'active total' },
  ConsumerEdge: { ANY: 'cursor node' },
  ConsumerSession: {
    SESSION:
      'consumer heartbeatSeconds routerRtpCapabilities timeoutSeconds token tokenExpiresAt tracks transportOptions url',
  },
  ConsumerTrack: { SESSION_OR_READ: 'consumerOptions id kind paused producerId' },
  ErrorDetail: { READ: 'code message' },
  Event: { READ: 'actor at cursor data id subject subjectId type' },
  EventConnection: { ANY: 'edges nodes pageInfo' },
  EventEdge: { ANY: 'cursor node' },
  FfmpegProcess: {
    ANY: 'bitrateBps cpuPercent droppedFrames fps frames healthy measuredAt memoryBytes pid restarts speed status stream uptimeSeconds',
    READ: 'lastExit',
  },
  Gap: { ANY: 'cursor missed' },
  HealthChange: { ANY: 'at closed cursor opened previous status' },
  HealthIssue: { ANY: 'evidence reason severity since track type' },
  HealthSummary: { ANY: 'critical healthy total unknown warning' },
  Heartbeat: { SESSION: 'accepted at closeMessage closeReason consumerId nextBefore refusal token' },
  MediaNode: { READ: 'capacity consumers cpuPercent draining id lastSeenAt name startedAt status streams version' },
  MediaTrack: {
    ANY: 'bitrateBps channels codec fps height keyframeIntervalSeconds kind lastProgressAt sampleRate width',
  },
  Mutation: {
    SESSION_OR_WRITE: 'closeConsumer',
    WRITE:
      'closeProducer createProducer createStream deleteStream restartStream restartStreams startStream startStreams stopStream stopStreams updateStream',
    SESSION: 'connectConsumer consume pauseConsumer recordHeartbeat reopenConsumer restartConsumerIce resumeConsumer',
    ADMIN: 'createApiKey revokeApiKey updateProject',
    OPERATOR: 'createProject drainMediaNode',
    PLAYER: 'createReservation extendReservation openConsumer recordHeartbeats releaseReservation',
  },
  PageInfo: { ANY: 'endCursor hasNextPage hasPreviousPage startCursor' },
  Playback: { ANY: 'hlsUrl whepUrl' },
  ProcessExit: { READ: 'at cause code log signal' },
  Producer: {
    READ: 'bitrateBps closeReason jitterMs measuredAt packets packetsLost score',
    ANY: 'closedAt codec createdAt id kind ssrcs state stream uptimeSeconds',
  },
  ProducerConnection: { ANY: 'edges nodes pageInfo' },
  ProducerEdge: { ANY: 'cursor node' },
  ProducerFigures: {
    READ: 'bitrateBps jitterMs measuredAt packetsLost score',
    ANY: 'kind producerId ssrcs state uptimeSeconds',
  },
  Project: { ADMIN: 'apiKeys sourcePolicy', READ: 'createdAt id name publicHealth quotas' },
  ProjectConnection: { ANY: 'edges nodes pageInfo' },
  ProjectEdge: { ANY: 'cursor node' },
  Query: {
    SESSION_OR_READ: 'consumer',
    READ: 'consumers events mediaNodes project projects recoveryAttempts recoveryStats reservationCounts reservations systemMetrics',
    ANY: 'node nodes producer producers stream streamHealth streams systemHealth systemHealthAt systemHealthTimeline viewer',
    PLAYER_OR_READ: 'reservation',
  },
  Quotas: { READ: 'maxConsumers maxReservations perSource requestsPerMinute' },
  RecoveryAttempt: { READ: 'action cause downtimeSeconds endedAt evidence id log number outcome startedAt stream' },
  RecoveryAttemptConnection: { ANY: 'edges nodes pageInfo' },
  RecoveryAttemptEdge: { ANY: 'cursor node' },
  RecoveryPolicy: {
    READ: 'bitrateDropPercent cooldownSeconds cpuPercent enabled frameRatePercent freezeSeconds jitterMs keyframeSeconds maxAttempts memoryBytes packetLossPercent pictureStill sourceMaxRetries sourceRetrySeconds speed',
  },
  RecoveryStats: { READ: 'coolingDownUntil enabled lastRestartAt recentAttempts restarts sourceRetries' },
  Reservation: { PLAYER_OR_READ: 'activatedAt createdAt expiresAt holder id releasedAt source state stream streamId' },
  ReservationConnection: { ANY: 'edges nodes pageInfo totalCount' },
  ReservationCounts: { READ: 'active bySource total' },
  ReservationEdge: { ANY: 'cursor node' },
  SourcePolicy: { ADMIN: 'allowCidrs denyCidrs schemes' },
  SourceQuota: { READ: 'active limit source total' },
  Stream: {
    READ: 'consumerCounts consumers events labels maxConsumers mediaNode project recovery recoveryAttempts recoveryPolicy reservationCounts reservations source',
    ANY: 'createdAt deletedAt desiredState generation health healthAt healthTimeline id name observedGeneration onDemand playback process producers state stateCause stateReason stateSince tracks updatedAt uptimeSeconds',
  },
  StreamConnection: { ANY: 'edges nodes pageInfo totalCount' },
  StreamCounts: { ANY: 'byState total' },
  StreamEdge: { ANY: 'cursor node' },
  StreamHealth: { ANY: 'at issues process producers status streamId', READ: 'consumers' },
  StreamHealthPoint: {
    ANY: 'bitrateBps cpuPercent fps from issues livePercent memoryBytes restarts status to',
    READ: 'consumers',
  },
  StreamHealthTimeline: { ANY: 'bucketSeconds points' },
  StreamResult: { READ: 'error id stream' },
  StreamSource: { READ: 'kind options url' },
  StreamStateCount: { ANY: 'count state' },
  StreamsUpdate: { ANY: 'at changed complete cursor removedIds reset' },
  Subscription: { READ: 'events', ANY: 'node streamHealth streams systemHealth' },
  SystemHealth: {
    ANY: 'activeConsumers activeProcesses activeProducers at components durationMs message status streams summary',
  },
  SystemHealthPoint: { ANY: 'from status streamsByState to unhealthyComponents' },
  SystemHealthTimeline: { ANY: 'bucketSeconds points' },
  SystemMetrics: { READ: 'bucketSeconds points' },
  SystemMetricsPoint: {
    READ: 'activeConsumers activeStreams at cpuPercent diskPercent eventLoopLagMs memoryPercent temporaryFolderBytes',
  },
  Viewer: { READ: 'project', ANY: 'scopes' },
}
