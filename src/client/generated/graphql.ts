/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** CLIENT: its player said goodbye. FORCED: shown the door. HEARTBEAT_TIMEOUT: not heard of for too long. REPLACED: another took its place. NODE_LOST: its node was lost and it did not come back in time. KEY_REVOKED: the key that opened it is no longer good. TRANSPORT_FAILED: its connection could not be made. */
export type CloseReason =
  | 'CLIENT'
  | 'FORCED'
  | 'HEARTBEAT_TIMEOUT'
  | 'KEY_REVOKED'
  | 'NODE_LOST'
  | 'REPLACED'
  | 'STREAM_DELETED'
  | 'STREAM_STOPPED'
  | 'TRANSPORT_FAILED';

/** What a node is made of and stands on. EXTERNAL: what EXTERNAL_CHECKS names. */
export type Component =
  | 'DATABASE'
  | 'DISK'
  | 'EVENT_BUS'
  | 'EXTERNAL'
  | 'FFMPEG'
  | 'MEDIASOUP'
  | 'SYSTEM_RESOURCES'
  | 'TEMPORARY_FOLDER';

/** Everything that is given has to match. */
export type ConsumerFilter = {
  clientId?: string | null | undefined;
  source?: string | null | undefined;
  states?: Array<ConsumerState> | null | undefined;
  streamId?: string | number | null | undefined;
};

/** MEDIASOUP: mediasoup's signalling, by these mutations. WHEP and HLS: by HTTP. */
export type ConsumerProtocol =
  | 'HLS'
  | 'MEDIASOUP'
  | 'WHEP';

/** NEW: opened, no media yet. CONNECTED: media goes to it. PAUSED: connected, every kind paused. STALE: its connection is gone and its place is kept for a while: its player may open it again. CLOSED: for good. */
export type ConsumerState =
  | 'CLOSED'
  | 'CONNECTED'
  | 'NEW'
  | 'PAUSED'
  | 'STALE';

export type CreateApiKeyInput = {
  /** In the future. Null: good until it is revoked. */
  expiresAt?: string | null | undefined;
  /** 1 to 200 characters. */
  name: string;
  /** The caller's own where none is given; the operator may name any. */
  projectId?: string | number | null | undefined;
  /** One at least, and none that the maker has not; ADMIN has all. */
  scopes: Array<Scope>;
};

export type CreateProducerInput = {
  kind: MediaKind;
  streamId: string | number;
};

export type CreateReservationInput = {
  /** How long it is kept for somebody to come: 1 second to 30 days. */
  holdSeconds?: number;
  /** For whom, as you call them: at most 200 characters. */
  holder?: string | null | undefined;
  /** On whose account: 1 to 100 characters. */
  source: string;
  streamId: string | number;
};

export type CreateStreamInput = {
  /** An object of strings. */
  labels?: unknown;
  maxConsumers?: number | null | undefined;
  name: string;
  /** It starts with its first session, and stops when the last has been gone for a while. */
  onDemand?: boolean;
  recovery?: RecoveryPolicyInput | null | undefined;
  source: StreamSourceInput;
  /** Start it at once. */
  start?: boolean;
};

/** What was ordered. */
export type DesiredState =
  | 'RUNNING'
  | 'STOPPED';

export type DtlsFingerprintInput = {
  /** sha-256, or another of sha-1 to sha-512. */
  algorithm: string;
  value: string;
};

/** As mediasoup-client's transport gives them in its event connect. */
export type DtlsParametersInput = {
  fingerprints: Array<DtlsFingerprintInput>;
  /** auto, client or server. */
  role?: string | null | undefined;
};

/** Every error carries one of these as extensions.code. */
export type ErrorCode =
  /** The input is not acceptable; `fields` says which parts and why. */
  | 'BAD_USER_INPUT'
  /** No node has room for it; the answer says what was needed and what there was. */
  | 'CAPACITY_EXCEEDED'
  /** It contradicts something that exists already. */
  | 'CONFLICT'
  /** The key is good but does not carry the scope that this needs. */
  | 'FORBIDDEN'
  /** A fault of Weir itself; the log has the details under the same request id. */
  | 'INTERNAL'
  /** It can not be done to a thing in this state. */
  | 'INVALID_STATE'
  /** Another node owns this by now. */
  | 'LEASE_LOST'
  /** There is nothing with this id, or it belongs to another project. */
  | 'NOT_FOUND'
  /** The project's quota is used up; the answer says what was needed and what there was. */
  | 'QUOTA_EXCEEDED'
  /** Too many requests; `retryAfterSeconds` says when to come back. */
  | 'RATE_LIMITED'
  /** The subscriber did not read fast enough; resume from the cursor. */
  | 'SLOW_SUBSCRIBER'
  /** It took longer than its deadline. */
  | 'TIMEOUT'
  /** The operation asks for more than one operation may. */
  | 'TOO_COMPLEX'
  /** No key was sent, or it is unknown, expired or revoked. */
  | 'UNAUTHENTICATED'
  /** Something that this needs does not answer; try again. */
  | 'UNAVAILABLE'
  /** The media or its description can not be carried. */
  | 'UNSUPPORTED_MEDIA';

export type EventFilter = {
  /** Inclusive. */
  from?: string | null | undefined;
  subjectId?: string | number | null | undefined;
  /** Exclusive. */
  to?: string | null | undefined;
  /** At most 100. */
  types?: Array<string> | null | undefined;
};

/** Why media did not come or stopped coming. */
export type FailureCause =
  | 'AUTH'
  | 'BLOCKED'
  | 'DECODE'
  | 'DNS'
  | 'ENDED'
  | 'KILLED'
  | 'LEASE_LOST'
  | 'NODE_LOST'
  | 'NOT_FOUND'
  | 'NO_MEDIA'
  | 'OUTPUT_LOST'
  | 'OUT_OF_MEMORY'
  | 'REDIRECT_LOOP'
  | 'REFUSED'
  | 'STALLED'
  | 'STORAGE'
  | 'TIMEOUT'
  | 'TLS'
  | 'UNKNOWN'
  | 'UNREACHABLE'
  | 'UNSUPPORTED'
  | 'WORKER_DIED';

export type FileSourceInput = {
  loop?: boolean;
  /** Below MEDIA_DIR. */
  path: string;
};

/** What can be wrong with a stream: docs/health.md. */
export type HealthIssueType =
  | 'AUDIO_FROZEN'
  | 'BITRATE_DROP'
  | 'CPU_HIGH'
  | 'FRAME_RATE_LOW'
  | 'JITTER_HIGH'
  | 'KEYFRAME_INTERVAL_LONG'
  | 'MEMORY_HIGH'
  | 'NO_MEDIA'
  | 'PACKET_LOSS'
  | 'PICTURE_STILL'
  | 'PROCESS_DOWN'
  | 'RESTARTING_OFTEN'
  | 'SOURCE_LOST'
  | 'SPEED_LOW'
  | 'VIDEO_FROZEN';

/** UNKNOWN: not measured, or not any more. It is neither good nor bad. */
export type HealthStatus =
  | 'CRITICAL'
  | 'HEALTHY'
  | 'UNKNOWN'
  | 'WARNING';

export type HeartbeatInput = {
  consumerId: string | number;
  stats?: PlayerStatsInput | null | undefined;
};

/** UNKNOWN: there is no such session. CLOSED: it has ended. */
export type HeartbeatRefusal =
  | 'CLOSED'
  | 'UNKNOWN';

export type MediaKind =
  | 'AUDIO'
  | 'VIDEO';

export type OpenConsumerInput = {
  /** What you call the player. */
  clientId: string;
  protocol?: ConsumerProtocol;
  /** A place that was kept for it. */
  reservationId?: string | number | null | undefined;
  /** Where the player knows them, the tracks are made at once. */
  rtpCapabilities?: object | null | undefined;
  /** On whose account it watches; quotas count by it. */
  source?: string | null | undefined;
  streamId: string | number;
};

/** What a player tells of itself: counts since it began, and what holds now. What is not known is left out. */
export type PlayerStatsInput = {
  bitrateBps?: number | null | undefined;
  framesDecoded?: number | null | undefined;
  framesDropped?: number | null | undefined;
  freezeCount?: number | null | undefined;
  jitterMs?: number | null | undefined;
  roundTripMs?: number | null | undefined;
};

/** CRASHED: it ended without having been asked to, and none has taken its place. */
export type ProcessStatus =
  | 'CRASHED'
  | 'RUNNING'
  | 'STOPPED';

/** CREATED: made, no packet yet. ACTIVE: packets arrive. */
export type ProducerState =
  | 'ACTIVE'
  | 'CLOSED'
  | 'CREATED'
  | 'PAUSED';

/** Absent keeps, null takes the limit away. */
export type QuotasInput = {
  maxConsumers?: number | null | undefined;
  maxReservations?: number | null | undefined;
  /** At most 100 names with their whole numbers, in place of those there were; "*" is for each of the others. */
  perSource?: unknown;
  /** 1 to 10,000,000. */
  requestsPerMinute?: number | null | undefined;
};

/** What is done about a failure. ESCALATE: so many in a row have failed that somebody should look; it goes on slowly. NONE: recovery is off. */
export type RecoveryAction =
  | 'ESCALATE'
  | 'FAIL_OVER'
  | 'NONE'
  | 'RECONNECT'
  | 'RESTART'
  | 'RETRY_SOURCE';

/** RECOVERED: media flows again. FAILED: it failed again. SUPERSEDED: an order came in between. */
export type RecoveryOutcome =
  | 'FAILED'
  | 'RECOVERED'
  | 'SUPERSEDED';

/** Absent keeps, null goes back to the server's own setting. */
export type RecoveryPolicyInput = {
  bitrateDropPercent?: number | null | undefined;
  cooldownSeconds?: number | null | undefined;
  cpuPercent?: number | null | undefined;
  enabled?: boolean | null | undefined;
  frameRatePercent?: number | null | undefined;
  freezeSeconds?: number | null | undefined;
  jitterMs?: number | null | undefined;
  keyframeSeconds?: number | null | undefined;
  maxAttempts?: number | null | undefined;
  memoryBytes?: number | null | undefined;
  packetLossPercent?: number | null | undefined;
  pictureStill?: boolean | null | undefined;
  sourceMaxRetries?: number | null | undefined;
  sourceRetrySeconds?: number | null | undefined;
  speed?: number | null | undefined;
};

/** Everything that is given has to match. */
export type ReservationFilter = {
  source?: string | null | undefined;
  states?: Array<ReservationState> | null | undefined;
  streamId?: string | number | null | undefined;
};

