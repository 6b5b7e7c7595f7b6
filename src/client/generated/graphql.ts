/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type EventFilter = {
  /** Inclusive. */
  from?: string | null | undefined;
  subjectId?: string | number | null | undefined;
  /** Exclusive. */
  to?: string | null | undefined;
  /** At most 100. */
  types?: Array<string> | null | undefined;
};

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