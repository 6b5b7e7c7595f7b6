import { and, eq, isNull, notInArray } from 'drizzle-orm'
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
  await appendEvents(tx, events)
}
