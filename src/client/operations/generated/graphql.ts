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

export type EventFilter = {
  /** Inclusive. */
  from?: string | null | undefined;
  subjectId?: string | number | null | undefined;
  /** Exclusive. */
  to?: string | null | undefined;
  /** At most 100. */
  types?: Array<string> | null | undefined;
};

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

/** HELD: a place is kept until it expires. ACTIVE: a session sits on it. RELEASED: given back, or its session has ended. EXPIRED: nobody came in time. */
export type ReservationState =
  | 'ACTIVE'
  | 'EXPIRED'
  | 'HELD'
  | 'RELEASED';

export type RtspTransport =
  | 'TCP'
  | 'UDP';

export type Severity =
  | 'CRITICAL'
  | 'ERROR'
  | 'INFO'
  | 'WARNING';

export type SourceKind =
  | 'FILE'
  | 'HLS'
  | 'HTTP'
  | 'RTMP'
  | 'RTSP'
  | 'SRT'
  | 'TEST_PATTERN';

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

export type UrlSourceInput = {
  /** RTSP, RTMP, HLS, HTTP or SRT, where the URL does not tell. */
  kind?: SourceKind | null | undefined;
  /** TCP unless asked otherwise. */
  rtspTransport?: RtspTransport | null | undefined;
  /** rtsp, rtsps, rtmp, rtmps, http, https or srt. */
  url: string;
};

export type CreateReservationMutationVariables = Exact<{
  input: CreateReservationInput;
  idempotencyKey?: string | null | undefined;
}>;


export type CreateReservationMutation = { createReservation: { id: string, source: string, state: ReservationState, expiresAt: string } | null };

export type ExtendReservationMutationVariables = Exact<{
  id: string | number;
  holdSeconds: number;
}>;


export type ExtendReservationMutation = { extendReservation: { id: string, state: ReservationState, expiresAt: string } | null };

export type ReleaseReservationMutationVariables = Exact<{
  id: string | number;
}>;


export type ReleaseReservationMutation = { releaseReservation: { id: string, state: ReservationState } | null };

export type ReservationQueryVariables = Exact<{
  id: string | number;
}>;


export type ReservationQuery = { reservation: { id: string, source: string, state: ReservationState, expiresAt: string, releasedAt: string | null } | null };

export type OpenConsumerMutationVariables = Exact<{
  input: OpenConsumerInput;
  idempotencyKey?: string | null | undefined;
}>;


export type OpenConsumerMutation = { openConsumer: { token: string, tokenExpiresAt: string, heartbeatSeconds: number, timeoutSeconds: number, routerRtpCapabilities: object | null, transportOptions: object | null, url: string | null, consumer: { id: string }, tracks: Array<{ id: string, kind: MediaKind, consumerOptions: object }> } | null };

export type ReopenConsumerMutationVariables = Exact<{
  id: string | number;
  rtpCapabilities?: object | null | undefined;
}>;


export type ReopenConsumerMutation = { reopenConsumer: { token: string, tokenExpiresAt: string, heartbeatSeconds: number, timeoutSeconds: number, routerRtpCapabilities: object | null, transportOptions: object | null, url: string | null, consumer: { id: string }, tracks: Array<{ id: string, kind: MediaKind, consumerOptions: object }> } | null };

export type ConsumeMutationVariables = Exact<{
  id: string | number;
  rtpCapabilities: object;
}>;


export type ConsumeMutation = { consume: Array<{ id: string, kind: MediaKind, consumerOptions: object }> | null };

export type ConnectConsumerMutationVariables = Exact<{
  id: string | number;
  dtlsParameters: DtlsParametersInput;
}>;


export type ConnectConsumerMutation = { connectConsumer: { id: string, state: ConsumerState } | null };

export type ResumeConsumerMutationVariables = Exact<{
  id: string | number;
  kinds?: Array<MediaKind> | MediaKind | null | undefined;
}>;


export type ResumeConsumerMutation = { resumeConsumer: { id: string, state: ConsumerState } | null };

export type PauseConsumerMutationVariables = Exact<{
  id: string | number;
  kinds?: Array<MediaKind> | MediaKind | null | undefined;
}>;


export type PauseConsumerMutation = { pauseConsumer: { id: string, state: ConsumerState } | null };

export type RestartConsumerIceMutationVariables = Exact<{
  id: string | number;
}>;


export type RestartConsumerIceMutation = { restartConsumerIce: object | null };

