/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  mutation CreateReservation($input: CreateReservationInput!, $idempotencyKey: String) {\n    createReservation(input: $input, idempotencyKey: $idempotencyKey) {\n      id\n      source\n      state\n      expiresAt\n    }\n  }\n": typeof types.CreateReservationDocument,
    "\n  mutation ExtendReservation($id: ID!, $holdSeconds: Int!) {\n    extendReservation(id: $id, holdSeconds: $holdSeconds) {\n      id\n      state\n      expiresAt\n    }\n  }\n": typeof types.ExtendReservationDocument,
    "\n  mutation ReleaseReservation($id: ID!) {\n    releaseReservation(id: $id) {\n      id\n      state\n    }\n  }\n": typeof types.ReleaseReservationDocument,
    "\n  query Reservation($id: ID!) {\n    reservation(id: $id) {\n      id\n      source\n      state\n      expiresAt\n      releasedAt\n    }\n  }\n": typeof types.ReservationDocument,
    "\n  mutation OpenConsumer($input: OpenConsumerInput!, $idempotencyKey: String) {\n    openConsumer(input: $input, idempotencyKey: $idempotencyKey) {\n      consumer {\n        id\n      }\n      token\n      tokenExpiresAt\n      heartbeatSeconds\n      timeoutSeconds\n      routerRtpCapabilities\n      transportOptions\n      tracks {\n        id\n        kind\n        consumerOptions\n      }\n      url\n    }\n  }\n": typeof types.OpenConsumerDocument,
    "\n  mutation ReopenConsumer($id: ID!, $rtpCapabilities: RtpCapabilities) {\n    reopenConsumer(id: $id, rtpCapabilities: $rtpCapabilities) {\n      consumer {\n        id\n      }\n      token\n      tokenExpiresAt\n      heartbeatSeconds\n      timeoutSeconds\n      routerRtpCapabilities\n      transportOptions\n      tracks {\n        id\n        kind\n        consumerOptions\n      }\n      url\n    }\n  }\n": typeof types.ReopenConsumerDocument,
    "\n  mutation Consume($id: ID!, $rtpCapabilities: RtpCapabilities!) {\n    consume(id: $id, rtpCapabilities: $rtpCapabilities) {\n      id\n      kind\n      consumerOptions\n    }\n  }\n": typeof types.ConsumeDocument,
    "\n  mutation ConnectConsumer($id: ID!, $dtlsParameters: DtlsParametersInput!) {\n    connectConsumer(id: $id, dtlsParameters: $dtlsParameters) {\n      id\n      state\n    }\n  }\n": typeof types.ConnectConsumerDocument,
    "\n  mutation ResumeConsumer($id: ID!, $kinds: [MediaKind!]) {\n    resumeConsumer(id: $id, kinds: $kinds) {\n      id\n      state\n    }\n  }\n": typeof types.ResumeConsumerDocument,
    "\n  mutation PauseConsumer($id: ID!, $kinds: [MediaKind!]) {\n    pauseConsumer(id: $id, kinds: $kinds) {\n      id\n      state\n    }\n  }\n": typeof types.PauseConsumerDocument,
    "\n  mutation RestartConsumerIce($id: ID!) {\n    restartConsumerIce(id: $id)\n  }\n": typeof types.RestartConsumerIceDocument,
    "\n  mutation CloseConsumer($id: ID!, $reason: String) {\n    closeConsumer(id: $id, reason: $reason) {\n      id\n      state\n      closeReason\n      closeMessage\n    }\n  }\n": typeof types.CloseConsumerDocument,
    "\n  mutation RecordHeartbeat($consumerId: ID!, $stats: PlayerStatsInput) {\n    recordHeartbeat(consumerId: $consumerId, stats: $stats) {\n      consumerId\n      accepted\n      refusal\n      closeReason\n      closeMessage\n      at\n      nextBefore\n      token\n    }\n  }\n": typeof types.RecordHeartbeatDocument,
    "\n  mutation RecordHeartbeats($heartbeats: [HeartbeatInput!]!) {\n    recordHeartbeats(heartbeats: $heartbeats) {\n      consumerId\n      accepted\n      refusal\n      closeReason\n      closeMessage\n      at\n      nextBefore\n    }\n  }\n": typeof types.RecordHeartbeatsDocument,
    "\n  query ConsumerState($id: ID!) {\n    consumer(id: $id) {\n      id\n      state\n      closeReason\n      closeMessage\n    }\n  }\n": typeof types.ConsumerStateDocument,
    "\n  subscription WatchConsumer($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Consumer {\n        state\n        closeReason\n        closeMessage\n      }\n    }\n  }\n": typeof types.WatchConsumerDocument,
    "\n  mutation CreateStream($input: CreateStreamInput!, $idempotencyKey: String) {\n    createStream(input: $input, idempotencyKey: $idempotencyKey) {\n      id\n      name\n      state\n      playback {\n        whepUrl\n        hlsUrl\n      }\n    }\n  }\n": typeof types.CreateStreamDocument,
    "\n  mutation StartStream($id: ID!) {\n    startStream(id: $id) {\n      id\n      desiredState\n    }\n  }\n": typeof types.StartStreamDocument,
    "\n  mutation StopStream($id: ID!) {\n    stopStream(id: $id) {\n      id\n      desiredState\n    }\n  }\n": typeof types.StopStreamDocument,
    "\n  mutation DeleteStream($id: ID!) {\n    deleteStream(id: $id) {\n      id\n      deletedAt\n    }\n  }\n": typeof types.DeleteStreamDocument,
    "\n  query Stream($id: ID!) {\n    stream(id: $id) {\n      id\n      name\n      state\n      stateReason\n      stateSince\n      desiredState\n      uptimeSeconds\n      consumerCounts {\n        total\n        active\n      }\n    }\n  }\n": typeof types.StreamDocument,
    "\n  subscription WatchStreams($filter: StreamFilter) {\n    streams(filter: $filter) {\n      reset\n      complete\n      removedIds\n      at\n      changed {\n        id\n        name\n        state\n        stateReason\n        stateSince\n      }\n    }\n  }\n": typeof types.WatchStreamsDocument,
    "\n  subscription WatchHealth($streamId: ID!, $intervalSeconds: Int! = 2, $after: String) {\n    streamHealth(streamId: $streamId, intervalSeconds: $intervalSeconds, after: $after) {\n      __typename\n      ... on StreamHealth {\n        status\n        at\n        issues {\n          type\n          severity\n          reason\n        }\n      }\n      ... on HealthChange {\n        cursor\n        at\n        status\n        previous\n        opened {\n          type\n          severity\n          reason\n        }\n        closed\n      }\n      ... on Gap {\n        missed\n      }\n    }\n  }\n": typeof types.WatchHealthDocument,
    "\n  subscription WatchEvents($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      __typename\n      ... on Event {\n        id\n        cursor\n        type\n        at\n        subjectId\n        data\n      }\n      ... on Checkpoint {\n        cursor\n        caughtUp\n      }\n      ... on Gap {\n        missed\n        cursor\n      }\n    }\n  }\n": typeof types.WatchEventsDocument,
};
const documents: Documents = {
    "\n  mutation CreateReservation($input: CreateReservationInput!, $idempotencyKey: String) {\n    createReservation(input: $input, idempotencyKey: $idempotencyKey) {\n      id\n      source\n      state\n      expiresAt\n    }\n  }\n": types.CreateReservationDocument,
    "\n  mutation ExtendReservation($id: ID!, $holdSeconds: Int!) {\n    extendReservation(id: $id, holdSeconds: $holdSeconds) {\n      id\n      state\n      expiresAt\n    }\n  }\n": types.ExtendReservationDocument,
    "\n  mutation ReleaseReservation($id: ID!) {\n    releaseReservation(id: $id) {\n      id\n      state\n    }\n  }\n": types.ReleaseReservationDocument,
    "\n  query Reservation($id: ID!) {\n    reservation(id: $id) {\n      id\n      source\n      state\n      expiresAt\n      releasedAt\n    }\n  }\n": types.ReservationDocument,
    "\n  mutation OpenConsumer($input: OpenConsumerInput!, $idempotencyKey: String) {\n    openConsumer(input: $input, idempotencyKey: $idempotencyKey) {\n      consumer {\n        id\n      }\n      token\n      tokenExpiresAt\n      heartbeatSeconds\n      timeoutSeconds\n      routerRtpCapabilities\n      transportOptions\n      tracks {\n        id\n        kind\n        consumerOptions\n      }\n      url\n    }\n  }\n": types.OpenConsumerDocument,
    "\n  mutation ReopenConsumer($id: ID!, $rtpCapabilities: RtpCapabilities) {\n    reopenConsumer(id: $id, rtpCapabilities: $rtpCapabilities) {\n      consumer {\n        id\n      }\n      token\n      tokenExpiresAt\n      heartbeatSeconds\n      timeoutSeconds\n      routerRtpCapabilities\n      transportOptions\n      tracks {\n        id\n        kind\n        consumerOptions\n      }\n      url\n    }\n  }\n": types.ReopenConsumerDocument,
    "\n  mutation Consume($id: ID!, $rtpCapabilities: RtpCapabilities!) {\n    consume(id: $id, rtpCapabilities: $rtpCapabilities) {\n      id\n      kind\n      consumerOptions\n    }\n  }\n": types.ConsumeDocument,
    "\n  mutation ConnectConsumer($id: ID!, $dtlsParameters: DtlsParametersInput!) {\n    connectConsumer(id: $id, dtlsParameters: $dtlsParameters) {\n      id\n      state\n    }\n  }\n": types.ConnectConsumerDocument,
    "\n  mutation ResumeConsumer($id: ID!, $kinds: [MediaKind!]) {\n    resumeConsumer(id: $id, kinds: $kinds) {\n      id\n      state\n    }\n  }\n": types.ResumeConsumerDocument,
    "\n  mutation PauseConsumer($id: ID!, $kinds: [MediaKind!]) {\n    pauseConsumer(id: $id, kinds: $kinds) {\n      id\n      state\n    }\n  }\n": types.PauseConsumerDocument,
    "\n  mutation RestartConsumerIce($id: ID!) {\n    restartConsumerIce(id: $id)\n  }\n": types.RestartConsumerIceDocument,
    "\n  mutation CloseConsumer($id: ID!, $reason: String) {\n    closeConsumer(id: $id, reason: $reason) {\n      id\n      state\n      closeReason\n      closeMessage\n    }\n  }\n": types.CloseConsumerDocument,
    "\n  mutation RecordHeartbeat($consumerId: ID!, $stats: PlayerStatsInput) {\n    recordHeartbeat(consumerId: $consumerId, stats: $stats) {\n      consumerId\n      accepted\n      refusal\n      closeReason\n      closeMessage\n      at\n      nextBefore\n      token\n    }\n  }\n": types.RecordHeartbeatDocument,
    "\n  mutation RecordHeartbeats($heartbeats: [HeartbeatInput!]!) {\n    recordHeartbeats(heartbeats: $heartbeats) {\n      consumerId\n      accepted\n      refusal\n      closeReason\n      closeMessage\n      at\n      nextBefore\n    }\n  }\n": types.RecordHeartbeatsDocument,
    "\n  query ConsumerState($id: ID!) {\n    consumer(id: $id) {\n      id\n      state\n      closeReason\n      closeMessage\n    }\n  }\n": types.ConsumerStateDocument,
    "\n  subscription WatchConsumer($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Consumer {\n        state\n        closeReason\n        closeMessage\n      }\n    }\n  }\n": types.WatchConsumerDocument,
    "\n  mutation CreateStream($input: CreateStreamInput!, $idempotencyKey: String) {\n    createStream(input: $input, idempotencyKey: $idempotencyKey) {\n      id\n      name\n      state\n      playback {\n        whepUrl\n        hlsUrl\n      }\n    }\n  }\n": types.CreateStreamDocument,
    "\n  mutation StartStream($id: ID!) {\n    startStream(id: $id) {\n      id\n      desiredState\n    }\n  }\n": types.StartStreamDocument,
    "\n  mutation StopStream($id: ID!) {\n    stopStream(id: $id) {\n      id\n      desiredState\n    }\n  }\n": types.StopStreamDocument,
    "\n  mutation DeleteStream($id: ID!) {\n    deleteStream(id: $id) {\n      id\n      deletedAt\n    }\n  }\n": types.DeleteStreamDocument,
    "\n  query Stream($id: ID!) {\n    stream(id: $id) {\n      id\n      name\n      state\n      stateReason\n      stateSince\n      desiredState\n      uptimeSeconds\n      consumerCounts {\n        total\n        active\n      }\n    }\n  }\n": types.StreamDocument,
    "\n  subscription WatchStreams($filter: StreamFilter) {\n    streams(filter: $filter) {\n      reset\n      complete\n      removedIds\n      at\n      changed {\n        id\n        name\n        state\n        stateReason\n        stateSince\n      }\n    }\n  }\n": types.WatchStreamsDocument,
    "\n  subscription WatchHealth($streamId: ID!, $intervalSeconds: Int! = 2, $after: String) {\n    streamHealth(streamId: $streamId, intervalSeconds: $intervalSeconds, after: $after) {\n      __typename\n      ... on StreamHealth {\n        status\n        at\n        issues {\n          type\n          severity\n          reason\n        }\n      }\n      ... on HealthChange {\n        cursor\n        at\n        status\n        previous\n        opened {\n          type\n          severity\n          reason\n        }\n        closed\n      }\n      ... on Gap {\n        missed\n      }\n    }\n  }\n": types.WatchHealthDocument,
    "\n  subscription WatchEvents($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      __typename\n      ... on Event {\n        id\n        cursor\n        type\n        at\n        subjectId\n        data\n      }\n      ... on Checkpoint {\n        cursor\n        caughtUp\n      }\n      ... on Gap {\n        missed\n        cursor\n      }\n    }\n  }\n": types.WatchEventsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateReservation($input: CreateReservationInput!, $idempotencyKey: String) {\n    createReservation(input: $input, idempotencyKey: $idempotencyKey) {\n      id\n      source\n      state\n      expiresAt\n    }\n  }\n"): typeof import('./graphql.ts').CreateReservationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ExtendReservation($id: ID!, $holdSeconds: Int!) {\n    extendReservation(id: $id, holdSeconds: $holdSeconds) {\n      id\n      state\n      expiresAt\n    }\n  }\n"): typeof import('./graphql.ts').ExtendReservationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReleaseReservation($id: ID!) {\n    releaseReservation(id: $id) {\n      id\n      state\n    }\n  }\n"): typeof import('./graphql.ts').ReleaseReservationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Reservation($id: ID!) {\n    reservation(id: $id) {\n      id\n      source\n      state\n      expiresAt\n      releasedAt\n    }\n  }\n"): typeof import('./graphql.ts').ReservationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OpenConsumer($input: OpenConsumerInput!, $idempotencyKey: String) {\n    openConsumer(input: $input, idempotencyKey: $idempotencyKey) {\n      consumer {\n        id\n      }\n      token\n      tokenExpiresAt\n      heartbeatSeconds\n      timeoutSeconds\n      routerRtpCapabilities\n      transportOptions\n      tracks {\n        id\n        kind\n        consumerOptions\n      }\n      url\n    }\n  }\n"): typeof import('./graphql.ts').OpenConsumerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReopenConsumer($id: ID!, $rtpCapabilities: RtpCapabilities) {\n    reopenConsumer(id: $id, rtpCapabilities: $rtpCapabilities) {\n      consumer {\n        id\n      }\n      token\n      tokenExpiresAt\n      heartbeatSeconds\n      timeoutSeconds\n      routerRtpCapabilities\n      transportOptions\n      tracks {\n        id\n        kind\n        consumerOptions\n      }\n      url\n    }\n  }\n"): typeof import('./graphql.ts').ReopenConsumerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Consume($id: ID!, $rtpCapabilities: RtpCapabilities!) {\n    consume(id: $id, rtpCapabilities: $rtpCapabilities) {\n      id\n      kind\n      consumerOptions\n    }\n  }\n"): typeof import('./graphql.ts').ConsumeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConnectConsumer($id: ID!, $dtlsParameters: DtlsParametersInput!) {\n    connectConsumer(id: $id, dtlsParameters: $dtlsParameters) {\n      id\n      state\n    }\n  }\n"): typeof import('./graphql.ts').ConnectConsumerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResumeConsumer($id: ID!, $kinds: [MediaKind!]) {\n    resumeConsumer(id: $id, kinds: $kinds) {\n      id\n      state\n    }\n  }\n"): typeof import('./graphql.ts').ResumeConsumerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PauseConsumer($id: ID!, $kinds: [MediaKind!]) {\n    pauseConsumer(id: $id, kinds: $kinds) {\n      id\n      state\n    }\n  }\n"): typeof import('./graphql.ts').PauseConsumerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RestartConsumerIce($id: ID!) {\n    restartConsumerIce(id: $id)\n  }\n"): typeof import('./graphql.ts').RestartConsumerIceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CloseConsumer($id: ID!, $reason: String) {\n    closeConsumer(id: $id, reason: $reason) {\n      id\n      state\n      closeReason\n      closeMessage\n    }\n  }\n"): typeof import('./graphql.ts').CloseConsumerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RecordHeartbeat($consumerId: ID!, $stats: PlayerStatsInput) {\n    recordHeartbeat(consumerId: $consumerId, stats: $stats) {\n      consumerId\n      accepted\n      refusal\n      closeReason\n      closeMessage\n      at\n      nextBefore\n      token\n    }\n  }\n"): typeof import('./graphql.ts').RecordHeartbeatDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RecordHeartbeats($heartbeats: [HeartbeatInput!]!) {\n    recordHeartbeats(heartbeats: $heartbeats) {\n      consumerId\n      accepted\n      refusal\n      closeReason\n      closeMessage\n      at\n      nextBefore\n    }\n  }\n"): typeof import('./graphql.ts').RecordHeartbeatsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsumerState($id: ID!) {\n    consumer(id: $id) {\n      id\n      state\n      closeReason\n      closeMessage\n    }\n  }\n"): typeof import('./graphql.ts').ConsumerStateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WatchConsumer($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Consumer {\n        state\n        closeReason\n        closeMessage\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WatchConsumerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateStream($input: CreateStreamInput!, $idempotencyKey: String) {\n    createStream(input: $input, idempotencyKey: $idempotencyKey) {\n      id\n      name\n      state\n      playback {\n        whepUrl\n        hlsUrl\n      }\n    }\n  }\n"): typeof import('./graphql.ts').CreateStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartStream($id: ID!) {\n    startStream(id: $id) {\n      id\n      desiredState\n    }\n  }\n"): typeof import('./graphql.ts').StartStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StopStream($id: ID!) {\n    stopStream(id: $id) {\n      id\n      desiredState\n    }\n  }\n"): typeof import('./graphql.ts').StopStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteStream($id: ID!) {\n    deleteStream(id: $id) {\n      id\n      deletedAt\n    }\n  }\n"): typeof import('./graphql.ts').DeleteStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Stream($id: ID!) {\n    stream(id: $id) {\n      id\n      name\n      state\n      stateReason\n      stateSince\n      desiredState\n      uptimeSeconds\n      consumerCounts {\n        total\n        active\n      }\n    }\n  }\n"): typeof import('./graphql.ts').StreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WatchStreams($filter: StreamFilter) {\n    streams(filter: $filter) {\n      reset\n      complete\n      removedIds\n      at\n      changed {\n        id\n        name\n        state\n        stateReason\n        stateSince\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WatchStreamsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WatchHealth($streamId: ID!, $intervalSeconds: Int! = 2, $after: String) {\n    streamHealth(streamId: $streamId, intervalSeconds: $intervalSeconds, after: $after) {\n      __typename\n      ... on StreamHealth {\n        status\n        at\n        issues {\n          type\n          severity\n          reason\n        }\n      }\n      ... on HealthChange {\n        cursor\n        at\n        status\n        previous\n        opened {\n          type\n          severity\n          reason\n        }\n        closed\n      }\n      ... on Gap {\n        missed\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WatchHealthDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WatchEvents($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      __typename\n      ... on Event {\n        id\n        cursor\n        type\n        at\n        subjectId\n        data\n      }\n      ... on Checkpoint {\n        cursor\n        caughtUp\n      }\n      ... on Gap {\n        missed\n        cursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WatchEventsDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