/** HELD: a place is kept until it expires. ACTIVE: a session sits on it. RELEASED: given back, or its session has ended. EXPIRED: nobody came in time. */
export type ReservationState =
  | 'ACTIVE'
  | 'EXPIRED'
  | 'HELD'
  | 'RELEASED';

export type RtspTransport =
  | 'TCP'
  | 'UDP';

/** What a key may do. WRITE includes READ, ADMIN includes all. */
export type Scope =
  | 'ADMIN'
  | 'PLAY'
  | 'PUBLISH'
  | 'READ'
  | 'WRITE';

export type Severity =
  | 'CRITICAL'
  | 'ERROR'
  | 'INFO'
  | 'WARNING';

export type SortDirection =
  | 'ASC'
  | 'DESC';

export type SourceKind =
  | 'FILE'
  | 'HLS'
  | 'HTTP'
  | 'RTMP'
  | 'RTSP'
  | 'SRT'
  | 'TEST_PATTERN';

/** Absent keeps, null is as the server has it. Each list takes the place of the one there was: at most 100. */
export type SourcePolicyInput = {
  /** Ranges like 10.0.0.0/8 or fd00::/8. */
  allowCidrs?: Array<string> | null | undefined;
  denyCidrs?: Array<string> | null | undefined;
  /** Of rtsp, rtsps, rtmp, rtmps, http, https and srt. */
  schemes?: Array<string> | null | undefined;
};

/** Everything that is given has to match. */
export type StreamFilter = {
  health?: Array<HealthStatus> | null | undefined;
  /** At most 100. */
  ids?: Array<string | number> | null | undefined;
  /** Labels that it must have, as an object of strings. Needs the READ scope. */
  labels?: unknown;
  /** A part of the name, in any case. */
  name?: string | null | undefined;
  states?: Array<StreamState> | null | undefined;
};

export type StreamOrderBy = {
  direction?: SortDirection;
  field?: StreamOrderField;
};

export type StreamOrderField =
  | 'CREATED_AT'
  | 'NAME'
  | 'STATE_SINCE';

/** Exactly one of them. */
export type StreamSourceInput =
  {   file: FileSourceInput; testPattern?: never; url?: never; }
  |  { file?: never;   testPattern: TestPatternInput; url?: never; }
  |  { file?: never; testPattern?: never;   url: UrlSourceInput; };

/** What is. LIVE: media arrives at mediasoup, not merely a process that exists. */
export type StreamState =
  | 'ERROR'
  | 'LIVE'
  | 'RECOVERING'
  | 'STARTING'
  | 'STOPPED'
  | 'STOPPING';

export type TestPatternInput = {
  fps?: number;
  height?: number;
  tone?: boolean;
  width?: number;
};

/** Absent keeps, null resets. */
export type UpdateProjectInput = {
  name?: string | null | undefined;
  /** Null: true for the first project, false for the others. */
  publicHealth?: boolean | null | undefined;
  quotas?: QuotasInput | null | undefined;
  sourcePolicy?: SourcePolicyInput | null | undefined;
};

/** Absent keeps, null resets. */
export type UpdateStreamInput = {
  labels?: unknown;
  maxConsumers?: number | null | undefined;
  name?: string | null | undefined;
  onDemand?: boolean | null | undefined;
  recovery?: RecoveryPolicyInput | null | undefined;
  source?: StreamSourceInput | null | undefined;
};

export type UrlSourceInput = {
  /** RTSP, RTMP, HLS, HTTP or SRT, where the URL does not tell. */
  kind?: SourceKind | null | undefined;
  /** TCP unless asked otherwise. */
  rtspTransport?: RtspTransport | null | undefined;
  /** rtsp, rtsps, rtmp, rtmps, http, https or srt. */
  url: string;
};

export type WallSubscriptionVariables = Exact<{
  withKey: boolean;
}>;


export type WallSubscription = { streams: { reset: boolean, complete: boolean, removedIds: Array<string>, at: string, changed: Array<{ id: string, name: string, state: StreamState, stateReason: string | null, stateSince: string, desiredState: DesiredState, uptimeSeconds: number | null, source?: { kind: SourceKind, url: string | null } | null, process: { cpuPercent: number | null, memoryBytes: number | null, fps: number | null, bitrateBps: number | null, restarts: number | null, measuredAt: string | null } | null, consumerCounts?: { total: number | null, active: number } | null, health: { status: HealthStatus, issues: Array<{ type: HealthIssueType, severity: Severity, track: MediaKind | null, reason: string, since: string }> } | null, tracks: Array<{ kind: MediaKind, codec: string, width: number | null, height: number | null }> | null }> } };

export type HistoryQueryVariables = Exact<{
  id: string | number;
  from: string;
  maxPoints: number;
  withKey: boolean;
}>;


export type HistoryQuery = { stream: { id: string, healthTimeline: { bucketSeconds: number, points: Array<{ from: string, to: string, status: HealthStatus, fps: number | null, bitrateBps: number | null, cpuPercent: number | null, restarts: number, issues: Array<HealthIssueType> }> } | null, recovery?: { enabled: boolean | null, restarts: number, lastRestartAt: string | null } | null, recoveryAttempts?: { nodes: Array<{ id: string, number: number, cause: FailureCause, action: RecoveryAction, outcome: RecoveryOutcome | null, startedAt: string, downtimeSeconds: number | null, log: Array<string> } | null> } | null } | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { scopes: Array<Scope> } | null };

export type AddStreamMutationVariables = Exact<{
  input: CreateStreamInput;
}>;


export type AddStreamMutation = { createStream: { id: string } | null };

export type StartMutationVariables = Exact<{
  id: string | number;
}>;


export type StartMutation = { startStream: { id: string } | null };

export type StopMutationVariables = Exact<{
  id: string | number;
}>;


export type StopMutation = { stopStream: { id: string } | null };

export type RestartMutationVariables = Exact<{
  id: string | number;
}>;


export type RestartMutation = { restartStream: { id: string } | null };

export type HealthQueryVariables = Exact<{ [key: string]: never; }>;


export type HealthQuery = { viewer: { scopes: Array<Scope> } | null, streams: { totalCount: number | null, nodes: Array<{ id: string, name: string, state: StreamState, stateSince: string, desiredState: DesiredState, uptimeSeconds: number | null, process: { status: ProcessStatus, healthy: boolean | null, pid: number | null, cpuPercent: number | null, memoryBytes: number | null, uptimeSeconds: number | null } | null, producers: { nodes: Array<{ id: string, kind: MediaKind, state: ProducerState, ssrcs: Array<number>, uptimeSeconds: number | null } | null> } | null, playback: { whepUrl: string | null } | null } | null> } | null };

export type OpenSessionMutationVariables = Exact<{
  input: OpenConsumerInput;
  idempotencyKey?: string | null | undefined;
}>;


export type OpenSessionMutation = { openConsumer: { token: string, tokenExpiresAt: string, heartbeatSeconds: number, timeoutSeconds: number, routerRtpCapabilities: object | null, transportOptions: object | null, url: string | null, consumer: { id: string, clientId: string, source: string | null, state: ConsumerState, protocol: ConsumerProtocol, sessionSeconds: number, tracks: Array<{ id: string }> | null }, tracks: Array<{ id: string }> } | null };

export type CloseSessionMutationVariables = Exact<{
  id: string | number;
  reason?: string | null | undefined;
}>;


export type CloseSessionMutation = { closeConsumer: { state: ConsumerState, closeReason: CloseReason | null, closeMessage: string | null } | null };