export type CloseConsumerMutationVariables = Exact<{
  id: string | number;
  reason?: string | null | undefined;
}>;


export type CloseConsumerMutation = { closeConsumer: { id: string, state: ConsumerState, closeReason: CloseReason | null, closeMessage: string | null } | null };

export type RecordHeartbeatMutationVariables = Exact<{
  consumerId: string | number;
  stats?: PlayerStatsInput | null | undefined;
}>;


export type RecordHeartbeatMutation = { recordHeartbeat: { consumerId: string, accepted: boolean, refusal: HeartbeatRefusal | null, closeReason: CloseReason | null, closeMessage: string | null, at: string, nextBefore: string | null, token: string | null } | null };

export type RecordHeartbeatsMutationVariables = Exact<{
  heartbeats: Array<HeartbeatInput> | HeartbeatInput;
}>;


export type RecordHeartbeatsMutation = { recordHeartbeats: Array<{ consumerId: string, accepted: boolean, refusal: HeartbeatRefusal | null, closeReason: CloseReason | null, closeMessage: string | null, at: string, nextBefore: string | null }> | null };

export type ConsumerStateQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsumerStateQuery = { consumer: { id: string, state: ConsumerState, closeReason: CloseReason | null, closeMessage: string | null } | null };

export type WatchConsumerSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type WatchConsumerSubscription = { node:
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

export type CreateStreamMutationVariables = Exact<{
  input: CreateStreamInput;
  idempotencyKey?: string | null | undefined;
}>;


export type CreateStreamMutation = { createStream: { id: string, name: string, state: StreamState, playback: { whepUrl: string | null, hlsUrl: string | null } | null } | null };

export type StartStreamMutationVariables = Exact<{
  id: string | number;
}>;


export type StartStreamMutation = { startStream: { id: string, desiredState: DesiredState } | null };

export type StopStreamMutationVariables = Exact<{
  id: string | number;
}>;


export type StopStreamMutation = { stopStream: { id: string, desiredState: DesiredState } | null };

export type DeleteStreamMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteStreamMutation = { deleteStream: { id: string, deletedAt: string | null } | null };

export type StreamQueryVariables = Exact<{
  id: string | number;
}>;


export type StreamQuery = { stream: { id: string, name: string, state: StreamState, stateReason: string | null, stateSince: string, desiredState: DesiredState, uptimeSeconds: number | null, consumerCounts: { total: number | null, active: number } | null } | null };

export type WatchStreamsSubscriptionVariables = Exact<{
  filter?: StreamFilter | null | undefined;
}>;


export type WatchStreamsSubscription = { streams: { reset: boolean, complete: boolean, removedIds: Array<string>, at: string, changed: Array<{ id: string, name: string, state: StreamState, stateReason: string | null, stateSince: string }> } };

export type WatchHealthSubscriptionVariables = Exact<{
  streamId: string | number;
  intervalSeconds?: number;
  after?: string | null | undefined;
}>;


export type WatchHealthSubscription = { streamHealth:
    | { __typename: 'Checkpoint' }
    | { __typename: 'Gap', missed: number | null }
    | { __typename: 'HealthChange', cursor: string, at: string, status: HealthStatus, previous: HealthStatus, closed: Array<HealthIssueType>, opened: Array<{ type: HealthIssueType, severity: Severity, reason: string }> }
    | { __typename: 'StreamHealth', status: HealthStatus, at: string, issues: Array<{ type: HealthIssueType, severity: Severity, reason: string }> }
   };

export type WatchEventsSubscriptionVariables = Exact<{
  filter?: EventFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type WatchEventsSubscription = { events:
    | { __typename: 'Checkpoint', cursor: string, caughtUp: boolean }
    | { __typename: 'Event', id: string, cursor: string, type: string, at: string, subjectId: string | null, data: unknown }
    | { __typename: 'Gap', missed: number | null, cursor: string }
   };

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

export const CreateReservationDocument = new TypedDocumentString(`
    mutation CreateReservation($input: CreateReservationInput!, $idempotencyKey: String) {
  createReservation(input: $input, idempotencyKey: $idempotencyKey) {
    id
    source
    state
    expiresAt
  }
}
    `) as unknown as TypedDocumentString<CreateReservationMutation, CreateReservationMutationVariables>;
export const ExtendReservationDocument = new TypedDocumentString(`
    mutation ExtendReservation($id: ID!, $holdSeconds: Int!) {
  extendReservation(id: $id, holdSeconds: $holdSeconds) {
    id
    state
    expiresAt
  }
}
    `) as unknown as TypedDocumentString<ExtendReservationMutation, ExtendReservationMutationVariables>;
export const ReleaseReservationDocument = new TypedDocumentString(`
    mutation ReleaseReservation($id: ID!) {
  releaseReservation(id: $id) {
    id
    state
  }
}
    `) as unknown as TypedDocumentString<ReleaseReservationMutation, ReleaseReservationMutationVariables>;
export const ReservationDocument = new TypedDocumentString(`
    query Reservation($id: ID!) {
  reservation(id: $id) {
    id
    source
    state
    expiresAt
    releasedAt
  }
}
    `) as unknown as TypedDocumentString<ReservationQuery, ReservationQueryVariables>;
export const OpenConsumerDocument = new TypedDocumentString(`
    mutation OpenConsumer($input: OpenConsumerInput!, $idempotencyKey: String) {
  openConsumer(input: $input, idempotencyKey: $idempotencyKey) {
    consumer {
      id
    }
    token
    tokenExpiresAt
    heartbeatSeconds
    timeoutSeconds
    routerRtpCapabilities
    transportOptions
    tracks {
      id
      kind
      consumerOptions
    }
    url
  }
}
    `) as unknown as TypedDocumentString<OpenConsumerMutation, OpenConsumerMutationVariables>;
export const ReopenConsumerDocument = new TypedDocumentString(`
    mutation ReopenConsumer($id: ID!, $rtpCapabilities: RtpCapabilities) {
  reopenConsumer(id: $id, rtpCapabilities: $rtpCapabilities) {
    consumer {
      id
    }
    token
    tokenExpiresAt
    heartbeatSeconds
    timeoutSeconds
    routerRtpCapabilities
    transportOptions
    tracks {
      id
      kind
      consumerOptions
    }
    url
  }
}
    `) as unknown as TypedDocumentString<ReopenConsumerMutation, ReopenConsumerMutationVariables>;
export const ConsumeDocument = new TypedDocumentString(`
    mutation Consume($id: ID!, $rtpCapabilities: RtpCapabilities!) {
  consume(id: $id, rtpCapabilities: $rtpCapabilities) {
    id
    kind
    consumerOptions
  }
}
    `) as unknown as TypedDocumentString<ConsumeMutation, ConsumeMutationVariables>;
export const ConnectConsumerDocument = new TypedDocumentString(`
    mutation ConnectConsumer($id: ID!, $dtlsParameters: DtlsParametersInput!) {
  connectConsumer(id: $id, dtlsParameters: $dtlsParameters) {
    id
    state
  }
}
    `) as unknown as TypedDocumentString<ConnectConsumerMutation, ConnectConsumerMutationVariables>;
export const ResumeConsumerDocument = new TypedDocumentString(`
    mutation ResumeConsumer($id: ID!, $kinds: [MediaKind!]) {
  resumeConsumer(id: $id, kinds: $kinds) {
    id
    state
  }
}
    `) as unknown as TypedDocumentString<ResumeConsumerMutation, ResumeConsumerMutationVariables>;
export const PauseConsumerDocument = new TypedDocumentString(`
    mutation PauseConsumer($id: ID!, $kinds: [MediaKind!]) {
  pauseConsumer(id: $id, kinds: $kinds) {
    id
    state
  }
}
    `) as unknown as TypedDocumentString<PauseConsumerMutation, PauseConsumerMutationVariables>;
export const RestartConsumerIceDocument = new TypedDocumentString(`
    mutation RestartConsumerIce($id: ID!) {
  restartConsumerIce(id: $id)
}
    `) as unknown as TypedDocumentString<RestartConsumerIceMutation, RestartConsumerIceMutationVariables>;
export const CloseConsumerDocument = new TypedDocumentString(`
    mutation CloseConsumer($id: ID!, $reason: String) {
  closeConsumer(id: $id, reason: $reason) {
    id
    state
    closeReason
    closeMessage
  }
}
    `) as unknown as TypedDocumentString<CloseConsumerMutation, CloseConsumerMutationVariables>;
export const RecordHeartbeatDocument = new TypedDocumentString(`
    mutation RecordHeartbeat($consumerId: ID!, $stats: PlayerStatsInput) {
  recordHeartbeat(consumerId: $consumerId, stats: $stats) {
    consumerId
    accepted
    refusal
    closeReason
    closeMessage
    at
    nextBefore
    token
  }
}
    `) as unknown as TypedDocumentString<RecordHeartbeatMutation, RecordHeartbeatMutationVariables>;
export const RecordHeartbeatsDocument = new TypedDocumentString(`
    mutation RecordHeartbeats($heartbeats: [HeartbeatInput!]!) {
  recordHeartbeats(heartbeats: $heartbeats) {
    consumerId
    accepted
    refusal
    closeReason
    closeMessage
    at
    nextBefore
  }
}
    `) as unknown as TypedDocumentString<RecordHeartbeatsMutation, RecordHeartbeatsMutationVariables>;
export const ConsumerStateDocument = new TypedDocumentString(`
    query ConsumerState($id: ID!) {
  consumer(id: $id) {
    id
    state
    closeReason
    closeMessage
  }
}
    `) as unknown as TypedDocumentString<ConsumerStateQuery, ConsumerStateQueryVariables>;
export const WatchConsumerDocument = new TypedDocumentString(`
    subscription WatchConsumer($id: ID!) {
  node(id: $id) {
    id
    ... on Consumer {
      state
      closeReason
      closeMessage
    }
  }
}
    `) as unknown as TypedDocumentString<WatchConsumerSubscription, WatchConsumerSubscriptionVariables>;
export const CreateStreamDocument = new TypedDocumentString(`
    mutation CreateStream($input: CreateStreamInput!, $idempotencyKey: String) {
  createStream(input: $input, idempotencyKey: $idempotencyKey) {
    id
    name
    state
    playback {
      whepUrl
      hlsUrl
    }
  }
}
    `) as unknown as TypedDocumentString<CreateStreamMutation, CreateStreamMutationVariables>;
export const StartStreamDocument = new TypedDocumentString(`
    mutation StartStream($id: ID!) {
  startStream(id: $id) {
    id
    desiredState
  }
}
    `) as unknown as TypedDocumentString<StartStreamMutation, StartStreamMutationVariables>;
export const StopStreamDocument = new TypedDocumentString(`
    mutation StopStream($id: ID!) {
  stopStream(id: $id) {
    id
    desiredState
  }
}
    `) as unknown as TypedDocumentString<StopStreamMutation, StopStreamMutationVariables>;
export const DeleteStreamDocument = new TypedDocumentString(`
    mutation DeleteStream($id: ID!) {
  deleteStream(id: $id) {
    id
    deletedAt
  }
}
    `) as unknown as TypedDocumentString<DeleteStreamMutation, DeleteStreamMutationVariables>;
export const StreamDocument = new TypedDocumentString(`
    query Stream($id: ID!) {
  stream(id: $id) {
    id
    name
    state
    stateReason
    stateSince
    desiredState
    uptimeSeconds
    consumerCounts {
      total
      active
    }
  }
}
    `) as unknown as TypedDocumentString<StreamQuery, StreamQueryVariables>;
export const WatchStreamsDocument = new TypedDocumentString(`
    subscription WatchStreams($filter: StreamFilter) {
  streams(filter: $filter) {
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
    }
  }
}
    `) as unknown as TypedDocumentString<WatchStreamsSubscription, WatchStreamsSubscriptionVariables>;
export const WatchHealthDocument = new TypedDocumentString(`
    subscription WatchHealth($streamId: ID!, $intervalSeconds: Int! = 2, $after: String) {
  streamHealth(
    streamId: $streamId
    intervalSeconds: $intervalSeconds
    after: $after
  ) {
    __typename
    ... on StreamHealth {
      status
      at
      issues {
        type
        severity
        reason
      }
    }
    ... on HealthChange {
      cursor
      at
      status
      previous
      opened {
        type
        severity
        reason
      }
      closed
    }
    ... on Gap {
      missed
    }
  }
}
    `) as unknown as TypedDocumentString<WatchHealthSubscription, WatchHealthSubscriptionVariables>;
export const WatchEventsDocument = new TypedDocumentString(`
    subscription WatchEvents($filter: EventFilter, $after: String) {
  events(filter: $filter, after: $after) {
    __typename
    ... on Event {
      id
      cursor
      type
      at
      subjectId
      data
    }
    ... on Checkpoint {
      cursor
      caughtUp
    }
    ... on Gap {
      missed
      cursor
    }
  }
}
    `) as unknown as TypedDocumentString<WatchEventsSubscription, WatchEventsSubscriptionVariables>;