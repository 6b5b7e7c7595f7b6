import { and, eq, gt, inArray, isNull, ne, notExists, type SQL, sql } from 'drizzle-orm'
import { WeirError } from '../errors.ts'
import type { Database } from '../platform/database/database.ts'
import { consumers, type EventActor, events, streams } from '../platform/database/tables.ts'
import { orderStream } from './order.ts'
import { lockStream } from './store.ts'
import type { StreamRow } from './types.ts'

const system: EventActor = { kind: 'SYSTEM' }
/** Stopped at a look; the rest at the next. */
const stoppedAtOnce = 100

/**
 * For the transaction that opens a session, before it takes a place and writes the session: an on-demand stream that is stopped is ordered to
 * start, as startStream does it. Its row stays locked until the transaction ends, so that it can not be stopped meanwhile for having no session.
 * Any other stream comes back as it was given, without a lock. After the commit, where `ordered`: announce it (bus `orders` and `streams`, the
 * log). Throws NOT_FOUND where it has been deleted.
 */
export async function startOnDemand(tx: Database, stream: StreamRow): Promise<{ stream: StreamRow; ordered: boolean }> {
  if (!stream.onDemand) return { stream, ordered: false }
  const row = await lockStream(tx, stream.projectId, stream.id)
  if (!row) throw new WeirError('NOT_FOUND', 'There is no such stream.')
  if (!row.onDemand) return { stream: row, ordered: false }
  const started = await orderStream(tx, row, 'START', system)
  return { stream: started, ordered: started !== row }
}

/** On-demand streams that run for nobody: no session open, none that closed within `afterSeconds`, and no order to them within that time. */
function isIdle(db: Database, afterSeconds: number): SQL | undefined {
  const lately = sql`now() - make_interval(secs => ${afterSeconds})`
  const sessions = (state: SQL | undefined) =>
    notExists(
      db
        .select({ one: sql`1` })
        .from(consumers)
        .where(and(eq(consumers.streamId, streams.id), state)),
    )
  return and(
    eq(streams.onDemand, true),
    eq(streams.desiredState, 'RUNNING'),
    isNull(streams.deletedAt),
    sessions(ne(consumers.state, 'CLOSED')),
    sessions(and(eq(consumers.state, 'CLOSED'), gt(consumers.closedAt, lately))),
    notExists(
      db
        .select({ one: sql`1` })
        .from(events)
        .where(
          and(
            eq(events.subjectId, streams.id),
            inArray(events.type, ['stream.created', 'stream.updated', 'stream.ordered']),
            gt(events.at, lately),
          ),
        ),
    ),
  )
}

/**
 * Orders up to 100 on-demand streams that run for nobody to stop, as stopStream does it. Answers with their ids, to be announced. One for which a
 * session is opened meanwhile goes on: both lock the stream's row first.
 */
export async function stopIdle(db: Database, afterSeconds: number): Promise<string[]> {
  const idle = await db
    .select({ id: streams.id, projectId: streams.projectId })
    .from(streams)
    .where(isIdle(db, afterSeconds))
    .orderBy(streams.id)
    .limit(stoppedAtOnce)
  const stopped: string[] = []
  for (const { id, projectId } of idle) {
    await db.transaction(async (tx) => {
      const row = await lockStream(tx, projectId, id)
      if (!row) return
      // A statement of its own: it sees what was committed while the lock was waited for.
      const [still] = await tx
        .select({ id: streams.id })
        .from(streams)
        .where(and(eq(streams.id, id), isIdle(tx, afterSeconds)))
      if (still && (await orderStream(tx, row, 'STOP', system)) !== row) stopped.push(id)
    })
  }
  return stopped
}
