import { and, desc, eq, inArray, isNull, ne, notInArray, sql } from 'drizzle-orm'
import type { NewEvent } from '../events/model.ts'
import { appendEvents } from '../events/store.ts'
import type { Database } from '../platform/database/database.ts'
import { recoveryAttempts } from '../platform/database/tables.ts'
import type { AttemptWrite } from './attempt-log.ts'

/**
 * Writes attempts with their events, within the transaction of the node that holds the stream's lease. What was written
 * already (its answer was lost) is not written again.
 */
export async function saveAttempts(
  tx: Database,
  stream: { id: string; projectId: string },
  writes: readonly AttemptWrite[],
  eventsAt?: Date,
): Promise<void> {
  const about = { projectId: stream.projectId, subjectId: stream.id }
  const own = writes.flatMap((write) => (write.do === 'OPEN' ? [write.attempt.id] : []))
  const events: NewEvent[] = []
  for (const write of writes) {
    if (write.do === 'OPEN') {
      const { nextAttemptAt, startedAt, evidence, ...attempt } = write.attempt
      const next = nextAttemptAt === null ? null : new Date(nextAttemptAt).toISOString()
      const row = {
        ...attempt,
        projectId: stream.projectId,
        streamId: stream.id,
        evidence: { ...evidence, nextAttemptAt: next },
        startedAt: new Date(startedAt),
      }
      const inserted = await tx
        .insert(recoveryAttempts)
        .values(row)
        .onConflictDoNothing()
        .returning({ id: recoveryAttempts.id })
      if (inserted.length === 0) continue
      const { id: attemptId, number, cause, action } = attempt
      events.push({ ...about, type: 'stream.recovery_attempted', data: { attemptId, number, cause, action } })
      if (action === 'ESCALATE') {
        const data = { attemptId, number, cause, nextAttemptAt: next }
        events.push({ ...about, type: 'stream.recovery_escalated', data })
      }
      continue
    }
    const { outcome, endedAt } = write
    const downtimeSeconds = write.do === 'END' ? write.downtimeSeconds : null
    const which =
      write.do === 'END'
        ? eq(recoveryAttempts.id, write.id)
        : and(eq(recoveryAttempts.streamId, stream.id), notInArray(recoveryAttempts.id, own))
    const ended = await tx
      .update(recoveryAttempts)
      .set({ outcome, endedAt: new Date(endedAt), downtimeSeconds })
      .where(and(which, isNull(recoveryAttempts.outcome)))
      .returning({ attemptId: recoveryAttempts.id })
    for (const { attemptId } of ended) {
      events.push({ ...about, type: 'stream.recovery_ended', data: { attemptId, outcome, downtimeSeconds } })
    }
  }
  await appendEvents(tx, events, eventsAt)
}

/** A source has refused its password, and is to be left alone until then. Times in ms since the epoch. */
export interface Refusal {
  number: number
  at: number
  nextAttemptAt: number
}

/** That of a stream's newest attempt, whoever made it; null where another attempt is due. */
export async function findRefusal(db: Database, streamId: string, now: Date): Promise<Refusal | null> {
  const [newest] = await db
    .select()
    .from(recoveryAttempts)
    .where(eq(recoveryAttempts.streamId, streamId))
    .orderBy(desc(recoveryAttempts.id))
    .limit(1)
  const isOver = newest?.outcome === 'RECOVERED' || newest?.outcome === 'SUPERSEDED'
  if (newest?.cause !== 'AUTH' || isOver) return null
  const nextAttemptAt = Date.parse(String(newest.evidence.nextAttemptAt))
  if (!(nextAttemptAt > now.getTime())) return null
  return { number: newest.number, at: newest.startedAt.getTime(), nextAttemptAt }
}

/** What has been done of late, of one stream or of all of a project. */
export interface RecoverySummary {
  lastRestartAt: Date | null
  /** How often a source that was away was asked again in the last 24 hours. */
  sourceRetries: number
  /** Attempts of the last hour. */
  recentAttempts: number
  /** It has escalated and waits until then; null where nothing waits. */
  coolingDownUntil: Date | null
}

export const nothingDone: RecoverySummary = {
  lastRestartAt: null,
  sourceRetries: 0,
  recentAttempts: 0,
  coolingDownUntil: null,
}

const isAfter = (at: Date) => sql`${recoveryAttempts.startedAt} > ${at.toISOString()}::timestamptz`

/** By stream; those of a project that nothing was done for are absent. Of a stream whose row of failures goes on the newest is open. */
export async function summarize(
  db: Database,
  projectId: string,
  streamIds: readonly string[] | null,
  now: Date,
): Promise<Map<string, RecoverySummary>> {
  const before = (ms: number) => new Date(now.getTime() - ms)
  const next = sql`(${recoveryAttempts.evidence}->>'nextAttemptAt')::timestamptz`
  const isSlow = sql`${recoveryAttempts.outcome} is null and (${recoveryAttempts.evidence}->>'slow')::boolean`
  const time = (value: unknown) => (value === null ? null : new Date(value as string | Date))
  const rows = await db
    .select({
      streamId: recoveryAttempts.streamId,
      lastRestartAt: sql`max(${recoveryAttempts.startedAt}) filter (where ${ne(recoveryAttempts.action, 'NONE')})`,
      sourceRetries: sql<number>`(count(*) filter (where ${recoveryAttempts.action} = 'RETRY_SOURCE' and ${isAfter(before(86_400_000))}))::int`,
      recentAttempts: sql<number>`(count(*) filter (where ${isAfter(before(3_600_000))}))::int`,
      coolingDownUntil: sql`max(${next}) filter (where ${isSlow} and ${next} > ${now.toISOString()}::timestamptz)`,
    })
    .from(recoveryAttempts)
    .where(
      and(
        eq(recoveryAttempts.projectId, projectId),
        streamIds ? inArray(recoveryAttempts.streamId, [...streamIds]) : undefined,
      ),
    )
    .groupBy(recoveryAttempts.streamId)
  return new Map(
    rows.map(({ streamId, lastRestartAt, coolingDownUntil, ...counts }) => [
      streamId,
      { ...counts, lastRestartAt: time(lastRestartAt), coolingDownUntil: time(coolingDownUntil) },
    ]),
  )
}

/** What was done for all of them together. */
export function summed(summaries: Iterable<RecoverySummary>): RecoverySummary {
  const latest = (a: Date | null, b: Date | null) => (a === null || (b !== null && b > a) ? b : a)
  let sum = nothingDone
  for (const one of summaries) {
    sum = {
      lastRestartAt: latest(sum.lastRestartAt, one.lastRestartAt),
      sourceRetries: sum.sourceRetries + one.sourceRetries,
      recentAttempts: sum.recentAttempts + one.recentAttempts,
      coolingDownUntil: latest(sum.coolingDownUntil, one.coolingDownUntil),
    }
  }
  return sum
}
