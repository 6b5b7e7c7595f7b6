import { graphql } from '../../src/client/generated/gql.ts'

/** What the end-to-end tests and the benchmarks ask for. Its types are made by `npm run codegen`. */

export const CreateTestStream = graphql(/* GraphQL */ `
  mutation CreateTestStream($input: CreateStreamInput!) {
    createStream(input: $input) {
      id
    }
  }
`)

export const UpdateTestStream = graphql(/* GraphQL */ `
  mutation UpdateTestStream($id: ID!, $input: UpdateStreamInput!) {
    updateStream(id: $id, input: $input) {
      id
    }
  }
`)

export const DeleteTestStream = graphql(/* GraphQL */ `
  mutation DeleteTestStream($id: ID!) {
    deleteStream(id: $id) {
      id
    }
  }
`)

export const StartTestStream = graphql(/* GraphQL */ `
  mutation StartTestStream($id: ID!) {
    startStream(id: $id) {
      id
    }
  }
`)

export const StopTestStream = graphql(/* GraphQL */ `
  mutation StopTestStream($id: ID!) {
    stopStream(id: $id) {
      id
    }
  }
`)

export const RestartTestStream = graphql(/* GraphQL */ `
  mutation RestartTestStream($id: ID!) {
    restartStream(id: $id) {
      id
    }
  }
`)

export const CloseTestProducer = graphql(/* GraphQL */ `
  mutation CloseTestProducer($id: ID!) {
    closeProducer(id: $id) {
      id
    }
  }
`)

export const TestStream = graphql(/* GraphQL */ `
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
`)

export const TestStreamHealth = graphql(/* GraphQL */ `
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
`)

export const TestStreamEvents = graphql(/* GraphQL */ `
  query TestStreamEvents($subjectId: ID!, $types: [String!]) {
    events(filter: { subjectId: $subjectId, types: $types }, direction: ASC, first: 100) {
      nodes {
        cursor
        type
        at
        data
      }
    }
  }
`)

export const TestStreams = graphql(/* GraphQL */ `
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
`)

export const CreateTestProducer = graphql(/* GraphQL */ `
  mutation CreateTestProducer($input: CreateProducerInput!) {
    createProducer(input: $input) {
      id
    }
  }
`)

export const WatchTestStream = graphql(/* GraphQL */ `
  subscription WatchTestStream($id: ID!) {
    node(id: $id) {
      ... on Stream {
        state
        stateReason
      }
    }
  }
`)

export const TestStreamTracks = graphql(/* GraphQL */ `
  query TestStreamTracks($id: ID!) {
    stream(id: $id) {
      tracks {
        kind
        codec
        lastProgressAt
      }
    }
  }
`)

export const TestCluster = graphql(/* GraphQL */ `
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
`)

export const TestRecoveryAttempts = graphql(/* GraphQL */ `
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
`)

export const DrainTestNode = graphql(/* GraphQL */ `
  mutation DrainTestNode($id: ID!, $draining: Boolean!) {
    drainMediaNode(id: $id, draining: $draining) {
      draining
      status
    }
  }
`)
