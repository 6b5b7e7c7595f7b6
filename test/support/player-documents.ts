import { graphql } from '../../src/client/generated/gql.ts'

/** What a player asks for by mediasoup's signalling, and what is asked of sessions by who looks after them. */

export const OpenTestSession = graphql(/* GraphQL */ `
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
`)

export const ReopenTestSession = graphql(/* GraphQL */ `
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
`)

export const ConsumeTestSession = graphql(/* GraphQL */ `
  mutation ConsumeTestSession($id: ID!, $rtpCapabilities: RtpCapabilities!) {
    consume(id: $id, rtpCapabilities: $rtpCapabilities) {
      id
      kind
      paused
    }
  }
`)

export const ConnectTestSession = graphql(/* GraphQL */ `
  mutation ConnectTestSession($id: ID!, $dtlsParameters: DtlsParametersInput!) {
    connectConsumer(id: $id, dtlsParameters: $dtlsParameters) {
      id
    }
    resumeConsumer(id: $id) {
      id
    }
  }
`)

export const PauseTestSession = graphql(/* GraphQL */ `
  mutation PauseTestSession($id: ID!, $kinds: [MediaKind!]) {
    pauseConsumer(id: $id, kinds: $kinds) {
      id
    }
  }
`)

export const ResumeTestSession = graphql(/* GraphQL */ `
  mutation ResumeTestSession($id: ID!, $kinds: [MediaKind!]) {
    resumeConsumer(id: $id, kinds: $kinds) {
      id
    }
  }
`)

export const RestartTestSessionIce = graphql(/* GraphQL */ `
  mutation RestartTestSessionIce($id: ID!) {
    restartConsumerIce(id: $id)
  }
`)

export const CloseTestSession = graphql(/* GraphQL */ `
  mutation CloseTestSession($id: ID!, $reason: String) {
    closeConsumer(id: $id, reason: $reason) {
      id
      state
      closeReason
      closeMessage
    }
  }
`)

export const BeatTestSession = graphql(/* GraphQL */ `
  mutation BeatTestSession($id: ID!) {
    recordHeartbeat(consumerId: $id, stats: { framesDecoded: 7 }) {
      accepted
      refusal
      closeReason
      closeMessage
      token
    }
  }
`)

export const BeatTestSessions = graphql(/* GraphQL */ `
  mutation BeatTestSessions($heartbeats: [HeartbeatInput!]!) {
    recordHeartbeats(heartbeats: $heartbeats) {
      consumerId
      accepted
    }
  }
`)

export const TestSession = graphql(/* GraphQL */ `
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
`)

export const TestSessions = graphql(/* GraphQL */ `
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
`)

export const TestSessionCounts = graphql(/* GraphQL */ `
  query TestSessionCounts($id: ID!) {
    stream(id: $id) {
      consumerCounts {
        active
        total
      }
    }
  }
`)
