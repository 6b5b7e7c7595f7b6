/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What was ordered. */
export type DesiredState =
  | 'RUNNING'
  | 'STOPPED';

export type EventFilter = {
  /** Inclusive. */
  from?: string | null | undefined;
  subjectId?: string | number | null | undefined;
  /** Exclusive. */
  to?: string | null | undefined;
  /** At most 100. */
  types?: Array<string> | null | undefined;
};

export type MediaKind =
  | 'AUDIO'
  | 'VIDEO';

/** CRASHED: it ended without having been asked to, and none has taken its place. */
export type ProcessStatus =
  | 'CRASHED'
  | 'RUNNING'
  | 'STOPPED';

/** CREATED: made, no packet yet. ACTIVE: packets arrive. */
export type ProducerState =
  | 'ACTIVE'
  | 'CLOSED'
  | 'CREATED'
  | 'PAUSED';

/** What a key may do. WRITE includes READ, ADMIN includes all. */
export type Scope =
  | 'ADMIN'
  | 'PLAY'
  | 'PUBLISH'
  | 'READ'
  | 'WRITE';

export type SortDirection =
  | 'ASC'
  | 'DESC';

/** Everything that is given has to match. */
export type StreamFilter = {
  /** At most 100. */
  ids?: Array<string | number> | null | undefined;
  /** Labels that it must have, as an object of strings. Needs the READ scope. */
  labels?: unknown;
  /** A part of the name, in any case. */
  name?: string | null | undefined;
  states?: Array<StreamState> | null | undefined;
};

export type StreamOrderBy = {
  direction?: SortDirection;
  field?: StreamOrderField;
};

export type StreamOrderField =
  | 'CREATED_AT'
  | 'NAME'
  | 'STATE_SINCE';

/** What is. LIVE: media arrives at mediasoup, not merely a process that exists. */
export type StreamState =
  | 'ERROR'
  | 'LIVE'
  | 'RECOVERING'
  | 'STARTING'
  | 'STOPPED'
  | 'STOPPING';

export type HealthQueryVariables = Exact<{ [key: string]: never; }>;


export type HealthQuery = { viewer: { scopes: Array<Scope> } | null, streams: { totalCount: number | null, nodes: Array<{ id: string, name: string, state: StreamState, stateSince: string, desiredState: DesiredState, uptimeSeconds: number | null, process: { status: ProcessStatus, healthy: boolean | null, pid: number | null, cpuPercent: number | null, memoryBytes: number | null, uptimeSeconds: number | null } | null, producers: { nodes: Array<{ id: string, kind: MediaKind, state: ProducerState, ssrcs: Array<number>, uptimeSeconds: number | null } | null> } | null, playback: { whepUrl: string | null } | null } | null> } | null };

export type StreamNamesQueryVariables = Exact<{
  filter?: StreamFilter | null | undefined;
  orderBy?: StreamOrderBy | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type StreamNamesQuery = { streams: { totalCount: number | null, nodes: Array<{ id: string, name: string } | null>, edges: Array<{ cursor: string } | null>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } | null };

export type WholeGraphQueryVariables = Exact<{
  first?: number | null | undefined;
}>;


export type WholeGraphQuery = { streams: { totalCount: number | null, nodes: Array<{ id: string, project: { name: string } | null, mediaNode: { name: string } | null, producers: { nodes: Array<{ id: string, bitrateBps: number | null } | null> } | null, events: { edges: Array<{ node: { cursor: string, type: string } | null } | null> } | null, process: { pid: number | null } | null } | null> } | null };

export type StreamEventsQueryVariables = Exact<{
  filter?: EventFilter | null | undefined;
  direction: SortDirection;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type StreamEventsQuery = { events: { nodes: Array<{ cursor: string, type: string, subject:
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { name: string, id: string }
       | null } | null>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type WatchStreamsSubscriptionVariables = Exact<{
  filter?: StreamFilter | null | undefined;
}>;


export type WatchStreamsSubscription = { streams: { reset: boolean, complete: boolean, removedIds: Array<string>, changed: Array<{ id: string, name: string, state: StreamState, producers: { nodes: Array<{ state: ProducerState } | null> } | null }> } };

export type WatchFiguresSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type WatchFiguresSubscription = { streams: { reset: boolean, changed: Array<{ id: string, process: { cpuPercent: number | null } | null }> } };

export type WatchNodeSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type WatchNodeSubscription = { node:
    | { id: string }
    | { id: string }
    | { id: string }
    | { state: ProducerState, id: string, stream: { name: string } | null }
    | { id: string }
    | { name: string, deletedAt: string | null, id: string }
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

export const HealthDocument = new TypedDocumentString(`
    query Health {
  viewer {
    scopes
  }
  streams {
    totalCount
    nodes {
      id
      name
      state
      stateSince
      desiredState
      uptimeSeconds
      process {
        status
        healthy
        pid
        cpuPercent
        memoryBytes
        uptimeSeconds
      }
      producers {
        nodes {
          id
          kind
          state
          ssrcs
          uptimeSeconds
        }
      }
      playback {
        whepUrl
      }
    }
  }
}
    `) as unknown as TypedDocumentString<HealthQuery, HealthQueryVariables>;
export const StreamNamesDocument = new TypedDocumentString(`
    query StreamNames($filter: StreamFilter, $orderBy: StreamOrderBy, $first: Int, $after: String, $last: Int, $before: String) {
  streams(
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
    last: $last
    before: $before
  ) {
    totalCount
    nodes {
      id
      name
    }
    edges {
      cursor
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<StreamNamesQuery, StreamNamesQueryVariables>;
export const WholeGraphDocument = new TypedDocumentString(`
    query WholeGraph($first: Int) {
  streams(first: $first) {
    totalCount
    nodes {
      id
      project {
        name
      }
      mediaNode {
        name
      }
      producers(first: 5) {
        nodes {
          id
          bitrateBps
        }
      }
      events(first: 5) {
        edges {
          node {
            cursor
            type
          }
        }
      }
      process {
        pid
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WholeGraphQuery, WholeGraphQueryVariables>;
export const StreamEventsDocument = new TypedDocumentString(`
    query StreamEvents($filter: EventFilter, $direction: SortDirection!, $first: Int, $after: String) {
  events(filter: $filter, direction: $direction, first: $first, after: $after) {
    nodes {
      cursor
      type
      subject {
        id
        ... on Stream {
          name
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<StreamEventsQuery, StreamEventsQueryVariables>;
export const WatchStreamsDocument = new TypedDocumentString(`
    subscription WatchStreams($filter: StreamFilter) {
  streams(filter: $filter) {
    reset
    complete
    changed {
      id
      name
      state
      producers(first: 5) {
        nodes {
          state
        }
      }
    }
    removedIds
  }
}
    `) as unknown as TypedDocumentString<WatchStreamsSubscription, WatchStreamsSubscriptionVariables>;
export const WatchFiguresDocument = new TypedDocumentString(`
    subscription WatchFigures {
  streams(intervalSeconds: 1) {
    reset
    changed {
      id
      process {
        cpuPercent
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WatchFiguresSubscription, WatchFiguresSubscriptionVariables>;
export const WatchNodeDocument = new TypedDocumentString(`
    subscription WatchNode($id: ID!) {
  node(id: $id) {
    id
    ... on Stream {
      name
      deletedAt
    }
    ... on Producer {
      state
      stream {
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WatchNodeSubscription, WatchNodeSubscriptionVariables>;