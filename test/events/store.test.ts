import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import type { NewEvent } from '../../src/events/model.ts'
import { appendEvents, numberEvents, readEvents, readLogBounds } from '../../src/events/store.ts'
import { eventLog, events } from '../../src/platform/database/tables.ts'
import { describeOnBothDatabases } from '../support/databases.ts'

const started = (subjectId: string, projectId = 'project_a'): NewEvent => ({
  type: 'node.started',
  projectId,
  subjectId,
  data: { name: subjectId, version: '1' },
})

describeOnBothDatabases('the event log', (database) => {
  beforeEach(async () => {
    await database().db.delete(events)
    await database().db.update(eventLog).set({ lastCursor: 0, firstCursor: 1 })
  })

  test('an event has no number before it is numbered, and then the next one', async () => {
    const { db } = database()
    await db.transaction((tx) => appendEvents(tx, [started('n1'), started('n2')]))
    expect(await readEvents(db, {}, { direction: 'ASC', limit: 10 })).toEqual([])
    expect(await numberEvents(db)).toEqual({ lastCursor: 2, count: 2 })
    const page = await readEvents(db, {}, { direction: 'ASC', limit: 10 })
    expect(page.map((event) => [event.cursor, event.subjectId])).toEqual([
      [1, 'n1'],
      [2, 'n2'],
    ])
    expect(page[0]).toMatchObject({ type: 'node.started', data: { name: 'n1', version: '1' }, actor: null })
    expect(page[0]!.at).toBeInstanceOf(Date)
    expect(await readLogBounds(db)).toEqual({ firstCursor: 1, lastCursor: 2 })
  })

  test('nothing to number is one small statement and no transaction', async () => {
    const { result, statements } = await database().countStatements(() => numberEvents(database().db))
    expect(result).toBeNull()
    expect(statements).toHaveLength(1)
  })

  test('a rolled back change leaves no event and no gap', async () => {
    const { db } = database()
    await expect(
      db.transaction(async (tx) => {
        await appendEvents(tx, [started('gone')])
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    await appendEvents(db, [started('stays')])
    expect(await numberEvents(db)).toEqual({ lastCursor: 1, count: 1 })
  })

  test('a backlog is numbered in batches of 1000, in order', async () => {
    const { db } = database()
    await appendEvents(
      db,
      Array.from({ length: 1500 }, (_, i) => started(`n${i}`)),
    )
    expect(await numberEvents(db)).toEqual({ lastCursor: 1000, count: 1000 })
    expect(await numberEvents(db)).toEqual({ lastCursor: 1500, count: 500 })
    expect(await numberEvents(db)).toBeNull()
    const [first] = await readEvents(db, {}, { direction: 'ASC', after: 1400, limit: 1 })
    expect(first).toMatchObject({ cursor: 1401, subjectId: 'n1400' })
  })

  test('reads upwards and downwards from a cursor, narrowed by project, type, subject and time', async () => {
    const { db } = database()
    await appendEvents(db, [
      started('n1'),
      started('n2', 'project_b'),
      { type: 'node.stopped', projectId: 'project_a', subjectId: 'n1', data: { name: 'n1' } },
      started('n3'),
    ])
    await numberEvents(db)
    const cursors = async (...read: [Parameters<typeof readEvents>[1], Parameters<typeof readEvents>[2]]) =>
      (await readEvents(db, ...read)).map((event) => event.cursor)
    expect(await cursors({}, { direction: 'ASC', limit: 2 })).toEqual([1, 2])
    expect(await cursors({}, { direction: 'ASC', after: 2, limit: 10 })).toEqual([3, 4])
    expect(await cursors({}, { direction: 'DESC', limit: 2 })).toEqual([4, 3])
    expect(await cursors({}, { direction: 'DESC', after: 3, limit: 10 })).toEqual([2, 1])
    expect(await cursors({ projectId: 'project_b' }, { direction: 'ASC', limit: 10 })).toEqual([2])
    expect(await cursors({ types: ['node.stopped'] }, { direction: 'ASC', limit: 10 })).toEqual([3])
    expect(await cursors({ types: [] }, { direction: 'ASC', limit: 10 })).toEqual([])
    expect(await cursors({ subjectId: 'n1' }, { direction: 'DESC', limit: 10 })).toEqual([3, 1])
    const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour))
    await db.execute(sql`update ${events} set at = timestamptz '2026-01-01T00:00:00Z' + cursor * interval '1 hour'`)
    expect(await cursors({ from: at(2), to: at(4) }, { direction: 'ASC', limit: 10 })).toEqual([2, 3])
  })
})
