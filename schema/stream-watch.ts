import { getColumns, type SQL, sql } from 'drizzle-orm'
import { badInput } from '../src/errors.ts'
import { databaseAway } from '../src/platform/database/away.ts'
import type { Database } from '../src/platform/database/database.ts'
import { producers, streams } from '../src/platform/database/tables.ts'
import type { GraphqlContext } from './context.ts'
import { createLoaders } from './loaders.ts'
import type { MarkedStream } from './stream-wall.ts'

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
export async function readMeasuredAt(
  { figures }: Pick<GraphqlContext, 'figures'>,
  ids: string[],
): Promise<Map<string, number>> {
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

/**
 * How often a subscription makes sure that its key is still good. What is known of a key may be 5 s old: together that is
 * less than 10 s.
 */
export const readmitMs = 4000

/** Looks at the key again; throws UNAUTHENTICATED. While the database is away nobody can have revoked it. */
export async function readmit(context: GraphqlContext): Promise<void> {
  try {
    context.caller = await context.readmit()
  } catch (error) {
    if (!databaseAway(error)) throw error
  }
}

/** In ms. Throws BAD_USER_INPUT. */
export function requireInterval(intervalSeconds: number): number {
  if (intervalSeconds < 1 || intervalSeconds > 60) throw badInput('intervalSeconds', 'has to be from 1 to 60')
  return intervalSeconds * 1000
}
