import { eq, sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { newId } from '../../src/ids.ts'
import { consumers, events, projects, streams } from '../../src/platform/database/tables.ts'
import { startOnDemand, stopIdle } from '../../src/streams/on-demand.ts'
import type { StreamRow } from '../../src/streams/types.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addConsumer, addStream } from '../support/rows.ts'

const afterSeconds = 30

describeOnBothDatabases('streams on demand', (database) => {
  const projectId = newId('Project')
  beforeEach(async () => {
    const { db } = database()
    await db.insert(projects).values({ id: projectId, name: 'Test' }).onConflictDoNothing()
    await db.delete(consumers)
    await db.update(streams).set({ desiredState: 'STOPPED' })
  })
  const start = (row: StreamRow) => database().db.transaction((tx) => startOnDemand(tx, row))
  const ordersOf = async (id: string) => {
    const rows = await database().db.select().from(events).where(eq(events.subjectId, id)).orderBy(events.position)
    return rows.map(({ type, actor, data }) => ({ type, kind: actor?.kind, order: (data as { order: string }).order }))
  }
  const reload = async (id: string) => (await database().db.select().from(streams).where(eq(streams.id, id)))[0]!
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)
  /** Runs since long before: what was written of it is that old. */
  async function running(values: Partial<typeof streams.$inferInsert> = {}) {
    const row = await addStream(database().db, projectId, { onDemand: true, desiredState: 'RUNNING', ...values })
    await database()
      .db.insert(events)
      .values({
        id: newId('Event'),
        projectId,
        type: 'stream.ordered',
        subjectId: row.id,
        at: ago(afterSeconds + 5),
      })
    return row
  }

  test('the first session orders it to start, as startStream does; the next changes nothing', async () => {
    const row = await addStream(database().db, projectId, { onDemand: true })
    const { stream, ordered } = await start(row)
    expect(ordered).toBe(true)
    expect(stream).toMatchObject({ desiredState: 'RUNNING', startOrder: 1, generation: row.generation + 1 })
    // Given the row as it was read before: the locked one counts.
    expect(await start(row)).toMatchObject({ ordered: false, stream: { desiredState: 'RUNNING', startOrder: 1 } })
    expect(await ordersOf(row.id)).toEqual([{ type: 'stream.ordered', kind: 'SYSTEM', order: 'START' }])
  })

  test('any other stream is left as it is, and a deleted one is NOT_FOUND', async () => {
    const plain = await addStream(database().db, projectId)
    expect(await start(plain)).toEqual({ stream: plain, ordered: false })
    expect(await reload(plain.id)).toEqual(plain)
    const deleted = await addStream(database().db, projectId, { onDemand: true, deletedAt: new Date() })
    await expect(start(deleted)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('one that nobody has watched for a while is ordered to stop, once, with its event', async () => {
    const row = await running()
    expect(await stopIdle(database().db, afterSeconds)).toEqual([row.id])
    expect(await reload(row.id)).toMatchObject({ desiredState: 'STOPPED', generation: row.generation + 1 })
    expect(await ordersOf(row.id)).toMatchObject([{}, { type: 'stream.ordered', kind: 'SYSTEM', order: 'STOP' }])
    expect(await stopIdle(database().db, afterSeconds)).toEqual([])
  })

  test('it goes on while a session is open, just after one, just after an order, and where it is not on demand', async () => {
    const { db } = database()
    const watched = await running()
    for (const state of ['NEW', 'STALE', 'PAUSED'] as const) await addConsumer(db, watched, { state })
    const lately = await running()
    await addConsumer(db, lately, { state: 'CLOSED', closedAt: ago(afterSeconds - 10) })
    const ordered = await addStream(db, projectId, { onDemand: true })
    await start(ordered)
    await running({ onDemand: false })
    const longAgo = await running()
    await addConsumer(db, longAgo, { state: 'CLOSED', closedAt: ago(afterSeconds + 1) })
    expect(await stopIdle(db, afterSeconds)).toEqual([longAgo.id])
  })

  test('a session opened at the same instant finds it running or starts it: never open on one that was stopped for it', async () => {
    const { db } = database()
    for (let round = 0; round < 10; round++) {
      const row = await running()
      const open = db.transaction(async (tx) => {
        const { stream } = await startOnDemand(tx, row)
        await tx.execute(sql`select 1`)
        await addConsumer(tx, stream)
      })
      await Promise.all([open, stopIdle(db, afterSeconds), stopIdle(db, afterSeconds)])
      expect((await reload(row.id)).desiredState).toBe('RUNNING')
    }
  })
})
