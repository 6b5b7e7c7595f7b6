import { document } from '../document.ts'
import type * as types from './generated/graphql.ts'

export const createStream = document<types.CreateStreamMutation, types.CreateStreamMutationVariables>(/* GraphQL */ `
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
`)

export const startStream = document<types.StartStreamMutation, types.StartStreamMutationVariables>(/* GraphQL */ `
  mutation StartStream($id: ID!) {
    startStream(id: $id) {
      id
      desiredState
    }
  }
`)

export const stopStream = document<types.StopStreamMutation, types.StopStreamMutationVariables>(/* GraphQL */ `
  mutation StopStream($id: ID!) {
    stopStream(id: $id) {
      id
      desiredState
    }
  }
`)

export const deleteStream = document<types.DeleteStreamMutation, types.DeleteStreamMutationVariables>(/* GraphQL */ `
  mutation DeleteStream($id: ID!) {
    deleteStream(id: $id) {
      id
      deletedAt
    }
  }
`)

export const stream = document<types.StreamQuery, types.StreamQueryVariables>(/* GraphQL */ `
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
`)

/** Streams as they change: the whole truth first, then the differences. */
export const watchStreams = document<
  types.WatchStreamsSubscription,
  types.WatchStreamsSubscriptionVariables
>(/* GraphQL */ `
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
`)

/** A stream's health: each change once, and between them the state as it is. */
export const watchHealth = document<
  types.WatchHealthSubscription,
  types.WatchHealthSubscriptionVariables
>(/* GraphQL */ `
  subscription WatchHealth($streamId: ID!, $intervalSeconds: Int! = 2, $after: String) {
    streamHealth(streamId: $streamId, intervalSeconds: $intervalSeconds, after: $after) {
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
`)

/** The log as it grows: every event once and in order. */
export const watchEvents = document<
  types.WatchEventsSubscription,
  types.WatchEventsSubscriptionVariables
>(/* GraphQL */ `
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
`)
