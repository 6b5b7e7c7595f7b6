import { sql } from 'drizzle-orm'
import type { Bus } from '../platform/bus/bus.ts'
import type { Database } from '../platform/database/database.ts'
import { streams } from '../platform/database/tables.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { startRepeating } from '../platform/repeat.ts'
import { type ClosedSession, closeConsumers, closedAtOnce } from './closing.ts'
import { ofEndedStreams, watchedStreams } from './due.ts'

/** The truth: what a lost wake-up missed, and sessions that somebody held just then, are found by this look. */
const lookEveryMs = 2000
/** Orders gather for so long. */
const gatherMs = 20
/** Streams of one look; what is more waits for the next. */
const streamsAtOnce = 100

/** Closes the open sessions of these streams where those are stopped or deleted; answers with how many. */
export async function closeOfEnded(
  db: Database,
  streamIds: readonly string[],
  closed: (sessions: ClosedSession[]) => void,
): Promise<number> {
  if (streamIds.length === 0) return 0
  let count = 0
  for (;;) {
    const sessions = await closeConsumers(db, ofEndedStreams(streamIds, closedAtOnce))
    if (sessions.length > 0) closed(sessions)
    count += sessions.length
    if (sessions.length < closedAtOnce) return count
  }
}

/** Streams with open sessions that are stopped or deleted; at most 100. */
export async function endedWithSessions(db: Database): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(
    sql`${watchedStreams} select stream.id from watched join ${streams} stream on stream.id = watched.stream_id
      where stream.deleted_at is not null or stream.desired_state = 'STOPPED' limit ${streamsAtOnce}`,
    'objects',
  )
  return rows.map(({ id }) => id)
}

/** Closes the sessions of a stream as soon as it is ordered to stop or is deleted. Any number of nodes may do it. */
export class EndedStreams {
  private readonly deps: { db: Database; closed: (sessions: ClosedSession[]) => void; logger: Logger }
  private readonly ordered = new Set<string>()
  private timer: ReturnType<typeof setTimeout> | null = null
  private running: Promise<void> = Promise.resolve()
  private readonly unsubscribe: () => void
  private readonly stopLooking: () => Promise<void>

  constructor(deps: { db: Database; bus: Bus; closed: (sessions: ClosedSession[]) => void; logger: Logger }) {
    this.deps = deps
    const { db, closed, logger } = deps
    this.unsubscribe = deps.bus.subscribe('orders', (id) => this.note(id))
    this.stopLooking = startRepeating({
      everyMs: lookEveryMs,
      work: async () => void (await closeOfEnded(db, await endedWithSessions(db), closed)),
      failure: 'sessions of stopped streams can not be closed',
      logger,
    })
  }

  async stop(): Promise<void> {
    this.unsubscribe()
    if (this.timer) clearTimeout(this.timer)
    await Promise.all([this.running, this.stopLooking()])
  }

  private note(streamId: string): void {
    if (this.ordered.size >= streamsAtOnce) return
    this.ordered.add(streamId)
    this.timer ??= setTimeout(() => {
      this.running = this.closeOrdered()
    }, gatherMs)
  }

  private async closeOrdered(): Promise<void> {
    const { db, closed, logger } = this.deps
    const ids = [...this.ordered]
    this.ordered.clear()
    try {
      await closeOfEnded(db, ids, closed)
    } catch (error) {
      logger.debug({ error }, 'sessions of stopped streams could not be closed; the next look does it')
    } finally {
      this.timer = null
    }
  }
}
