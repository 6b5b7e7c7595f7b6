import DataLoader from 'dataloader'
import { and, count, eq, inArray, isNull } from 'drizzle-orm'
import type { Caller } from '../src/caller.ts'
import type { SessionFigures } from '../src/consumers/media.ts'
import {
  countByStream,
  noSessions,
  readHeartbeats,
  type SessionCounts,
  type SignOfLife,
} from '../src/consumers/reads.ts'
import type { ConsumerRow } from '../src/consumers/types.ts'
import { kindOfId } from '../src/ids.ts'
import { streams } from '../src/platform/database/tables.ts'
import { nothingDone, type RecoverySummary, summarize } from '../src/recovery/store.ts'
import { noReservations } from '../src/reservations/model.ts'
import type { ReservationCounts } from '../src/reservations/types.ts'
import type { StreamSample } from '../src/samples/model.ts'
import { timelineRange } from '../src/samples/range.ts'
import type { Past, Timeline } from '../src/samples/reader.ts'
import type { StreamRollup } from '../src/samples/stream-samples.ts'
import type { StreamFigures } from '../src/streams/types.ts'
import type { SchemaDeps } from './context.ts'
import { type NodeRow, readNodes } from './node-rows.ts'

/** What is read by batch. They cache, so an answer agrees with itself; a subscription takes new ones for every message. */
export interface Loaders {
  /** Live figures by stream id; null for a stream that no node runs. */
  figures: DataLoader<string, StreamFigures | null>
  /** Rows by id of any kind; null for what isn't there or isn't the caller's. Asks for no scope. */
  nodes: DataLoader<string, NodeRow | null>
  /** How many streams a media node has, by its id. */
  streamsOfNode: DataLoader<string, number>
  /** What recovery has done of late for a stream, by its id. */
  recovery: DataLoader<string, RecoverySummary>
  /** What its node measures of a session; null where none does. */
  sessionFigures: DataLoader<ConsumerRow, SessionFigures | null, string>
  /** The last sign of life of an open session by its id; null where there is none. */
  heartbeats: DataLoader<string, SignOfLife | null>
  /** Sessions of a stream, by its id. */
  sessionsOfStream: DataLoader<string, SessionCounts>
  /** Reservations of a stream, by its id. */
  reservationsOfStream: DataLoader<string, ReservationCounts>
  /** Those of one range are read together: a wall is a few statements. */
  streamTimelines: DataLoader<TimelineKey, Timeline<StreamRollup> | null, string>
  streamsAt: DataLoader<{ id: string; time: Date }, Past<StreamSample, StreamRollup> | null, string>
}

export interface TimelineKey {
  id: string
  from: Date
  to: Date | null
  maxPoints: number
}

/** Reads what is asked of several things at once, those of one question together. */
async function readAlike<Key extends { id: string }, Value>(
  keys: readonly Key[],
  questionOf: (key: Key) => string,
  read: (ids: string[], key: Key) => Promise<ReadonlyMap<string, Value>>,
): Promise<(Value | null)[]> {
  const answers = new Map<Key, Value>()
  for (const alike of Map.groupBy(keys, questionOf).values()) {
    const values = await read(
      alike.map(({ id }) => id),
      alike[0]!,
    )
    for (const key of alike) {
      const value = values.get(key.id)
      if (value !== undefined) answers.set(key, value)
    }
  }
  return keys.map((key) => answers.get(key) ?? null)
}

const rangeOf = ({ from, to, maxPoints }: TimelineKey) => `${from.getTime()} ${to?.getTime()} ${maxPoints}`

export function createLoaders(deps: SchemaDeps, caller: Caller): Loaders {
  return {
    figures: new DataLoader(async (ids) => {
      const figures = await deps.figures.read([...ids])
      return ids.map((id) => figures.get(id) ?? null)
    }),
    nodes: new DataLoader(async (ids) => {
      const rows = await readNodes(
        deps.db,
        caller,
        deps.services.projects.isOperator,
        ids.filter((id) => kindOfId(id) !== null),
      )
      return ids.map((id) => rows.get(id) ?? null)
    }),
    streamsOfNode: new DataLoader(async (ids) => {
      const rows = await deps.db
        .select({ id: streams.mediaNodeId, count: count() })
        .from(streams)
        .where(
          and(
            inArray(streams.mediaNodeId, [...ids]),
            eq(streams.projectId, caller.projectId ?? ''),
            isNull(streams.deletedAt),
          ),
        )
        .groupBy(streams.mediaNodeId)
      const counts = new Map(rows.map((row) => [row.id, row.count]))
      return ids.map((id) => counts.get(id) ?? 0)
    }),
    recovery: new DataLoader(async (ids) => {
      const summaries = await summarize(deps.db, caller.projectId ?? '', ids, new Date(deps.now()))
      return ids.map((id) => summaries.get(id) ?? nothingDone)
    }),
    sessionFigures: new DataLoader(
      async (rows) => {
        const figures = await deps.services.consumers.figures([...rows])
        return rows.map(({ id }) => figures.get(id) ?? null)
      },
      { cacheKeyFn: ({ id }) => id },
    ),
    heartbeats: new DataLoader(async (ids) => {
      const found = await readHeartbeats(deps.db, ids)
      return ids.map((id) => found.get(id) ?? null)
    }),
    reservationsOfStream: new DataLoader(async (ids) => {
      const counts = await deps.services.reservations.countsOfStreams(caller, [...ids])
      return ids.map((id) => counts.get(id) ?? noReservations)
    }),
    sessionsOfStream: new DataLoader(async (ids) => {
      const counts = await countByStream(deps.db, ids)
      return ids.map((id) => counts.get(id) ?? noSessions)
    }),
    streamTimelines: new DataLoader(
      (keys) =>
        readAlike(keys, rangeOf, async (ids, key) => {
          const { timelines } = await deps.samples.streams.timelines(ids, timelineRange(key, deps.now()))
          return timelines
        }),
      { cacheKeyFn: (key) => `${key.id} ${rangeOf(key)}` },
    ),
    streamsAt: new DataLoader(
      (keys) =>
        readAlike(
          keys,
          ({ time }) => `${time.getTime()}`,
          (ids, { time }) => deps.samples.streams.at(ids, Math.min(time.getTime(), deps.now())),
        ),
      { cacheKeyFn: ({ id, time }) => `${id} ${time.getTime()}` },
    ),
  }
}
