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
    "\n  query Health {\n    viewer {\n      scopes\n    }\n    streams {\n      totalCount\n      nodes {\n        id\n        name\n        state\n        stateSince\n        desiredState\n        uptimeSeconds\n        process {\n          status\n          healthy\n          pid\n          cpuPercent\n          memoryBytes\n          uptimeSeconds\n        }\n        producers {\n          nodes {\n            id\n            kind\n            state\n            ssrcs\n            uptimeSeconds\n          }\n        }\n        playback {\n          whepUrl\n        }\n      }\n    }\n  }\n": typeof types.HealthDocument,
    "\n  query StreamNames(\n    $filter: StreamFilter\n    $orderBy: StreamOrderBy\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    streams(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      nodes {\n        id\n        name\n      }\n      edges {\n        cursor\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.StreamNamesDocument,
    "\n  query WholeGraph($first: Int) {\n    streams(first: $first) {\n      totalCount\n      nodes {\n        id\n        project {\n          name\n        }\n        mediaNode {\n          name\n        }\n        producers(first: 5) {\n          nodes {\n            id\n            bitrateBps\n          }\n        }\n        events(first: 5) {\n          edges {\n            node {\n              cursor\n              type\n            }\n          }\n        }\n        process {\n          pid\n        }\n      }\n    }\n  }\n": typeof types.WholeGraphDocument,
    "\n  query StreamEvents($filter: EventFilter, $direction: SortDirection!, $first: Int, $after: String) {\n    events(filter: $filter, direction: $direction, first: $first, after: $after) {\n      nodes {\n        cursor\n        type\n        subject {\n          id\n          ... on Stream {\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.StreamEventsDocument,
    "\n  subscription WatchStreams($filter: StreamFilter) {\n    streams(filter: $filter) {\n      reset\n      complete\n      changed {\n        id\n        name\n        state\n        producers(first: 5) {\n          nodes {\n            state\n          }\n        }\n      }\n      removedIds\n    }\n  }\n": typeof types.WatchStreamsDocument,
    "\n  subscription WatchFigures {\n    streams(intervalSeconds: 1) {\n      reset\n      changed {\n        id\n        process {\n          cpuPercent\n        }\n      }\n    }\n  }\n": typeof types.WatchFiguresDocument,
    "\n  subscription WatchNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Stream {\n        name\n        deletedAt\n      }\n      ... on Producer {\n        state\n        stream {\n          name\n        }\n      }\n    }\n  }\n": typeof types.WatchNodeDocument,
};
const documents: Documents = {
    "\n  query Health {\n    viewer {\n      scopes\n    }\n    streams {\n      totalCount\n      nodes {\n        id\n        name\n        state\n        stateSince\n        desiredState\n        uptimeSeconds\n        process {\n          status\n          healthy\n          pid\n          cpuPercent\n          memoryBytes\n          uptimeSeconds\n        }\n        producers {\n          nodes {\n            id\n            kind\n            state\n            ssrcs\n            uptimeSeconds\n          }\n        }\n        playback {\n          whepUrl\n        }\n      }\n    }\n  }\n": types.HealthDocument,
    "\n  query StreamNames(\n    $filter: StreamFilter\n    $orderBy: StreamOrderBy\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    streams(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      nodes {\n        id\n        name\n      }\n      edges {\n        cursor\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.StreamNamesDocument,
    "\n  query WholeGraph($first: Int) {\n    streams(first: $first) {\n      totalCount\n      nodes {\n        id\n        project {\n          name\n        }\n        mediaNode {\n          name\n        }\n        producers(first: 5) {\n          nodes {\n            id\n            bitrateBps\n          }\n        }\n        events(first: 5) {\n          edges {\n            node {\n              cursor\n              type\n            }\n          }\n        }\n        process {\n          pid\n        }\n      }\n    }\n  }\n": types.WholeGraphDocument,
    "\n  query StreamEvents($filter: EventFilter, $direction: SortDirection!, $first: Int, $after: String) {\n    events(filter: $filter, direction: $direction, first: $first, after: $after) {\n      nodes {\n        cursor\n        type\n        subject {\n          id\n          ... on Stream {\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.StreamEventsDocument,
    "\n  subscription WatchStreams($filter: StreamFilter) {\n    streams(filter: $filter) {\n      reset\n      complete\n      changed {\n        id\n        name\n        state\n        producers(first: 5) {\n          nodes {\n            state\n          }\n        }\n      }\n      removedIds\n    }\n  }\n": types.WatchStreamsDocument,
    "\n  subscription WatchFigures {\n    streams(intervalSeconds: 1) {\n      reset\n      changed {\n        id\n        process {\n          cpuPercent\n        }\n      }\n    }\n  }\n": types.WatchFiguresDocument,
    "\n  subscription WatchNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Stream {\n        name\n        deletedAt\n      }\n      ... on Producer {\n        state\n        stream {\n          name\n        }\n      }\n    }\n  }\n": types.WatchNodeDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Health {\n    viewer {\n      scopes\n    }\n    streams {\n      totalCount\n      nodes {\n        id\n        name\n        state\n        stateSince\n        desiredState\n        uptimeSeconds\n        process {\n          status\n          healthy\n          pid\n          cpuPercent\n          memoryBytes\n          uptimeSeconds\n        }\n        producers {\n          nodes {\n            id\n            kind\n            state\n            ssrcs\n            uptimeSeconds\n          }\n        }\n        playback {\n          whepUrl\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').HealthDocument;
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
export function graphql(source: "\n  subscription WatchStreams($filter: StreamFilter) {\n    streams(filter: $filter) {\n      reset\n      complete\n      changed {\n        id\n        name\n        state\n        producers(first: 5) {\n          nodes {\n            state\n          }\n        }\n      }\n      removedIds\n    }\n  }\n"): typeof import('./graphql.ts').WatchStreamsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WatchFigures {\n    streams(intervalSeconds: 1) {\n      reset\n      changed {\n        id\n        process {\n          cpuPercent\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WatchFiguresDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WatchNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Stream {\n        name\n        deletedAt\n      }\n      ... on Producer {\n        state\n        stream {\n          name\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WatchNodeDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
