import DataLoader from 'dataloader'
import { and, count, eq, inArray, isNull } from 'drizzle-orm'
import type { Caller } from '../src/caller.ts'
import { kindOfId } from '../src/ids.ts'
import { streams } from '../src/platform/database/tables.ts'
import { nothingDone, type RecoverySummary, summarize } from '../src/recovery/store.ts'
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
}

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
  }
}
