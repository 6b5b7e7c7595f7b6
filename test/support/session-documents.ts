import { graphql } from '../../src/client/generated/gql.ts'

/** What tests of sessions ask for over HTTP. Its types are made by `npm run codegen`. */

export const OpenTestConsumer = graphql(/* GraphQL */ `
  mutation OpenTestConsumer($input: OpenConsumerInput!) {
    openConsumer(input: $input) {
      url
      token
      consumer {
        id
      }
    }
  }
`)

export const CloseTestConsumer = graphql(/* GraphQL */ `
  mutation CloseTestConsumer($id: ID!, $reason: String) {
    closeConsumer(id: $id, reason: $reason) {
      id
    }
  }
`)

export const TestConsumers = graphql(/* GraphQL */ `
  query TestConsumers($streamId: ID!) {
    consumers(filter: { streamId: $streamId }, first: 100) {
      nodes {
        id
        state
        protocol
        clientId
        source
        closeReason
        lastHeartbeatAt
      }
    }
  }
`)
