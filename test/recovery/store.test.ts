import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { unknownHealth } from '../../src/health/model.ts'
import { newId } from '../../src/ids.ts'
import { claimLease, releaseLease } from '../../src/nodes/leases-store.ts'
import { events, recoveryAttempts } from '../../src/platform/database/tables.ts'
import { AttemptLog, logLines, mostWaiting, type OpenedAttempt } from '../../src/recovery/attempt-log.ts'
import { deleteOldAttempts, keptPerStream } from '../../src/recovery/retention.ts'
import { findRefusal, saveAttempts, summarize, summed } from '../../src/recovery/store.ts'
import { createRunnerStore } from '../../src/streams/runner-store.ts'
import { createTestApi } from '../support/api.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addMediaNode, addStream } from '../support/rows.ts'

const start = Date.parse('2026-01-02T03:04:05.000Z')

function attempt(values: Partial<OpenedAttempt> = {}): OpenedAttempt {
  return {
    id: newId('RecoveryAttempt'),
    number: 1,
    cause: 'KILLED',
    action: 'RESTART',
    evidence: { lane: 'PROCESS', slow: false },
    nextAttemptAt: start,
    startedAt: start,
    log: ['[error] gone'],
    ...values,
  }
}

describe('the log of attempts', () => {
  test('a row of failures: each but the last has failed, and the downtime is from the first', () => {
    const log = new AttemptLog()
    const [first, second] = [attempt(), attempt({ number: 2, startedAt: start + 3000 })]
    log.failed(first, start - 100)
    log.failed(second, null)
    log.recovered(start + 5000)
    log.recovered(start + 6000)
    expect(log.toWrite()).toEqual([
      { do: 'OPEN', attempt: first },
      { do: 'END', id: first.id, outcome: 'FAILED', endedAt: start + 3000, downtimeSeconds: null },
      { do: 'OPEN', attempt: second },
      { do: 'END', id: second.id, outcome: 'RECOVERED', endedAt: start + 5000, downtimeSeconds: 5.1 },
    ])
  })

  test('what has never been live has no downtime; an order ends what is open', () => {
    const log = new AttemptLog()
    log.failed(attempt(), null)
    log.superseded(start + 10)
    log.superseded(start + 20)
    expect(log.toWrite().slice(1)).toMatchObject([{ outcome: 'SUPERSEDED', downtimeSeconds: null }])
  })

  test('what was written is not written again, and what waits is bounded', () => {
    const log = new AttemptLog()
    log.failed(attempt({ log: Array(100).fill('line') }), null)
    const writes = log.toWrite()
    expect(writes[0]).toMatchObject({ attempt: { log: Array(logLines).fill('line') } })
    log.recovered(start)
    log.written(writes)
    expect(log.toWrite()).toMatchObject([{ do: 'END' }])
    for (let i = 0; i < 2 * mostWaiting; i++) log.failed(attempt(), null)
    expect(log.toWrite()).toHaveLength(mostWaiting)
  })
})

