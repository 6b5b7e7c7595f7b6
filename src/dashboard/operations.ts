import { document } from '../client/document.ts'
import type {
  AddStreamMutation,
  AddStreamMutationVariables,
  HistoryQuery,
  HistoryQueryVariables,
  RestartMutation,
  RestartMutationVariables,
  StartMutation,
  StartMutationVariables,
  StopMutation,
  StopMutationVariables,
  ViewerQuery,
  ViewerQueryVariables,
  WallSubscription,
  WallSubscriptionVariables,
} from '../client/generated/graphql.ts'

/** What the page asks of the API. The types are generated from these documents; at run time there is only their text. */
const operation = document

export type StreamsUpdate = WallSubscription['streams']
export type WallStream = StreamsUpdate['changed'][number]
export type StreamState = WallStream['state']

/** Without a key only what is public may be asked: everything else would be an error a message. */
export const wallSubscription = operation<WallSubscription, WallSubscriptionVariables>(/* GraphQL */ `
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
`)

/** What has been of one stream; attempts need a key. */
export const historyQuery = operation<HistoryQuery, HistoryQueryVariables>(/* GraphQL */ `
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
`)
export type HistoryData = HistoryQuery
type HistoryStream = NonNullable<HistoryQuery['stream']>
export type HistoryPoint = NonNullable<HistoryStream['healthTimeline']>['points'][number]
export type Attempt = NonNullable<NonNullable<HistoryStream['recoveryAttempts']>['nodes'][number]>

export const viewerQuery = operation<ViewerQuery, ViewerQueryVariables>(/* GraphQL */ `
  query Viewer {
    viewer {
      scopes
    }
  }
`)

export const createStreamMutation = operation<AddStreamMutation, AddStreamMutationVariables>(/* GraphQL */ `
  mutation AddStream($input: CreateStreamInput!) {
    createStream(input: $input) {
      id
    }
  }
`)

export const orderMutations = {
  START: operation<StartMutation, StartMutationVariables>(/* GraphQL */ `
    mutation Start($id: ID!) {
      startStream(id: $id) {
        id
      }
    }
  `),
  STOP: operation<StopMutation, StopMutationVariables>(/* GraphQL */ `
    mutation Stop($id: ID!) {
      stopStream(id: $id) {
        id
      }
    }
  `),
  RESTART: operation<RestartMutation, RestartMutationVariables>(/* GraphQL */ `
    mutation Restart($id: ID!) {
      restartStream(id: $id) {
        id
      }
    }
  `),
}
export type Order = keyof typeof orderMutations
