import { getColumns, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../src/platform/database/database.ts'
import { producers, streams } from '../src/platform/database/tables.ts'
import type { GraphqlContext } from './context.ts'
import { createLoaders } from './loaders.ts'
import type { MarkedStream } from './watched-streams.ts'

/** Changes with the stream's row and with each of its producers that is open. */
const mark = sql<string>`md5(${streams}::text || coalesce((
  select string_agg(${producers}::text, ',' order by ${producers.id}) from ${producers}
  where ${producers.streamId} = ${streams.id} and ${producers.state} <> 'CLOSED'
), ''))`

/** The streams that match, at most `limit`, in the order of their ids. */
export async function readMarkedStreams(db: Database, where: SQL | undefined, limit: number): Promise<MarkedStream[]> {
  const rows = await db
    .select({ ...getColumns(streams), mark })
    .from(streams)
    .where(where)
    .orderBy(streams.id)
    .limit(limit)
  return rows.map(({ mark, ...row }) => ({ row, mark }))
}

/** When each stream's figures were measured last; nothing for all where the nodes don't answer. */
export async function readMeasuredAt({ figures }: GraphqlContext, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const read = await figures.read(ids).catch(() => new Map())
  return new Map(
    [...read].map(([id, { process, producers }]) => [
      id,
      Math.max(process?.measuredAt ?? 0, ...producers.map(({ measuredAt }: { measuredAt: number }) => measuredAt)),
    ]),
  )
}

/** Loaders cache: each message of a subscription is read anew. */
export function renewLoaders(context: GraphqlContext): void {
  context.loaders = createLoaders(context, context.caller)
}

/** How often a subscription makes sure that its key is still good. What is known of a key is 5 s old at most: together less than 10 s. */
export const readmitMs = 4000