export type SessionsQueryVariables = Exact<{
  filter?: ConsumerFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SessionsQuery = { consumers: { totalCount: number | null, nodes: Array<{ id: string, clientId: string, source: string | null, state: ConsumerState, protocol: ConsumerProtocol, openedAt: string, lastHeartbeatAt: string | null, closedAt: string | null, closeReason: CloseReason | null, closeMessage: string | null, sessionSeconds: number, bitrateBps: number | null, bytesSent: number | null, packetsLost: number | null, roundTripMs: number | null, measuredAt: string | null, playerStats: unknown, tracks: Array<{ id: string, producerId: string, kind: MediaKind, paused: boolean, consumerOptions: object }> | null, stream: { id: string, name: string } | null } | null>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type SessionsOfStreamsQueryVariables = Exact<{
  first?: number | null | undefined;
  filter?: ConsumerFilter | null | undefined;
}>;


export type SessionsOfStreamsQuery = { streams: { nodes: Array<{ id: string, consumerCounts: { total: number | null, active: number } | null, health: { consumers: { total: number | null, active: number } | null } | null, consumers: { nodes: Array<{ id: string, state: ConsumerState, lastHeartbeatAt: string | null, bitrateBps: number | null } | null> } | null } | null> } | null };

export type OneSessionQueryVariables = Exact<{
  id: string | number;
}>;


export type OneSessionQuery = { consumer: { id: string, clientId: string, state: ConsumerState, stream: { name: string, labels: unknown } | null } | null };

export type WatchSessionSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type WatchSessionSubscription = { node:
    | { id: string }
    | { state: ConsumerState, closeReason: CloseReason | null, closeMessage: string | null, id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
   };

export type WatchLogSubscriptionVariables = Exact<{
  filter?: EventFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type WatchLogSubscription = { events:
    | { __typename: 'Checkpoint', cursor: string, at: string, caughtUp: boolean }
    | { __typename: 'Event', id: string, cursor: string, type: string, subjectId: string | null, data: unknown, subject:
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
       | null }
    | { __typename: 'Gap', missed: number | null, cursor: string }
   };

export type ReadLogSubscriptionVariables = Exact<{
  filter?: EventFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type ReadLogSubscription = { events:
    | { __typename: 'Checkpoint' }
    | { __typename: 'Event', cursor: string, subjectId: string | null }
    | { __typename: 'Gap' }
   };

export type ListLogQueryVariables = Exact<{ [key: string]: never; }>;


export type ListLogQuery = { events: { nodes: Array<{ id: string, cursor: string } | null> } | null };

export type FiguresQueryVariables = Exact<{
  id: string | number;
}>;


export type FiguresQuery = { stream: { uptimeSeconds: number | null, process: { status: ProcessStatus, healthy: boolean | null, pid: number | null, restarts: number | null, lastExit: { code: number | null, cause: FailureCause, at: string, log: Array<string> } | null } | null, tracks: Array<{ kind: MediaKind, codec: string, width: number | null, fps: number | null, bitrateBps: number | null, lastProgressAt: string | null }> | null, producers: { nodes: Array<{ state: ProducerState, bitrateBps: number | null, packets: number | null, packetsLost: number | null, jitterMs: number | null, score: number | null, measuredAt: string | null } | null> } | null } | null };

export type StreamHealthQueryVariables = Exact<{
  id: string | number;
}>;


export type StreamHealthQuery = { streamHealth: { streamId: string, status: HealthStatus, at: string, issues: Array<{ type: HealthIssueType, severity: Severity, track: MediaKind | null, reason: string, since: string, evidence: unknown }>, process: { status: ProcessStatus, pid: number | null } | null, producers: Array<{ producerId: string, state: ProducerState, uptimeSeconds: number | null }> } | null };

export type StreamHealthStatisticsQueryVariables = Exact<{
  id: string | number;
}>;


export type StreamHealthStatisticsQuery = { stream: { health: { status: HealthStatus, producers: Array<{ bitrateBps: number | null, packetsLost: number | null }>, consumers: { active: number } | null } | null } | null };

export type StreamsByHealthQueryVariables = Exact<{
  filter?: StreamFilter | null | undefined;
}>;


export type StreamsByHealthQuery = { streams: { totalCount: number | null, nodes: Array<{ id: string } | null> } | null };

export type StreamNamesQueryVariables = Exact<{
  filter?: StreamFilter | null | undefined;
  orderBy?: StreamOrderBy | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type StreamNamesQuery = { streams: { totalCount: number | null, nodes: Array<{ id: string, name: string } | null>, edges: Array<{ cursor: string } | null>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } | null };

export type WholeGraphQueryVariables = Exact<{
  first?: number | null | undefined;
}>;


export type WholeGraphQuery = { streams: { totalCount: number | null, nodes: Array<{ id: string, project: { name: string } | null, mediaNode: { name: string } | null, producers: { nodes: Array<{ id: string, bitrateBps: number | null } | null> } | null, events: { edges: Array<{ node: { cursor: string, type: string } | null } | null> } | null, process: { pid: number | null } | null } | null> } | null };

export type StreamEventsQueryVariables = Exact<{
  filter?: EventFilter | null | undefined;
  direction: SortDirection;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type StreamEventsQuery = { events: { nodes: Array<{ cursor: string, type: string, subject:
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { name: string, id: string }
       | null } | null>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type CreateStreamMutationVariables = Exact<{
  input: CreateStreamInput;
  idempotencyKey?: string | null | undefined;
}>;


export type CreateStreamMutation = { createStream: { id: string, name: string, labels: unknown, maxConsumers: number | null, desiredState: DesiredState, state: StreamState, generation: number, source: { kind: SourceKind, url: string | null, options: unknown } | null, producers: { nodes: Array<{ id: string } | null> } | null } | null };

export type UpdateStreamMutationVariables = Exact<{
  id: string | number;
  input: UpdateStreamInput;
}>;


export type UpdateStreamMutation = { updateStream: { name: string, labels: unknown, maxConsumers: number | null, source: { kind: SourceKind, options: unknown } | null } | null };

export type OrderStreamMutationVariables = Exact<{
  id: string | number;
}>;


export type OrderStreamMutation = { startStream: { desiredState: DesiredState, generation: number, observedGeneration: number } | null, restartStream: { desiredState: DesiredState, generation: number } | null, stopStream: { desiredState: DesiredState, generation: number } | null, deleteStream: { deletedAt: string | null } | null };

export type StartStreamsMutationVariables = Exact<{
  ids: Array<string | number> | string | number;
}>;


export type StartStreamsMutation = { startStreams: Array<{ id: string, stream: { name: string, desiredState: DesiredState } | null, error: { code: ErrorCode, message: string } | null }> | null };

export type CloseAndCreateProducerMutationVariables = Exact<{
  id: string | number;
  input: CreateProducerInput;
}>;


export type CloseAndCreateProducerMutation = { closeProducer: { state: ProducerState, closeReason: string | null, stream: { name: string } | null } | null, createProducer: { id: string, kind: MediaKind, state: ProducerState, stream: { producers: { nodes: Array<{ kind: MediaKind } | null> } | null } | null } | null };

export type EveryKindQueryVariables = Exact<{
  ids: Array<string | number> | string | number;
}>;


export type EveryKindQuery = { nodes: Array<
    | { __typename: 'ApiKey', scopes: Array<Scope>, revokedAt: string | null, id: string }
    | { __typename: 'Consumer', id: string }
    | { __typename: 'Event', id: string, actor: { name: string | null, apiKey: { prefix: string } | null } | null, subject:
        | { __typename: 'ApiKey', id: string }
        | { __typename: 'Consumer', id: string }
        | { __typename: 'Event', id: string }
        | { __typename: 'MediaNode', id: string }
        | { __typename: 'Producer', id: string }
        | { __typename: 'Project', id: string }
        | { __typename: 'RecoveryAttempt', id: string }
        | { __typename: 'Reservation', id: string }
        | { __typename: 'Stream', id: string }
       | null }
    | { __typename: 'MediaNode', capacity: number, draining: boolean, version: string, id: string }
    | { __typename: 'Producer', id: string, stream: { name: string } | null }
    | { __typename: 'Project', publicHealth: boolean, id: string, apiKeys: { nodes: Array<{ prefix: string, scopes: Array<Scope> } | null>, pageInfo: { hasNextPage: boolean } } | null }
    | { __typename: 'RecoveryAttempt', id: string }
    | { __typename: 'Reservation', id: string }
    | { __typename: 'Stream', id: string, mediaNode: { name: string, streams: number | null } | null, producers: { nodes: Array<{ id: string } | null> } | null }
   | null> | null, mediaNodes: Array<{ id: string }> | null, project: { id: string } | null };

export type CreateTestProjectMutationVariables = Exact<{
  name: string;
  idempotencyKey?: string | null | undefined;
}>;


export type CreateTestProjectMutation = { createProject: { id: string, name: string, publicHealth: boolean } | null };

export type UpdateTestProjectMutationVariables = Exact<{
  id: string | number;
  input: UpdateProjectInput;
}>;


export type UpdateTestProjectMutation = { updateProject: { name: string, publicHealth: boolean, quotas: { requestsPerMinute: number | null }, sourcePolicy: { schemes: Array<string> | null, allowCidrs: Array<string> | null, denyCidrs: Array<string> | null } | null } | null };

export type CreateTestKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
  idempotencyKey?: string | null | undefined;
}>;


export type CreateTestKeyMutation = { createApiKey: { key: string, apiKey: { id: string, prefix: string, scopes: Array<Scope>, expiresAt: string | null, revokedAt: string | null } } | null };

export type RevokeTestKeyMutationVariables = Exact<{
  id: string | number;
}>;


export type RevokeTestKeyMutation = { revokeApiKey: { id: string, revokedAt: string | null } | null };

export type TestProjectsQueryVariables = Exact<{
  after?: string | null | undefined;
  id: string | number;
}>;


export type TestProjectsQuery = { projects: { nodes: Array<{ id: string, apiKeys: { nodes: Array<{ id: string } | null> } | null } | null>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } | null, project: { name: string } | null, node:
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
   | null };

export type WhoAmIQueryVariables = Exact<{ [key: string]: never; }>;


export type WhoAmIQuery = { viewer: { scopes: Array<Scope>, project: { id: string } | null } | null };

export type AttemptsQueryVariables = Exact<{
  streamId?: string | number | null | undefined;
  from?: string | null | undefined;
  to?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type AttemptsQuery = { recoveryAttempts: { nodes: Array<{ id: string, number: number, cause: FailureCause, evidence: unknown, action: RecoveryAction, outcome: RecoveryOutcome | null, startedAt: string, endedAt: string | null, downtimeSeconds: number | null, log: Array<string>, stream: { name: string } | null } | null>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type StreamRecoveryQueryVariables = Exact<{
  first?: number | null | undefined;
}>;


export type StreamRecoveryQuery = { streams: { nodes: Array<{ id: string, recovery: { enabled: boolean | null, restarts: number, lastRestartAt: string | null, sourceRetries: number, recentAttempts: number, coolingDownUntil: string | null } | null, recoveryAttempts: { nodes: Array<{ id: string, outcome: RecoveryOutcome | null } | null> } | null } | null> } | null };

export type StatsQueryVariables = Exact<{
  streamId?: string | number | null | undefined;
}>;


export type StatsQuery = { recoveryStats: { enabled: boolean | null, restarts: number, sourceRetries: number, recentAttempts: number } | null };

export type AttemptNodeQueryVariables = Exact<{
  id: string | number;
}>;


export type AttemptNodeQuery = { node:
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { cause: FailureCause, id: string, stream: { id: string } | null }
    | { id: string }
    | { id: string }
   | null };

export type CreateReservationMutationVariables = Exact<{
  input: CreateReservationInput;
  idempotencyKey?: string | null | undefined;
}>;


export type CreateReservationMutation = { createReservation: { id: string, streamId: string, source: string, holder: string | null, state: ReservationState, createdAt: string, activatedAt: string | null, releasedAt: string | null, expiresAt: string, stream: { name: string } | null } | null };

export type ReleaseReservationMutationVariables = Exact<{
  id: string | number;
}>;


export type ReleaseReservationMutation = { releaseReservation: { state: ReservationState, releasedAt: string | null } | null };

export type ExtendReservationMutationVariables = Exact<{
  id: string | number;
  holdSeconds: number;
}>;


export type ExtendReservationMutation = { extendReservation: { state: ReservationState, expiresAt: string } | null };

export type OneReservationQueryVariables = Exact<{
  id: string | number;
}>;


export type OneReservationQuery = { reservation: { id: string, state: ReservationState } | null, node:
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { source: string, id: string, stream: { id: string } | null }
    | { id: string }
   | null };

export type ReservationsQueryVariables = Exact<{
  streamId: string | number;
  filter?: ReservationFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ReservationsQuery = { reservations: { totalCount: number | null, nodes: Array<{ id: string, state: ReservationState, stream: { name: string } | null } | null>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } | null, reservationCounts: { total: number, active: number, bySource: Array<{ source: string, total: number, active: number, limit: number | null }> } | null, ofStream: { total: number, active: number, bySource: Array<{ source: string, total: number, active: number, limit: number | null }> } | null, stream: { reservations: { totalCount: number | null, nodes: Array<{ id: string } | null> } | null, reservationCounts: { total: number, active: number, bySource: Array<{ source: string, total: number, active: number, limit: number | null }> } | null } | null };

export type CountsFragment = { total: number, active: number, bySource: Array<{ source: string, total: number, active: number, limit: number | null }> };

export type UpdateProjectMutationVariables = Exact<{
  id: string | number;
  input: UpdateProjectInput;
}>;


export type UpdateProjectMutation = { updateProject: { name: string, quotas: { maxConsumers: number | null, maxReservations: number | null, perSource: unknown } } | null };

export type OnDemandMutationVariables = Exact<{
  id: string | number;
  create: CreateStreamInput;
  update: UpdateStreamInput;
}>;


export type OnDemandMutation = { createStream: { id: string, onDemand: boolean } | null, updateStream: { onDemand: boolean } | null };

export type WatchHealthSubscriptionVariables = Exact<{
  streamId: string | number;
  after?: string | null | undefined;
  intervalSeconds?: number;
}>;


export type WatchHealthSubscription = { streamHealth:
    | { __typename: 'Checkpoint', cursor: string, caughtUp: boolean }
    | { __typename: 'Gap', missed: number | null }
    | { __typename: 'HealthChange', cursor: string, status: HealthStatus, previous: HealthStatus, closed: Array<HealthIssueType>, opened: Array<{ type: HealthIssueType, severity: Severity, track: MediaKind | null, reason: string, since: string, evidence: unknown }> }
    | { __typename: 'StreamHealth', streamId: string, status: HealthStatus, issues: Array<{ type: HealthIssueType }> }
   };

export type WatchStreamsSubscriptionVariables = Exact<{
  filter?: StreamFilter | null | undefined;
}>;


export type WatchStreamsSubscription = { streams: { reset: boolean, complete: boolean, removedIds: Array<string>, changed: Array<{ id: string, name: string, state: StreamState, producers: { nodes: Array<{ state: ProducerState } | null> } | null }> } };

export type WatchFiguresSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type WatchFiguresSubscription = { streams: { reset: boolean, changed: Array<{ id: string, process: { cpuPercent: number | null } | null }> } };

export type WatchNodeSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type WatchNodeSubscription = { node:
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { state: ProducerState, id: string, stream: { name: string } | null }
    | { id: string }
    | { id: string }
    | { id: string }
    | { name: string, deletedAt: string | null, id: string }
   };

export type SystemHealthSummaryQueryVariables = Exact<{ [key: string]: never; }>;


export type SystemHealthSummaryQuery = { systemHealth: { status: HealthStatus, message: string, at: string, durationMs: number, activeProcesses: number | null, activeProducers: number | null, activeConsumers: number | null, components: Array<{ component: Component, name: string, status: HealthStatus, message: string, responseTimeMs: number | null, checkedAt: string }>, summary: { total: number, healthy: number, warning: number, critical: number, unknown: number } | null, streams: { total: number, byState: Array<{ state: StreamState, count: number }> } | null } | null };

export type WatchSystemHealthSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type WatchSystemHealthSubscription = { systemHealth: { status: HealthStatus, message: string } };

export type PastOfStreamQueryVariables = Exact<{
  id: string | number;
  from: string;
  to?: string | null | undefined;
  maxPoints: number;
}>;


export type PastOfStreamQuery = { stream: { healthTimeline: { bucketSeconds: number, points: Array<{ from: string, to: string, status: HealthStatus, livePercent: number | null, fps: number | null, bitrateBps: number | null, cpuPercent: number | null, memoryBytes: number | null, restarts: number, issues: Array<HealthIssueType> }> } | null } | null };

export type MomentOfStreamQueryVariables = Exact<{
  id: string | number;
  time: string;
}>;


export type MomentOfStreamQuery = { stream: { healthAt: { streamId: string, status: HealthStatus, at: string, issues: Array<{ type: HealthIssueType, severity: Severity, track: MediaKind | null, reason: string, since: string, evidence: unknown }>, process: { pid: number | null } | null, producers: Array<{ producerId: string }> } | null } | null };

export type PastOfWallQueryVariables = Exact<{
  from: string;
  to?: string | null | undefined;
}>;


export type PastOfWallQuery = { streams: { nodes: Array<{ id: string, healthTimeline: { points: Array<{ consumers: number | null }> } | null } | null> } | null };

export type PastOfSystemQueryVariables = Exact<{
  from: string;
  to?: string | null | undefined;
  time: string;
}>;


export type PastOfSystemQuery = { systemMetrics: { bucketSeconds: number, points: Array<{ at: string, cpuPercent: number | null, diskPercent: number | null, activeStreams: number | null, activeConsumers: number | null, temporaryFolderBytes: number | null, eventLoopLagMs: number | null }> } | null, systemHealthTimeline: { points: Array<{ status: HealthStatus, unhealthyComponents: Array<Component>, streamsByState: Array<{ state: StreamState, count: number }> | null }> } | null, systemHealthAt: { status: HealthStatus, at: string, components: Array<{ component: Component, status: HealthStatus }>, summary: { total: number, healthy: number, critical: number } | null } | null };

export type WatchWallSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type WatchWallSubscription = { streams: { reset: boolean, complete: boolean, cursor: string, removedIds: Array<string>, changed: Array<{ id: string, name: string, state: StreamState, uptimeSeconds: number | null, health: { status: HealthStatus } | null, process: { cpuPercent: number | null, fps: number | null, bitrateBps: number | null } | null }> } };

export type OpenOnDemandMutationVariables = Exact<{
  input: OpenConsumerInput;
}>;


export type OpenOnDemandMutation = { openConsumer: { transportOptions: object | null, url: string | null, consumer: { id: string } } | null };

export type CloseOnDemandMutationVariables = Exact<{
  id: string | number;
}>;


export type CloseOnDemandMutation = { closeConsumer: { closeReason: CloseReason | null } | null };

export type SessionOnDemandQueryVariables = Exact<{
  id: string | number;
}>;


export type SessionOnDemandQuery = { consumer: { state: ConsumerState, closeReason: CloseReason | null } | null };

export type ReservingProjectQueryVariables = Exact<{ [key: string]: never; }>;


export type ReservingProjectQuery = { viewer: { project: { id: string } | null } | null };

export type LimitSourcesMutationVariables = Exact<{
  id: string | number;
  perSource?: unknown;
}>;


export type LimitSourcesMutation = { updateProject: { id: string } | null };

export type ReserveMutationVariables = Exact<{
  input: CreateReservationInput;
}>;


export type ReserveMutation = { createReservation: { id: string } | null };

export type OpenReservedMutationVariables = Exact<{
  input: OpenConsumerInput;
}>;


export type OpenReservedMutation = { openConsumer: { url: string | null, consumer: { id: string, source: string | null } } | null };

export type ReleaseMutationVariables = Exact<{
  id: string | number;
}>;


export type ReleaseMutation = { releaseReservation: { state: ReservationState } | null };

export type SeenReservationQueryVariables = Exact<{
  id: string | number;
  session: string | number;
}>;


export type SeenReservationQuery = { reservation: { state: ReservationState } | null, consumer: { state: ConsumerState, closeReason: CloseReason | null, closeMessage: string | null } | null, reservationCounts: { total: number, active: number, bySource: Array<{ source: string, total: number, active: number, limit: number | null }> } | null };

export type CreateTestStreamMutationVariables = Exact<{
  input: CreateStreamInput;
}>;


export type CreateTestStreamMutation = { createStream: { id: string } | null };

export type UpdateTestStreamMutationVariables = Exact<{
  id: string | number;
  input: UpdateStreamInput;
}>;


export type UpdateTestStreamMutation = { updateStream: { id: string } | null };

export type DeleteTestStreamMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteTestStreamMutation = { deleteStream: { id: string } | null };

export type StartTestStreamMutationVariables = Exact<{
  id: string | number;
}>;


export type StartTestStreamMutation = { startStream: { id: string } | null };

export type StopTestStreamMutationVariables = Exact<{
  id: string | number;
}>;


export type StopTestStreamMutation = { stopStream: { id: string } | null };

export type RestartTestStreamMutationVariables = Exact<{
  id: string | number;
}>;


export type RestartTestStreamMutation = { restartStream: { id: string } | null };

export type CloseTestProducerMutationVariables = Exact<{
  id: string | number;
}>;


export type CloseTestProducerMutation = { closeProducer: { id: string } | null };

export type TestStreamQueryVariables = Exact<{
  id: string | number;
}>;


export type TestStreamQuery = { stream: { id: string, name: string, desiredState: DesiredState, generation: number, observedGeneration: number, state: StreamState, stateReason: string | null, stateSince: string, process: { pid: number | null, status: ProcessStatus, restarts: number | null, lastExit: { cause: FailureCause, log: Array<string> } | null } | null, producers: { nodes: Array<{ id: string, kind: MediaKind, state: ProducerState } | null> } | null, playback: { whepUrl: string | null, hlsUrl: string | null } | null } | null };

export type TestStreamHealthQueryVariables = Exact<{
  id: string | number;
}>;


export type TestStreamHealthQuery = { stream: { state: StreamState, stateCause: FailureCause | null, health: { status: HealthStatus, issues: Array<{ type: HealthIssueType, track: MediaKind | null, severity: Severity, since: string, reason: string, evidence: unknown }> } | null } | null };

export type TestStreamEventsQueryVariables = Exact<{
  subjectId: string | number;
  types?: Array<string> | string | null | undefined;
}>;


export type TestStreamEventsQuery = { events: { nodes: Array<{ cursor: string, type: string, at: string, data: unknown } | null> } | null };

export type TestStreamsQueryVariables = Exact<{ [key: string]: never; }>;


export type TestStreamsQuery = { streams: { totalCount: number | null, nodes: Array<{ id: string, name: string, state: StreamState } | null> } | null };

export type CreateTestProducerMutationVariables = Exact<{
  input: CreateProducerInput;
}>;


export type CreateTestProducerMutation = { createProducer: { id: string } | null };

export type WatchTestStreamSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type WatchTestStreamSubscription = { node:
    | { state: StreamState, stateReason: string | null }
    | Record<PropertyKey, never>
   };

export type TestStreamTracksQueryVariables = Exact<{
  id: string | number;
}>;


export type TestStreamTracksQuery = { stream: { tracks: Array<{ kind: MediaKind, codec: string, lastProgressAt: string | null }> | null } | null };

export type TestClusterQueryVariables = Exact<{ [key: string]: never; }>;


export type TestClusterQuery = { mediaNodes: Array<{ id: string, name: string, status: HealthStatus, draining: boolean, streams: number | null }> | null, streams: { nodes: Array<{ id: string, state: StreamState, stateCause: FailureCause | null, process: { pid: number | null } | null, consumerCounts: { active: number } | null, mediaNode: { name: string } | null } | null> } | null };

export type TestRecoveryAttemptsQueryVariables = Exact<{
  streamId: string | number;
}>;


export type TestRecoveryAttemptsQuery = { recoveryAttempts: { nodes: Array<{ id: string, number: number, cause: FailureCause, evidence: unknown, action: RecoveryAction, outcome: RecoveryOutcome | null, startedAt: string, endedAt: string | null, downtimeSeconds: number | null, log: Array<string> } | null> } | null, recoveryStats: { enabled: boolean | null, restarts: number, recentAttempts: number } | null };

export type DrainTestNodeMutationVariables = Exact<{
  id: string | number;
  draining: boolean;
}>;


export type DrainTestNodeMutation = { drainMediaNode: { draining: boolean, status: HealthStatus } | null };

export type OpenTestSessionMutationVariables = Exact<{
  input: OpenConsumerInput;
}>;


export type OpenTestSessionMutation = { openConsumer: { token: string, heartbeatSeconds: number, timeoutSeconds: number, routerRtpCapabilities: object | null, transportOptions: object | null, url: string | null, consumer: { id: string, state: ConsumerState }, tracks: Array<{ id: string, kind: MediaKind, paused: boolean }> } | null };

export type ReopenTestSessionMutationVariables = Exact<{
  id: string | number;
  rtpCapabilities?: object | null | undefined;
}>;


export type ReopenTestSessionMutation = { reopenConsumer: { token: string, transportOptions: object | null, consumer: { id: string, state: ConsumerState }, tracks: Array<{ id: string, kind: MediaKind }> } | null };

export type ConsumeTestSessionMutationVariables = Exact<{
  id: string | number;
  rtpCapabilities: object;
}>;


export type ConsumeTestSessionMutation = { consume: Array<{ id: string, kind: MediaKind, paused: boolean }> | null };

export type ConnectTestSessionMutationVariables = Exact<{
  id: string | number;
  dtlsParameters: DtlsParametersInput;
}>;


export type ConnectTestSessionMutation = { connectConsumer: { id: string } | null, resumeConsumer: { id: string } | null };

export type PauseTestSessionMutationVariables = Exact<{
  id: string | number;
  kinds?: Array<MediaKind> | MediaKind | null | undefined;
}>;


export type PauseTestSessionMutation = { pauseConsumer: { id: string } | null };

export type ResumeTestSessionMutationVariables = Exact<{
  id: string | number;
  kinds?: Array<MediaKind> | MediaKind | null | undefined;
}>;


export type ResumeTestSessionMutation = { resumeConsumer: { id: string } | null };

export type RestartTestSessionIceMutationVariables = Exact<{
  id: string | number;
}>;


export type RestartTestSessionIceMutation = { restartConsumerIce: object | null };

export type CloseTestSessionMutationVariables = Exact<{
  id: string | number;
  reason?: string | null | undefined;
}>;


export type CloseTestSessionMutation = { closeConsumer: { id: string, state: ConsumerState, closeReason: CloseReason | null, closeMessage: string | null } | null };

export type BeatTestSessionMutationVariables = Exact<{
  id: string | number;
}>;


export type BeatTestSessionMutation = { recordHeartbeat: { accepted: boolean, refusal: HeartbeatRefusal | null, closeReason: CloseReason | null, closeMessage: string | null, token: string | null } | null };

export type BeatTestSessionsMutationVariables = Exact<{
  heartbeats: Array<HeartbeatInput> | HeartbeatInput;
}>;


export type BeatTestSessionsMutation = { recordHeartbeats: Array<{ consumerId: string, accepted: boolean }> | null };

export type TestSessionQueryVariables = Exact<{
  id: string | number;
}>;


export type TestSessionQuery = { consumer: { id: string, streamId: string, clientId: string, protocol: ConsumerProtocol, state: ConsumerState, closeReason: CloseReason | null, closeMessage: string | null, openedAt: string, closedAt: string | null, lastHeartbeatAt: string | null, playerStats: unknown, bitrateBps: number | null, bytesSent: number | null, packetsLost: number | null, roundTripMs: number | null, tracks: Array<{ id: string, kind: MediaKind, paused: boolean }> | null } | null };

export type TestSessionsQueryVariables = Exact<{
  filter?: ConsumerFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type TestSessionsQuery = { consumers: { totalCount: number | null, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, clientId: string, protocol: ConsumerProtocol, source: string | null, lastHeartbeatAt: string | null, state: ConsumerState, closeReason: CloseReason | null, closeMessage: string | null, tracks: Array<{ id: string }> | null } | null> } | null };

export type TestSessionCountsQueryVariables = Exact<{
  id: string | number;
}>;


export type TestSessionCountsQuery = { stream: { consumerCounts: { active: number, total: number | null } | null } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const CountsFragmentDoc = new TypedDocumentString(`
    fragment Counts on ReservationCounts {
  total
  active
  bySource {
    source
    total
    active
    limit
  }
}
    `, {"fragmentName":"Counts"}) as unknown as TypedDocumentString<CountsFragment, unknown>;
export const WallDocument = new TypedDocumentString(`
    subscription Wall($withKey: Boolean!) {
  streams(intervalSeconds: 2) {
    reset
    complete
    removedIds
    at
    changed {
      id
      name
      state
      stateReason
      stateSince
      desiredState
      uptimeSeconds
      source @include(if: $withKey) {
        kind
        url
      }
      process {
        cpuPercent
        memoryBytes
        fps
        bitrateBps
        restarts
        measuredAt
      }
      consumerCounts @include(if: $withKey) {
        total
        active
      }
      health {
        status
        issues {
          type
          severity
          track
          reason
          since
        }
      }
      tracks {
        kind
        codec
        width
        height
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WallSubscription, WallSubscriptionVariables>;
export const HistoryDocument = new TypedDocumentString(`
    query History($id: ID!, $from: DateTime!, $maxPoints: Int!, $withKey: Boolean!) {
  stream(id: $id) {
    id
    healthTimeline(from: $from, maxPoints: $maxPoints) {
      bucketSeconds
      points {
        from
        to
        status
        fps
        bitrateBps
        cpuPercent
        restarts
        issues
      }
    }
    recovery @include(if: $withKey) {
      enabled
      restarts
      lastRestartAt
    }
    recoveryAttempts(first: 20) @include(if: $withKey) {
      nodes {
        id
        number
        cause
        action
        outcome
        startedAt
        downtimeSeconds
        log
      }
    }
  }
}
    `) as unknown as TypedDocumentString<HistoryQuery, HistoryQueryVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    scopes
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const AddStreamDocument = new TypedDocumentString(`
    mutation AddStream($input: CreateStreamInput!) {
  createStream(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<AddStreamMutation, AddStreamMutationVariables>;
export const StartDocument = new TypedDocumentString(`
    mutation Start($id: ID!) {
  startStream(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<StartMutation, StartMutationVariables>;
export const StopDocument = new TypedDocumentString(`
    mutation Stop($id: ID!) {
  stopStream(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<StopMutation, StopMutationVariables>;
export const RestartDocument = new TypedDocumentString(`
    mutation Restart($id: ID!) {
  restartStream(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<RestartMutation, RestartMutationVariables>;
export const HealthDocument = new TypedDocumentString(`
    query Health {
  viewer {
    scopes
  }
  streams {
    totalCount
    nodes {
      id
      name
      state
      stateSince
      desiredState
      uptimeSeconds
      process {
        status
        healthy
        pid
        cpuPercent
        memoryBytes
        uptimeSeconds
      }
      producers {
        nodes {
          id
          kind
          state
          ssrcs
          uptimeSeconds
        }
      }
      playback {
        whepUrl
      }
    }
  }
}
    `) as unknown as TypedDocumentString<HealthQuery, HealthQueryVariables>;
export const OpenSessionDocument = new TypedDocumentString(`
    mutation OpenSession($input: OpenConsumerInput!, $idempotencyKey: String) {
  openConsumer(input: $input, idempotencyKey: $idempotencyKey) {
    consumer {
      id
      clientId
      source
      state
      protocol
      sessionSeconds
      tracks {
        id
      }
    }
    token
    tokenExpiresAt
    heartbeatSeconds
    timeoutSeconds
    routerRtpCapabilities
    transportOptions
    tracks {
      id
    }
    url
  }
}
    `) as unknown as TypedDocumentString<OpenSessionMutation, OpenSessionMutationVariables>;
export const CloseSessionDocument = new TypedDocumentString(`
    mutation CloseSession($id: ID!, $reason: String) {
  closeConsumer(id: $id, reason: $reason) {
    state
    closeReason
    closeMessage
  }
}
    `) as unknown as TypedDocumentString<CloseSessionMutation, CloseSessionMutationVariables>;
export const SessionsDocument = new TypedDocumentString(`
    query Sessions($filter: ConsumerFilter, $first: Int, $after: String) {
  consumers(filter: $filter, first: $first, after: $after) {
    totalCount
    nodes {
      id
      clientId
      source
      state
      protocol
      openedAt
      lastHeartbeatAt
      closedAt
      closeReason
      closeMessage
      sessionSeconds
      bitrateBps
      bytesSent
      packetsLost
      roundTripMs
      measuredAt
      playerStats
      tracks {
        id
        producerId
        kind
        paused
        consumerOptions
      }
      stream {
        id
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<SessionsQuery, SessionsQueryVariables>;
export const SessionsOfStreamsDocument = new TypedDocumentString(`
    query SessionsOfStreams($first: Int, $filter: ConsumerFilter) {
  streams(first: $first) {
    nodes {
      id
      consumerCounts {
        total
        active
      }
      health {
        consumers {
          total
          active
        }
      }
      consumers(first: 3, filter: $filter) {
        nodes {
          id
          state
          lastHeartbeatAt
          bitrateBps
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SessionsOfStreamsQuery, SessionsOfStreamsQueryVariables>;
export const OneSessionDocument = new TypedDocumentString(`
    query OneSession($id: ID!) {
  consumer(id: $id) {
    id
    clientId
    state
    stream {
      name
      labels
    }
  }
}
    `) as unknown as TypedDocumentString<OneSessionQuery, OneSessionQueryVariables>;
export const WatchSessionDocument = new TypedDocumentString(`
    subscription WatchSession($id: ID!) {
  node(id: $id) {
    id
    ... on Consumer {
      state
      closeReason
      closeMessage
    }
  }
}
    `) as unknown as TypedDocumentString<WatchSessionSubscription, WatchSessionSubscriptionVariables>;
export const WatchLogDocument = new TypedDocumentString(`
    subscription WatchLog($filter: EventFilter, $after: String) {
  events(filter: $filter, after: $after) {
    __typename
    ... on Event {
      id
      cursor
      type
      subjectId
      data
      subject {
        id
      }
    }
    ... on Checkpoint {
      cursor
      at
      caughtUp
    }
    ... on Gap {
      missed
      cursor
    }
  }
}
    `) as unknown as TypedDocumentString<WatchLogSubscription, WatchLogSubscriptionVariables>;
export const ReadLogDocument = new TypedDocumentString(`
    subscription ReadLog($filter: EventFilter, $after: String) {
  events(filter: $filter, after: $after) {
    __typename
    ... on Event {
      cursor
      subjectId
    }
  }
}
    `) as unknown as TypedDocumentString<ReadLogSubscription, ReadLogSubscriptionVariables>;
export const ListLogDocument = new TypedDocumentString(`
    query ListLog {
  events(direction: ASC, first: 100) {
    nodes {
      id
      cursor
    }
  }
}
    `) as unknown as TypedDocumentString<ListLogQuery, ListLogQueryVariables>;
export const FiguresDocument = new TypedDocumentString(`
    query Figures($id: ID!) {
  stream(id: $id) {
    uptimeSeconds
    process {
      status
      healthy
      pid
      restarts
      lastExit {
        code
        cause
        at
        log
      }
    }
    tracks {
      kind
      codec
      width
      fps
      bitrateBps
      lastProgressAt
    }
    producers {
      nodes {
        state
        bitrateBps
        packets
        packetsLost
        jitterMs
        score
        measuredAt
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FiguresQuery, FiguresQueryVariables>;
export const StreamHealthDocument = new TypedDocumentString(`
    query StreamHealth($id: ID!) {
  streamHealth(streamId: $id) {
    streamId
    status
    issues {
      type
      severity
      track
      reason
      since
      evidence
    }
    process {
      status
      pid
    }
    producers {
      producerId
      state
      uptimeSeconds
    }
    at
  }
}
    `) as unknown as TypedDocumentString<StreamHealthQuery, StreamHealthQueryVariables>;
export const StreamHealthStatisticsDocument = new TypedDocumentString(`
    query StreamHealthStatistics($id: ID!) {
  stream(id: $id) {
    health {
      status
      producers {
        bitrateBps
        packetsLost
      }
      consumers {
        active
      }
    }
  }
}
    `) as unknown as TypedDocumentString<StreamHealthStatisticsQuery, StreamHealthStatisticsQueryVariables>;
export const StreamsByHealthDocument = new TypedDocumentString(`
    query StreamsByHealth($filter: StreamFilter) {
  streams(filter: $filter) {
    totalCount
    nodes {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<StreamsByHealthQuery, StreamsByHealthQueryVariables>;
export const StreamNamesDocument = new TypedDocumentString(`
    query StreamNames($filter: StreamFilter, $orderBy: StreamOrderBy, $first: Int, $after: String, $last: Int, $before: String) {
  streams(
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
    last: $last
    before: $before
  ) {
    totalCount
    nodes {
      id
      name
    }
    edges {
      cursor
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<StreamNamesQuery, StreamNamesQueryVariables>;
export const WholeGraphDocument = new TypedDocumentString(`
    query WholeGraph($first: Int) {
  streams(first: $first) {
    totalCount
    nodes {
      id
      project {
        name
      }
      mediaNode {
        name
      }
      producers(first: 5) {
        nodes {
          id
          bitrateBps
        }
      }
      events(first: 5) {
        edges {
          node {
            cursor
            type
          }
        }
      }
      process {
        pid
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WholeGraphQuery, WholeGraphQueryVariables>;
export const StreamEventsDocument = new TypedDocumentString(`
    query StreamEvents($filter: EventFilter, $direction: SortDirection!, $first: Int, $after: String) {
  events(filter: $filter, direction: $direction, first: $first, after: $after) {
    nodes {
      cursor
      type
      subject {
        id
        ... on Stream {
          name
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<StreamEventsQuery, StreamEventsQueryVariables>;
export const CreateStreamDocument = new TypedDocumentString(`
    mutation CreateStream($input: CreateStreamInput!, $idempotencyKey: String) {
  createStream(input: $input, idempotencyKey: $idempotencyKey) {
    id
    name
    labels
    maxConsumers
    desiredState
    state
    generation
    source {
      kind
      url
      options
    }
    producers {
      nodes {
        id
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CreateStreamMutation, CreateStreamMutationVariables>;
export const UpdateStreamDocument = new TypedDocumentString(`
    mutation UpdateStream($id: ID!, $input: UpdateStreamInput!) {
  updateStream(id: $id, input: $input) {
    name
    labels
    maxConsumers
    source {
      kind
      options
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateStreamMutation, UpdateStreamMutationVariables>;
export const OrderStreamDocument = new TypedDocumentString(`
    mutation OrderStream($id: ID!) {
  startStream(id: $id) {
    desiredState
    generation
    observedGeneration
  }
  restartStream(id: $id) {
    desiredState
    generation
  }
  stopStream(id: $id) {
    desiredState
    generation
  }
  deleteStream(id: $id) {
    deletedAt
  }
}
    `) as unknown as TypedDocumentString<OrderStreamMutation, OrderStreamMutationVariables>;
export const StartStreamsDocument = new TypedDocumentString(`
    mutation StartStreams($ids: [ID!]!) {
  startStreams(ids: $ids) {
    id
    stream {
      name
      desiredState
    }
    error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<StartStreamsMutation, StartStreamsMutationVariables>;
export const CloseAndCreateProducerDocument = new TypedDocumentString(`
    mutation CloseAndCreateProducer($id: ID!, $input: CreateProducerInput!) {
  closeProducer(id: $id) {
    state
    closeReason
    stream {
      name
    }
  }
  createProducer(input: $input) {
    id
    kind
    state
    stream {
      producers(first: 1) {
        nodes {
          kind
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CloseAndCreateProducerMutation, CloseAndCreateProducerMutationVariables>;
export const EveryKindDocument = new TypedDocumentString(`
    query EveryKind($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    id
    ... on Stream {
      mediaNode {
        name
        streams
      }
      producers {
        nodes {
          id
        }
      }
    }
    ... on Producer {
      stream {
        name
      }
    }
    ... on Event {
      actor {
        name
        apiKey {
          prefix
        }
      }
      subject {
        __typename
        id
      }
    }
    ... on MediaNode {
      capacity
      draining
      version
    }
    ... on Project {
      publicHealth
      apiKeys(first: 1) {
        nodes {
          prefix
          scopes
        }
        pageInfo {
          hasNextPage
        }
      }
    }
    ... on ApiKey {
      scopes
      revokedAt
    }
  }
  mediaNodes {
    id
  }
  project {
    id
  }
}
    `) as unknown as TypedDocumentString<EveryKindQuery, EveryKindQueryVariables>;
export const CreateTestProjectDocument = new TypedDocumentString(`
    mutation CreateTestProject($name: String!, $idempotencyKey: String) {
  createProject(input: { name: $name }, idempotencyKey: $idempotencyKey) {
    id
    name
    publicHealth
  }
}
    `) as unknown as TypedDocumentString<CreateTestProjectMutation, CreateTestProjectMutationVariables>;
export const UpdateTestProjectDocument = new TypedDocumentString(`
    mutation UpdateTestProject($id: ID!, $input: UpdateProjectInput!) {
  updateProject(id: $id, input: $input) {
    name
    publicHealth
    quotas {
      requestsPerMinute
    }
    sourcePolicy {
      schemes
      allowCidrs
      denyCidrs
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateTestProjectMutation, UpdateTestProjectMutationVariables>;
export const CreateTestKeyDocument = new TypedDocumentString(`
    mutation CreateTestKey($input: CreateApiKeyInput!, $idempotencyKey: String) {
  createApiKey(input: $input, idempotencyKey: $idempotencyKey) {
    key
    apiKey {
      id
      prefix
      scopes
      expiresAt
      revokedAt
    }
  }
}
    `) as unknown as TypedDocumentString<CreateTestKeyMutation, CreateTestKeyMutationVariables>;
export const RevokeTestKeyDocument = new TypedDocumentString(`
    mutation RevokeTestKey($id: ID!) {
  revokeApiKey(id: $id) {
    id
    revokedAt
  }
}
    `) as unknown as TypedDocumentString<RevokeTestKeyMutation, RevokeTestKeyMutationVariables>;
export const TestProjectsDocument = new TypedDocumentString(`
    query TestProjects($after: String, $id: ID!) {
  projects(first: 1, after: $after) {
    nodes {
      id
      apiKeys {
        nodes {
          id
        }
      }
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
  project(id: $id) {
    name
  }
  node(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<TestProjectsQuery, TestProjectsQueryVariables>;
export const WhoAmIDocument = new TypedDocumentString(`
    query WhoAmI {
  viewer {
    scopes
    project {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<WhoAmIQuery, WhoAmIQueryVariables>;
export const AttemptsDocument = new TypedDocumentString(`
    query Attempts($streamId: ID, $from: DateTime, $to: DateTime, $first: Int, $after: String) {
  recoveryAttempts(
    streamId: $streamId
    from: $from
    to: $to
    first: $first
    after: $after
  ) {
    nodes {
      id
      number
      cause
      evidence
      action
      outcome
      startedAt
      endedAt
      downtimeSeconds
      log
      stream {
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<AttemptsQuery, AttemptsQueryVariables>;
export const StreamRecoveryDocument = new TypedDocumentString(`
    query StreamRecovery($first: Int) {
  streams(first: $first) {
    nodes {
      id
      recovery {
        enabled
        restarts
        lastRestartAt
        sourceRetries
        recentAttempts
        coolingDownUntil
      }
      recoveryAttempts(first: 2) {
        nodes {
          id
          outcome
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<StreamRecoveryQuery, StreamRecoveryQueryVariables>;
export const StatsDocument = new TypedDocumentString(`
    query Stats($streamId: ID) {
  recoveryStats(streamId: $streamId) {
    enabled
    restarts
    sourceRetries
    recentAttempts
  }
}
    `) as unknown as TypedDocumentString<StatsQuery, StatsQueryVariables>;
export const AttemptNodeDocument = new TypedDocumentString(`
    query AttemptNode($id: ID!) {
  node(id: $id) {
    id
    ... on RecoveryAttempt {
      cause
      stream {
        id
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AttemptNodeQuery, AttemptNodeQueryVariables>;
export const CreateReservationDocument = new TypedDocumentString(`
    mutation CreateReservation($input: CreateReservationInput!, $idempotencyKey: String) {
  createReservation(input: $input, idempotencyKey: $idempotencyKey) {
    id
    streamId
    source
    holder
    state
    createdAt
    activatedAt
    releasedAt
    expiresAt
    stream {
      name
    }
  }
}
    `) as unknown as TypedDocumentString<CreateReservationMutation, CreateReservationMutationVariables>;
export const ReleaseReservationDocument = new TypedDocumentString(`
    mutation ReleaseReservation($id: ID!) {
  releaseReservation(id: $id) {
    state
    releasedAt
  }
}
    `) as unknown as TypedDocumentString<ReleaseReservationMutation, ReleaseReservationMutationVariables>;
export const ExtendReservationDocument = new TypedDocumentString(`
    mutation ExtendReservation($id: ID!, $holdSeconds: Int!) {
  extendReservation(id: $id, holdSeconds: $holdSeconds) {
    state
    expiresAt
  }
}
    `) as unknown as TypedDocumentString<ExtendReservationMutation, ExtendReservationMutationVariables>;
export const OneReservationDocument = new TypedDocumentString(`
    query OneReservation($id: ID!) {
  reservation(id: $id) {
    id
    state
  }
  node(id: $id) {
    id
    ... on Reservation {
      source
      stream {
        id
      }
    }
  }
}
    `) as unknown as TypedDocumentString<OneReservationQuery, OneReservationQueryVariables>;
export const ReservationsDocument = new TypedDocumentString(`
    query Reservations($streamId: ID!, $filter: ReservationFilter, $first: Int, $after: String) {
  reservations(filter: $filter, first: $first, after: $after) {
    totalCount
    nodes {
      id
      state
      stream {
        name
      }
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
  reservationCounts {
    ...Counts
  }
  ofStream: reservationCounts(streamId: $streamId) {
    ...Counts
  }
  stream(id: $streamId) {
    reservations(filter: $filter, first: $first) {
      totalCount
      nodes {
        id
      }
    }
    reservationCounts {
      ...Counts
    }
  }
}
    fragment Counts on ReservationCounts {
  total
  active
  bySource {
    source
    total
    active
    limit
  }
}`) as unknown as TypedDocumentString<ReservationsQuery, ReservationsQueryVariables>;
export const UpdateProjectDocument = new TypedDocumentString(`
    mutation UpdateProject($id: ID!, $input: UpdateProjectInput!) {
  updateProject(id: $id, input: $input) {
    name
    quotas {
      maxConsumers
      maxReservations
      perSource
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateProjectMutation, UpdateProjectMutationVariables>;
export const OnDemandDocument = new TypedDocumentString(`
    mutation OnDemand($id: ID!, $create: CreateStreamInput!, $update: UpdateStreamInput!) {
  createStream(input: $create) {
    id
    onDemand
  }
  updateStream(id: $id, input: $update) {
    onDemand
  }
}
    `) as unknown as TypedDocumentString<OnDemandMutation, OnDemandMutationVariables>;
export const WatchHealthDocument = new TypedDocumentString(`
    subscription WatchHealth($streamId: ID!, $after: String, $intervalSeconds: Int! = 1) {
  streamHealth(
    streamId: $streamId
    after: $after
    intervalSeconds: $intervalSeconds
  ) {
    __typename
    ... on StreamHealth {
      streamId
      status
      issues {
        type
      }
    }
    ... on HealthChange {
      cursor
      status
      previous
      opened {
        type
        severity
        track
        reason
        since
        evidence
      }
      closed
    }
    ... on Checkpoint {
      cursor
      caughtUp
    }
    ... on Gap {
      missed
    }
  }
}
    `) as unknown as TypedDocumentString<WatchHealthSubscription, WatchHealthSubscriptionVariables>;
export const WatchStreamsDocument = new TypedDocumentString(`
    subscription WatchStreams($filter: StreamFilter) {
  streams(filter: $filter) {
    reset
    complete
    changed {
      id
      name
      state
      producers(first: 5) {
        nodes {
          state
        }
      }
    }
    removedIds
  }
}
    `) as unknown as TypedDocumentString<WatchStreamsSubscription, WatchStreamsSubscriptionVariables>;
export const WatchFiguresDocument = new TypedDocumentString(`
    subscription WatchFigures {
  streams(intervalSeconds: 1) {
    reset
    changed {
      id
      process {
        cpuPercent
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WatchFiguresSubscription, WatchFiguresSubscriptionVariables>;
export const WatchNodeDocument = new TypedDocumentString(`
    subscription WatchNode($id: ID!) {
  node(id: $id) {
    id
    ... on Stream {
      name
      deletedAt
    }
    ... on Producer {
      state
      stream {
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WatchNodeSubscription, WatchNodeSubscriptionVariables>;
export const SystemHealthSummaryDocument = new TypedDocumentString(`
    query SystemHealthSummary {
  systemHealth {
    status
    message
    at
    durationMs
    components {
      component
      name
      status
      message
      responseTimeMs
      checkedAt
    }
    summary {
      total
      healthy
      warning
      critical
      unknown
    }
    streams {
      total
      byState {
        state
        count
      }
    }
    activeProcesses
    activeProducers
    activeConsumers
  }
}
    `) as unknown as TypedDocumentString<SystemHealthSummaryQuery, SystemHealthSummaryQueryVariables>;
export const WatchSystemHealthDocument = new TypedDocumentString(`
    subscription WatchSystemHealth {
  systemHealth {
    status
    message
  }
}
    `) as unknown as TypedDocumentString<WatchSystemHealthSubscription, WatchSystemHealthSubscriptionVariables>;
export const PastOfStreamDocument = new TypedDocumentString(`
    query PastOfStream($id: ID!, $from: DateTime!, $to: DateTime, $maxPoints: Int!) {
  stream(id: $id) {
    healthTimeline(from: $from, to: $to, maxPoints: $maxPoints) {
      bucketSeconds
      points {
        from
        to
        status
        livePercent
        fps
        bitrateBps
        cpuPercent
        memoryBytes
        restarts
        issues
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PastOfStreamQuery, PastOfStreamQueryVariables>;
export const MomentOfStreamDocument = new TypedDocumentString(`
    query MomentOfStream($id: ID!, $time: DateTime!) {
  stream(id: $id) {
    healthAt(time: $time) {
      streamId
      status
      at
      issues {
        type
        severity
        track
        reason
        since
        evidence
      }
      process {
        pid
      }
      producers {
        producerId
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MomentOfStreamQuery, MomentOfStreamQueryVariables>;
export const PastOfWallDocument = new TypedDocumentString(`
    query PastOfWall($from: DateTime!, $to: DateTime) {
  streams(first: 50) {
    nodes {
      id
      healthTimeline(from: $from, to: $to, maxPoints: 60) {
        points {
          consumers
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PastOfWallQuery, PastOfWallQueryVariables>;
export const PastOfSystemDocument = new TypedDocumentString(`
    query PastOfSystem($from: DateTime!, $to: DateTime, $time: DateTime!) {
  systemMetrics(from: $from, to: $to, maxPoints: 10) {
    bucketSeconds
    points {
      at
      cpuPercent
      diskPercent
      activeStreams
      activeConsumers
      temporaryFolderBytes
      eventLoopLagMs
    }
  }
  systemHealthTimeline(from: $from, to: $to, maxPoints: 10) {
    points {
      status
      unhealthyComponents
      streamsByState {
        state
        count
      }
    }
  }
  systemHealthAt(time: $time) {
    status
    at
    components {
      component
      status
    }
    summary {
      total
      healthy
      critical
    }
  }
}
    `) as unknown as TypedDocumentString<PastOfSystemQuery, PastOfSystemQueryVariables>;
export const WatchWallDocument = new TypedDocumentString(`
    subscription WatchWall($after: String) {
  streams(intervalSeconds: 1, after: $after) {
    reset
    complete
    cursor
    removedIds
    changed {
      id
      name
      state
      uptimeSeconds
      health {
        status
      }
      process {
        cpuPercent
        fps
        bitrateBps
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WatchWallSubscription, WatchWallSubscriptionVariables>;
export const OpenOnDemandDocument = new TypedDocumentString(`
    mutation OpenOnDemand($input: OpenConsumerInput!) {
  openConsumer(input: $input) {
    consumer {
      id
    }
    transportOptions
    url
  }
}
    `) as unknown as TypedDocumentString<OpenOnDemandMutation, OpenOnDemandMutationVariables>;
export const CloseOnDemandDocument = new TypedDocumentString(`
    mutation CloseOnDemand($id: ID!) {
  closeConsumer(id: $id) {
    closeReason
  }
}
    `) as unknown as TypedDocumentString<CloseOnDemandMutation, CloseOnDemandMutationVariables>;
export const SessionOnDemandDocument = new TypedDocumentString(`
    query SessionOnDemand($id: ID!) {
  consumer(id: $id) {
    state
    closeReason
  }
}
    `) as unknown as TypedDocumentString<SessionOnDemandQuery, SessionOnDemandQueryVariables>;
export const ReservingProjectDocument = new TypedDocumentString(`
    query ReservingProject {
  viewer {
    project {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<ReservingProjectQuery, ReservingProjectQueryVariables>;
export const LimitSourcesDocument = new TypedDocumentString(`
    mutation LimitSources($id: ID!, $perSource: JSON) {
  updateProject(id: $id, input: { quotas: { perSource: $perSource } }) {
    id
  }
}
    `) as unknown as TypedDocumentString<LimitSourcesMutation, LimitSourcesMutationVariables>;
export const ReserveDocument = new TypedDocumentString(`
    mutation Reserve($input: CreateReservationInput!) {
  createReservation(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<ReserveMutation, ReserveMutationVariables>;
export const OpenReservedDocument = new TypedDocumentString(`
    mutation OpenReserved($input: OpenConsumerInput!) {
  openConsumer(input: $input) {
    consumer {
      id
      source
    }
    url
  }
}
    `) as unknown as TypedDocumentString<OpenReservedMutation, OpenReservedMutationVariables>;
export const ReleaseDocument = new TypedDocumentString(`
    mutation Release($id: ID!) {
  releaseReservation(id: $id) {
    state
  }
}
    `) as unknown as TypedDocumentString<ReleaseMutation, ReleaseMutationVariables>;
export const SeenReservationDocument = new TypedDocumentString(`
    query SeenReservation($id: ID!, $session: ID!) {
  reservation(id: $id) {
    state
  }
  consumer(id: $session) {
    state
    closeReason
    closeMessage
  }
  reservationCounts {
    total
    active
    bySource {
      source
      total
      active
      limit
    }
  }
}
    `) as unknown as TypedDocumentString<SeenReservationQuery, SeenReservationQueryVariables>;
export const CreateTestStreamDocument = new TypedDocumentString(`
    mutation CreateTestStream($input: CreateStreamInput!) {
  createStream(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<CreateTestStreamMutation, CreateTestStreamMutationVariables>;
export const UpdateTestStreamDocument = new TypedDocumentString(`
    mutation UpdateTestStream($id: ID!, $input: UpdateStreamInput!) {
  updateStream(id: $id, input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<UpdateTestStreamMutation, UpdateTestStreamMutationVariables>;
export const DeleteTestStreamDocument = new TypedDocumentString(`
    mutation DeleteTestStream($id: ID!) {
  deleteStream(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<DeleteTestStreamMutation, DeleteTestStreamMutationVariables>;
export const StartTestStreamDocument = new TypedDocumentString(`
    mutation StartTestStream($id: ID!) {
  startStream(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<StartTestStreamMutation, StartTestStreamMutationVariables>;
export const StopTestStreamDocument = new TypedDocumentString(`
    mutation StopTestStream($id: ID!) {
  stopStream(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<StopTestStreamMutation, StopTestStreamMutationVariables>;
export const RestartTestStreamDocument = new TypedDocumentString(`
    mutation RestartTestStream($id: ID!) {
  restartStream(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<RestartTestStreamMutation, RestartTestStreamMutationVariables>;
export const CloseTestProducerDocument = new TypedDocumentString(`
    mutation CloseTestProducer($id: ID!) {
  closeProducer(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<CloseTestProducerMutation, CloseTestProducerMutationVariables>;
export const TestStreamDocument = new TypedDocumentString(`
    query TestStream($id: ID!) {
  stream(id: $id) {
    id
    name
    desiredState
    generation
    observedGeneration
    state
    stateReason
    stateSince
    process {
      pid
      status
      restarts
      lastExit {
        cause
        log
      }
    }
    producers(first: 20) {
      nodes {
        id
        kind
        state
      }
    }
    playback {
      whepUrl
      hlsUrl
    }
  }
}
    `) as unknown as TypedDocumentString<TestStreamQuery, TestStreamQueryVariables>;
export const TestStreamHealthDocument = new TypedDocumentString(`
    query TestStreamHealth($id: ID!) {
  stream(id: $id) {
    state
    stateCause
    health {
      status
      issues {
        type
        track
        severity
        since
        reason
        evidence
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TestStreamHealthQuery, TestStreamHealthQueryVariables>;
export const TestStreamEventsDocument = new TypedDocumentString(`
    query TestStreamEvents($subjectId: ID!, $types: [String!]) {
  events(
    filter: { subjectId: $subjectId, types: $types }
    direction: ASC
    first: 100
  ) {
    nodes {
      cursor
      type
      at
      data
    }
  }
}
    `) as unknown as TypedDocumentString<TestStreamEventsQuery, TestStreamEventsQueryVariables>;
export const TestStreamsDocument = new TypedDocumentString(`
    query TestStreams {
  streams(first: 100) {
    totalCount
    nodes {
      id
      name
      state
    }
  }
}
    `) as unknown as TypedDocumentString<TestStreamsQuery, TestStreamsQueryVariables>;
export const CreateTestProducerDocument = new TypedDocumentString(`
    mutation CreateTestProducer($input: CreateProducerInput!) {
  createProducer(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<CreateTestProducerMutation, CreateTestProducerMutationVariables>;
export const WatchTestStreamDocument = new TypedDocumentString(`
    subscription WatchTestStream($id: ID!) {
  node(id: $id) {
    ... on Stream {
      state
      stateReason
    }
  }
}
    `) as unknown as TypedDocumentString<WatchTestStreamSubscription, WatchTestStreamSubscriptionVariables>;
export const TestStreamTracksDocument = new TypedDocumentString(`
    query TestStreamTracks($id: ID!) {
  stream(id: $id) {
    tracks {
      kind
      codec
      lastProgressAt
    }
  }
}
    `) as unknown as TypedDocumentString<TestStreamTracksQuery, TestStreamTracksQueryVariables>;
export const TestClusterDocument = new TypedDocumentString(`
    query TestCluster {
  mediaNodes {
    id
    name
    status
    draining
    streams
  }
  streams(first: 100) {
    nodes {
      id
      state
      stateCause
      process {
        pid
      }
      consumerCounts {
        active
      }
      mediaNode {
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TestClusterQuery, TestClusterQueryVariables>;
export const TestRecoveryAttemptsDocument = new TypedDocumentString(`
    query TestRecoveryAttempts($streamId: ID!) {
  recoveryAttempts(streamId: $streamId, first: 100) {
    nodes {
      id
      number
      cause
      evidence
      action
      outcome
      startedAt
      endedAt
      downtimeSeconds
      log
    }
  }
  recoveryStats(streamId: $streamId) {
    enabled
    restarts
    recentAttempts
  }
}
    `) as unknown as TypedDocumentString<TestRecoveryAttemptsQuery, TestRecoveryAttemptsQueryVariables>;
export const DrainTestNodeDocument = new TypedDocumentString(`
    mutation DrainTestNode($id: ID!, $draining: Boolean!) {
  drainMediaNode(id: $id, draining: $draining) {
    draining
    status
  }
}
    `) as unknown as TypedDocumentString<DrainTestNodeMutation, DrainTestNodeMutationVariables>;
export const OpenTestSessionDocument = new TypedDocumentString(`
    mutation OpenTestSession($input: OpenConsumerInput!) {
  openConsumer(input: $input) {
    token
    heartbeatSeconds
    timeoutSeconds
    routerRtpCapabilities
    transportOptions
    url
    consumer {
      id
      state
    }
    tracks {
      id
      kind
      paused
    }
  }
}
    `) as unknown as TypedDocumentString<OpenTestSessionMutation, OpenTestSessionMutationVariables>;
export const ReopenTestSessionDocument = new TypedDocumentString(`
    mutation ReopenTestSession($id: ID!, $rtpCapabilities: RtpCapabilities) {
  reopenConsumer(id: $id, rtpCapabilities: $rtpCapabilities) {
    token
    transportOptions
    consumer {
      id
      state
    }
    tracks {
      id
      kind
    }
  }
}
    `) as unknown as TypedDocumentString<ReopenTestSessionMutation, ReopenTestSessionMutationVariables>;
export const ConsumeTestSessionDocument = new TypedDocumentString(`
    mutation ConsumeTestSession($id: ID!, $rtpCapabilities: RtpCapabilities!) {
  consume(id: $id, rtpCapabilities: $rtpCapabilities) {
    id
    kind
    paused
  }
}
    `) as unknown as TypedDocumentString<ConsumeTestSessionMutation, ConsumeTestSessionMutationVariables>;
export const ConnectTestSessionDocument = new TypedDocumentString(`
    mutation ConnectTestSession($id: ID!, $dtlsParameters: DtlsParametersInput!) {
  connectConsumer(id: $id, dtlsParameters: $dtlsParameters) {
    id
  }
  resumeConsumer(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<ConnectTestSessionMutation, ConnectTestSessionMutationVariables>;
export const PauseTestSessionDocument = new TypedDocumentString(`
    mutation PauseTestSession($id: ID!, $kinds: [MediaKind!]) {
  pauseConsumer(id: $id, kinds: $kinds) {
    id
  }
}
    `) as unknown as TypedDocumentString<PauseTestSessionMutation, PauseTestSessionMutationVariables>;
export const ResumeTestSessionDocument = new TypedDocumentString(`
    mutation ResumeTestSession($id: ID!, $kinds: [MediaKind!]) {
  resumeConsumer(id: $id, kinds: $kinds) {
    id
  }
}
    `) as unknown as TypedDocumentString<ResumeTestSessionMutation, ResumeTestSessionMutationVariables>;
export const RestartTestSessionIceDocument = new TypedDocumentString(`
    mutation RestartTestSessionIce($id: ID!) {
  restartConsumerIce(id: $id)
}
    `) as unknown as TypedDocumentString<RestartTestSessionIceMutation, RestartTestSessionIceMutationVariables>;
export const CloseTestSessionDocument = new TypedDocumentString(`
    mutation CloseTestSession($id: ID!, $reason: String) {
  closeConsumer(id: $id, reason: $reason) {
    id
    state
    closeReason
    closeMessage
  }
}
    `) as unknown as TypedDocumentString<CloseTestSessionMutation, CloseTestSessionMutationVariables>;
export const BeatTestSessionDocument = new TypedDocumentString(`
    mutation BeatTestSession($id: ID!) {
  recordHeartbeat(consumerId: $id, stats: { framesDecoded: 7 }) {
    accepted
    refusal
    closeReason
    closeMessage
    token
  }
}
    `) as unknown as TypedDocumentString<BeatTestSessionMutation, BeatTestSessionMutationVariables>;
export const BeatTestSessionsDocument = new TypedDocumentString(`
    mutation BeatTestSessions($heartbeats: [HeartbeatInput!]!) {
  recordHeartbeats(heartbeats: $heartbeats) {
    consumerId
    accepted
  }
}
    `) as unknown as TypedDocumentString<BeatTestSessionsMutation, BeatTestSessionsMutationVariables>;
export const TestSessionDocument = new TypedDocumentString(`
    query TestSession($id: ID!) {
  consumer(id: $id) {
    id
    streamId
    clientId
    protocol
    state
    closeReason
    closeMessage
    openedAt
    closedAt
    lastHeartbeatAt
    playerStats
    bitrateBps
    bytesSent
    packetsLost
    roundTripMs
    tracks {
      id
      kind
      paused
    }
  }
}
    `) as unknown as TypedDocumentString<TestSessionQuery, TestSessionQueryVariables>;
export const TestSessionsDocument = new TypedDocumentString(`
    query TestSessions($filter: ConsumerFilter, $first: Int, $after: String) {
  consumers(filter: $filter, first: $first, after: $after) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      clientId
      protocol
      source
      lastHeartbeatAt
      state
      closeReason
      closeMessage
      tracks {
        id
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TestSessionsQuery, TestSessionsQueryVariables>;
export const TestSessionCountsDocument = new TypedDocumentString(`
    query TestSessionCounts($id: ID!) {
  stream(id: $id) {
    consumerCounts {
      active
      total
    }
  }
}
    `) as unknown as TypedDocumentString<TestSessionCountsQuery, TestSessionCountsQueryVariables>;