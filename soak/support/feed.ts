import { TypedDocumentString } from '../../src/client/generated/graphql.ts'
import type { EventType } from '../../src/events/model.ts'
import type { GraphqlClient } from '../../test/support/graphql-client.ts'

/** What a stream is said to be at one moment. */
export interface StreamNow {
  id: string
  name: string
  state: string
  stateCause: string | null
  stateReason: string | null
  process: { pid: number | null; restarts: number } | null
}

export interface LoggedEvent {
  cursor: string
  type: EventType
  /** ms since the epoch. */
  at: number
  subjectId: string | null
  data: Record<string, unknown>
}

const streamsNow = new TypedDocumentString<{ streams: { nodes: StreamNow[] } }, Record<string, never>>(`
  query SoakStreams {
    streams(first: 100) { nodes { id name state stateCause stateReason process { pid restarts } } }
  }
`)

const newEvents = new TypedDocumentString<
  {
    events: {
      nodes: { cursor: string; type: EventType; at: string; subjectId: string | null; data: Record<string, unknown> }[]
      pageInfo: { hasNextPage: boolean }
    }
  },
  { after: string | null }
>(`
  query SoakEvents($after: String) {
    events(after: $after, first: 100, direction: ASC) {
      nodes { cursor type at subjectId data }
      pageInfo { hasNextPage }
    }
  }
`)

export async function readStreams(api: GraphqlClient): Promise<StreamNow[]> {
  return (await api.request(streamsNow, {})).streams.nodes
}

/** The log by its cursor: every event once, in order, whatever happens in between. */
export class EventFeed {
  #after: string | null = null

  /** What is new since the last call. */
  async read(api: GraphqlClient): Promise<LoggedEvent[]> {
    const found: LoggedEvent[] = []
    for (;;) {
      const { events } = await api.request(newEvents, { after: this.#after })
      found.push(...events.nodes.map((node) => ({ ...node, at: Date.parse(node.at) })))
      this.#after = events.nodes.at(-1)?.cursor ?? this.#after
      if (!events.pageInfo.hasNextPage) return found
    }
  }
}