describeOnBothDatabases('recovery attempts', (database) => {
  async function setUp() {
    const { db } = database()
    const { projectId } = await createTestApi(database())
    const row = await addStream(db, projectId)
    const node = await addMediaNode(db, newId('MediaNode'))
    const token = (await claimLease(db, row.id, node.id))!
    const store = createRunnerStore(db, row.id, { nodeId: node.id, token })
    const view = { state: 'LIVE', cause: null, reason: null } as const
    const report = { view, observedGeneration: 1, running: true, restarts: 0, lastExit: null, health: unknownHealth }
    return { db, row, node, token, store, report }
  }
  const attemptsOf = (streamId: string) =>
    database()
      .db.select()
      .from(recoveryAttempts)
      .where(eq(recoveryAttempts.streamId, streamId))
      .orderBy(recoveryAttempts.id)
  const recoveryEvents = async (streamId: string) =>
    (await database().db.select().from(events).where(eq(events.subjectId, streamId)).orderBy(events.position))
      .filter(({ type }) => type.startsWith('stream.recovery_'))
      .map(({ type, data }) => ({ type, data }))

  test('are written with the state, in one transaction, with their own times and events', async () => {
    const { row, store, report } = await setUp()
    const log = new AttemptLog()
    const opened = attempt({ action: 'ESCALATE', number: 4, nextAttemptAt: start + 60_000 })
    log.failed(opened, start - 500)
    log.recovered(start + 1500)
    const saved = await store.saveState(row, { ...report, attempts: log.toWrite(), at: start + 2000 })
    expect(saved).toMatchObject({ state: 'LIVE', stateSince: new Date(start + 2000) })
    expect(await attemptsOf(row.id)).toMatchObject([
      {
        id: opened.id,
        projectId: row.projectId,
        number: 4,
        cause: 'KILLED',
        action: 'ESCALATE',
        outcome: 'RECOVERED',
        startedAt: new Date(start),
        endedAt: new Date(start + 1500),
        downtimeSeconds: 2,
        log: ['[error] gone'],
        evidence: { nextAttemptAt: new Date(start + 60_000).toISOString() },
      },
    ])
    const about = { attemptId: opened.id, number: 4, cause: 'KILLED' }
    expect(await recoveryEvents(row.id)).toEqual([
      { type: 'stream.recovery_attempted', data: { ...about, action: 'ESCALATE' } },
      {
        type: 'stream.recovery_escalated',
        data: { ...about, nextAttemptAt: new Date(start + 60_000).toISOString() },
      },
      {
        type: 'stream.recovery_ended',
        data: { attemptId: opened.id, outcome: 'RECOVERED', downtimeSeconds: 2 },
      },
    ])
  })

  test('are written once, also where the answer to the first writing was lost', async () => {
    const { row, store, report } = await setUp()
    const log = new AttemptLog()
    log.endLeft('FAILED', start)
    log.failed(attempt(), null)
    const write = () => store.saveState(row, { ...report, attempts: log.toWrite(), at: start })
    await write()
    log.recovered(start + 1000)
    await write()
    await write()
    expect(await attemptsOf(row.id)).toMatchObject([{ outcome: 'RECOVERED' }])
    expect(await recoveryEvents(row.id)).toHaveLength(2)
  })

  test('that an owner left open are ended by the next', async () => {
    const { db, row, node, token, store, report } = await setUp()
    const log = new AttemptLog()
    log.failed(attempt(), null)
    await store.saveState(row, { ...report, attempts: log.toWrite(), at: start })
    await releaseLease(db, { resourceId: row.id, nodeId: node.id, token })
    const other = await addMediaNode(db, newId('MediaNode'))
    const nextToken = (await claimLease(db, row.id, other.id))!
    const next = createRunnerStore(db, row.id, { nodeId: other.id, token: nextToken })
    const nextLog = new AttemptLog()
    nextLog.endLeft('FAILED', start + 9000)
    nextLog.failed(attempt({ startedAt: start + 10_000 }), null)
    await next.saveState(row, { ...report, attempts: nextLog.toWrite(), at: start + 10_000 })
    expect(await attemptsOf(row.id)).toMatchObject([
      { outcome: 'FAILED', endedAt: new Date(start + 9000) },
      { outcome: null, endedAt: null },
    ])
    // The one before wakes up and has something to say: nothing of it is written.
    log.recovered(start + 20_000)
    expect(await store.saveState(row, { ...report, attempts: log.toWrite(), at: start })).toBeNull()
    expect((await attemptsOf(row.id)).map(({ outcome }) => outcome)).toEqual(['FAILED', null])
  })

  test('are summed up by stream and for all together', async () => {
    const { db, row } = await setUp()
    const other = await addStream(db, row.projectId)
    const now = new Date(start)
    const slow = { lane: 'SOURCE', slow: true }
    const retries = [
      attempt({ action: 'RETRY_SOURCE', startedAt: start - 2 * 86_400_000 }),
      attempt({ action: 'RETRY_SOURCE', startedAt: start - 7_200_000 }),
      attempt({ action: 'RETRY_SOURCE', startedAt: start - 60_000, evidence: slow, nextAttemptAt: start + 5000 }),
      attempt({ action: 'NONE', startedAt: start - 10 }),
    ]
    await saveAttempts(
      db,
      row,
      retries.map((it) => ({ do: 'OPEN', attempt: it })),
    )
    await saveAttempts(db, other, [{ do: 'OPEN', attempt: attempt({ startedAt: start - 1000 }) }])
    const byStream = await summarize(db, row.projectId, [row.id, other.id], now)
    expect(byStream.get(row.id)).toEqual({
      lastRestartAt: new Date(start - 60_000),
      sourceRetries: 2,
      recentAttempts: 2,
      coolingDownUntil: new Date(start + 5000),
    })
    expect(summed(byStream.values())).toEqual({
      lastRestartAt: new Date(start - 1000),
      sourceRetries: 2,
      recentAttempts: 3,
      coolingDownUntil: new Date(start + 5000),
    })
    expect(await summarize(db, newId('Project'), null, now)).toEqual(new Map())
  })

  test('that were refused for the password hold for the next owner, until they are over', async () => {
    const { db, row } = await setUp()
    const now = new Date(start + 1000)
    const refused = attempt({ cause: 'AUTH', action: 'RETRY_SOURCE', number: 2, nextAttemptAt: start + 60_000 })
    expect(await findRefusal(db, row.id, now)).toBeNull()
    await saveAttempts(db, row, [{ do: 'OPEN', attempt: refused }])
    const expected = { number: 2, at: start, nextAttemptAt: start + 60_000 }
    expect(await findRefusal(db, row.id, now)).toEqual(expected)
    await saveAttempts(db, row, [{ do: 'END_LEFT', outcome: 'FAILED', endedAt: start + 500 }])
    expect(await findRefusal(db, row.id, now)).toEqual(expected)
    expect(await findRefusal(db, row.id, new Date(start + 60_000))).toBeNull()
    await saveAttempts(db, row, [{ do: 'OPEN', attempt: attempt({ startedAt: start + 2000 }) }])
    expect(await findRefusal(db, row.id, now)).toBeNull()
  })

  test('are kept for 30 days, and the newest of a stream', async () => {
    const { db, row } = await setUp()
    const old = attempt({ startedAt: start - 31 * 86_400_000 })
    const many = Array.from({ length: keptPerStream + 2 }, (_, index) => attempt({ startedAt: start + index }))
    const values = [old, ...many].map(({ nextAttemptAt: _, startedAt, ...it }) => ({
      ...it,
      projectId: row.projectId,
      streamId: row.id,
      startedAt: new Date(startedAt),
    }))
    await db.insert(recoveryAttempts).values(values)
    let deleted = 0
    for (let batch = 1; batch > 0; deleted += batch) batch = await deleteOldAttempts(db, new Date(start + 10_000))
    const kept = (await attemptsOf(row.id)).map(({ id }) => id)
    expect(deleted).toBeGreaterThanOrEqual(3)
    expect(kept).toEqual(many.slice(2).map(({ id }) => id))
  })
})
