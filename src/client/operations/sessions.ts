import { document } from '../document.ts'
import type * as types from './generated/graphql.ts'

export const openConsumer = document<types.OpenConsumerMutation, types.OpenConsumerMutationVariables>(/* GraphQL */ `
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
`)

export const reopenConsumer = document<
  types.ReopenConsumerMutation,
  types.ReopenConsumerMutationVariables
>(/* GraphQL */ `
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
`)

export const consume = document<types.ConsumeMutation, types.ConsumeMutationVariables>(/* GraphQL */ `
  mutation Consume($id: ID!, $rtpCapabilities: RtpCapabilities!) {
    consume(id: $id, rtpCapabilities: $rtpCapabilities) {
      id
      kind
      consumerOptions
    }
  }
`)

export const connectConsumer = document<
  types.ConnectConsumerMutation,
  types.ConnectConsumerMutationVariables
>(/* GraphQL */ `
  mutation ConnectConsumer($id: ID!, $dtlsParameters: DtlsParametersInput!) {
    connectConsumer(id: $id, dtlsParameters: $dtlsParameters) {
      id
      state
    }
  }
`)

export const resumeConsumer = document<
  types.ResumeConsumerMutation,
  types.ResumeConsumerMutationVariables
>(/* GraphQL */ `
  mutation ResumeConsumer($id: ID!, $kinds: [MediaKind!]) {
    resumeConsumer(id: $id, kinds: $kinds) {
      id
      state
    }
  }
`)

export const pauseConsumer = document<types.PauseConsumerMutation, types.PauseConsumerMutationVariables>(/* GraphQL */ `
  mutation PauseConsumer($id: ID!, $kinds: [MediaKind!]) {
    pauseConsumer(id: $id, kinds: $kinds) {
      id
      state
    }
  }
`)

export const restartConsumerIce = document<
  types.RestartConsumerIceMutation,
  types.RestartConsumerIceMutationVariables
>(/* GraphQL */ `
  mutation RestartConsumerIce($id: ID!) {
    restartConsumerIce(id: $id)
  }
`)

/** By its own token the player says goodbye; by a key it is shown the door, and told the reason. */
export const closeConsumer = document<types.CloseConsumerMutation, types.CloseConsumerMutationVariables>(/* GraphQL */ `
  mutation CloseConsumer($id: ID!, $reason: String) {
    closeConsumer(id: $id, reason: $reason) {
      id
      state
      closeReason
      closeMessage
    }
  }
`)

export const recordHeartbeat = document<
  types.RecordHeartbeatMutation,
  types.RecordHeartbeatMutationVariables
>(/* GraphQL */ `
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
`)

/** For gateways: at most 1,000 at once. */
export const recordHeartbeats = document<
  types.RecordHeartbeatsMutation,
  types.RecordHeartbeatsMutationVariables
>(/* GraphQL */ `
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
`)

export const consumerState = document<types.ConsumerStateQuery, types.ConsumerStateQueryVariables>(/* GraphQL */ `
  query ConsumerState($id: ID!) {
    consumer(id: $id) {
      id
      state
      closeReason
      closeMessage
    }
  }
`)

/** A session as it is, and at every change of it. */
export const watchConsumer = document<
  types.WatchConsumerSubscription,
  types.WatchConsumerSubscriptionVariables
>(/* GraphQL */ `
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
`)
