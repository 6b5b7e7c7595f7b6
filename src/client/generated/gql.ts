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
    "\n  query StreamNames(\n    $filter: StreamFilter\n    $orderBy: StreamOrderBy\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    streams(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      nodes {\n        id\n        name\n      }\n      edges {\n        cursor\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.StreamNamesDocument,
    "\n  query WholeGraph($first: Int) {\n    streams(first: $first) {\n      totalCount\n      nodes {\n        id\n        project {\n          name\n        }\n        mediaNode {\n          name\n        }\n        producers(first: 5) {\n          nodes {\n            id\n            bitrateBps\n          }\n        }\n        events(first: 5) {\n          edges {\n            node {\n              cursor\n              type\n            }\n          }\n        }\n        process {\n          pid\n        }\n      }\n    }\n  }\n": typeof types.WholeGraphDocument,
    "\n  query StreamEvents($filter: EventFilter, $direction: SortDirection!, $first: Int, $after: String) {\n    events(filter: $filter, direction: $direction, first: $first, after: $after) {\n      nodes {\n        cursor\n        type\n        subject {\n          id\n          ... on Stream {\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.StreamEventsDocument,
    "\n  mutation CreateTestStream($input: CreateStreamInput!) {\n    createStream(input: $input) {\n      id\n    }\n  }\n": typeof types.CreateTestStreamDocument,
    "\n  mutation UpdateTestStream($id: ID!, $input: UpdateStreamInput!) {\n    updateStream(id: $id, input: $input) {\n      id\n    }\n  }\n": typeof types.UpdateTestStreamDocument,
    "\n  mutation DeleteTestStream($id: ID!) {\n    deleteStream(id: $id) {\n      id\n    }\n  }\n": typeof types.DeleteTestStreamDocument,
    "\n  mutation StartTestStream($id: ID!) {\n    startStream(id: $id) {\n      id\n    }\n  }\n": typeof types.StartTestStreamDocument,
    "\n  mutation StopTestStream($id: ID!) {\n    stopStream(id: $id) {\n      id\n    }\n  }\n": typeof types.StopTestStreamDocument,
    "\n  mutation RestartTestStream($id: ID!) {\n    restartStream(id: $id) {\n      id\n    }\n  }\n": typeof types.RestartTestStreamDocument,
    "\n  mutation CloseTestProducer($id: ID!) {\n    closeProducer(id: $id) {\n      id\n    }\n  }\n": typeof types.CloseTestProducerDocument,
    "\n  query TestStream($id: ID!) {\n    stream(id: $id) {\n      id\n      name\n      desiredState\n      generation\n      observedGeneration\n      state\n      stateReason\n      stateSince\n      process {\n        pid\n        status\n        restarts\n        lastExit {\n          cause\n          log\n        }\n      }\n      producers(first: 20) {\n        nodes {\n          id\n          kind\n          state\n        }\n      }\n      playback {\n        whepUrl\n        hlsUrl\n      }\n    }\n  }\n": typeof types.TestStreamDocument,
    "\n  query TestStreamEvents($subjectId: ID!, $types: [String!]) {\n    events(filter: { subjectId: $subjectId, types: $types }, direction: ASC, first: 100) {\n      nodes {\n        cursor\n        type\n        at\n        data\n      }\n    }\n  }\n": typeof types.TestStreamEventsDocument,
    "\n  query TestStreams {\n    streams(first: 100) {\n      totalCount\n      nodes {\n        id\n        name\n        state\n      }\n    }\n  }\n": typeof types.TestStreamsDocument,
};
const documents: Documents = {
    "\n  query StreamNames(\n    $filter: StreamFilter\n    $orderBy: StreamOrderBy\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    streams(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      nodes {\n        id\n        name\n      }\n      edges {\n        cursor\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.StreamNamesDocument,
    "\n  query WholeGraph($first: Int) {\n    streams(first: $first) {\n      totalCount\n      nodes {\n        id\n        project {\n          name\n        }\n        mediaNode {\n          name\n        }\n        producers(first: 5) {\n          nodes {\n            id\n            bitrateBps\n          }\n        }\n        events(first: 5) {\n          edges {\n            node {\n              cursor\n              type\n            }\n          }\n        }\n        process {\n          pid\n        }\n      }\n    }\n  }\n": types.WholeGraphDocument,
    "\n  query StreamEvents($filter: EventFilter, $direction: SortDirection!, $first: Int, $after: String) {\n    events(filter: $filter, direction: $direction, first: $first, after: $after) {\n      nodes {\n        cursor\n        type\n        subject {\n          id\n          ... on Stream {\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.StreamEventsDocument,
    "\n  mutation CreateTestStream($input: CreateStreamInput!) {\n    createStream(input: $input) {\n      id\n    }\n  }\n": types.CreateTestStreamDocument,
    "\n  mutation UpdateTestStream($id: ID!, $input: UpdateStreamInput!) {\n    updateStream(id: $id, input: $input) {\n      id\n    }\n  }\n": types.UpdateTestStreamDocument,
    "\n  mutation DeleteTestStream($id: ID!) {\n    deleteStream(id: $id) {\n      id\n    }\n  }\n": types.DeleteTestStreamDocument,
    "\n  mutation StartTestStream($id: ID!) {\n    startStream(id: $id) {\n      id\n    }\n  }\n": types.StartTestStreamDocument,
    "\n  mutation StopTestStream($id: ID!) {\n    stopStream(id: $id) {\n      id\n    }\n  }\n": types.StopTestStreamDocument,
    "\n  mutation RestartTestStream($id: ID!) {\n    restartStream(id: $id) {\n      id\n    }\n  }\n": types.RestartTestStreamDocument,
    "\n  mutation CloseTestProducer($id: ID!) {\n    closeProducer(id: $id) {\n      id\n    }\n  }\n": types.CloseTestProducerDocument,
    "\n  query TestStream($id: ID!) {\n    stream(id: $id) {\n      id\n      name\n      desiredState\n      generation\n      observedGeneration\n      state\n      stateReason\n      stateSince\n      process {\n        pid\n        status\n        restarts\n        lastExit {\n          cause\n          log\n        }\n      }\n      producers(first: 20) {\n        nodes {\n          id\n          kind\n          state\n        }\n      }\n      playback {\n        whepUrl\n        hlsUrl\n      }\n    }\n  }\n": types.TestStreamDocument,
    "\n  query TestStreamEvents($subjectId: ID!, $types: [String!]) {\n    events(filter: { subjectId: $subjectId, types: $types }, direction: ASC, first: 100) {\n      nodes {\n        cursor\n        type\n        at\n        data\n      }\n    }\n  }\n": types.TestStreamEventsDocument,
    "\n  query TestStreams {\n    streams(first: 100) {\n      totalCount\n      nodes {\n        id\n        name\n        state\n      }\n    }\n  }\n": types.TestStreamsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StreamNames(\n    $filter: StreamFilter\n    $orderBy: StreamOrderBy\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    streams(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      nodes {\n        id\n        name\n      }\n      edges {\n        cursor\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').StreamNamesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WholeGraph($first: Int) {\n    streams(first: $first) {\n      totalCount\n      nodes {\n        id\n        project {\n          name\n        }\n        mediaNode {\n          name\n        }\n        producers(first: 5) {\n          nodes {\n            id\n            bitrateBps\n          }\n        }\n        events(first: 5) {\n          edges {\n            node {\n              cursor\n              type\n            }\n          }\n        }\n        process {\n          pid\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WholeGraphDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StreamEvents($filter: EventFilter, $direction: SortDirection!, $first: Int, $after: String) {\n    events(filter: $filter, direction: $direction, first: $first, after: $after) {\n      nodes {\n        cursor\n        type\n        subject {\n          id\n          ... on Stream {\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').StreamEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateTestStream($input: CreateStreamInput!) {\n    createStream(input: $input) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').CreateTestStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateTestStream($id: ID!, $input: UpdateStreamInput!) {\n    updateStream(id: $id, input: $input) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').UpdateTestStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteTestStream($id: ID!) {\n    deleteStream(id: $id) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').DeleteTestStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartTestStream($id: ID!) {\n    startStream(id: $id) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').StartTestStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StopTestStream($id: ID!) {\n    stopStream(id: $id) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').StopTestStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RestartTestStream($id: ID!) {\n    restartStream(id: $id) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').RestartTestStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CloseTestProducer($id: ID!) {\n    closeProducer(id: $id) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').CloseTestProducerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestStream($id: ID!) {\n    stream(id: $id) {\n      id\n      name\n      desiredState\n      generation\n      observedGeneration\n      state\n      stateReason\n      stateSince\n      process {\n        pid\n        status\n        restarts\n        lastExit {\n          cause\n          log\n        }\n      }\n      producers(first: 20) {\n        nodes {\n          id\n          kind\n          state\n        }\n      }\n      playback {\n        whepUrl\n        hlsUrl\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TestStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestStreamEvents($subjectId: ID!, $types: [String!]) {\n    events(filter: { subjectId: $subjectId, types: $types }, direction: ASC, first: 100) {\n      nodes {\n        cursor\n        type\n        at\n        data\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TestStreamEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestStreams {\n    streams(first: 100) {\n      totalCount\n      nodes {\n        id\n        name\n        state\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TestStreamsDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
