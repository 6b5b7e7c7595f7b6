import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { followEvents } from '../../src/events/follow.ts'
import type { NewEvent } from '../../src/events/model.ts'
import { startNumbering } from '../../src/events/numbering.ts'
import { appendEvents, type EventRow, numberEvents, readLogBounds } from '../../src/events/store.ts'
import { createInProcessBus } from '../../src/platform/bus/in-process.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { openDatabase } from '../../src/platform/database/open.ts'
import { eventLog, events } from '../../src/platform/database/tables.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { createPostgresDatabase, describeOnBothDatabases } from '../support/databases.ts'
import { until } from '../support/until.ts'

const event = (subjectId: string): NewEvent => ({
  type: 'node.stopped',
  projectId: 'project_a',
  subjectId,
  data: { name: subjectId },
})

async function empty(db: Database): Promise<void> {
  await db.delete(events)
  await db.update(eventLog).set({ lastCursor: 0, firstCursor: 1 })
}

/** Follows until `done` says that it has seen enough. */
async function follow(
  db: Database,
  after: number,
  done: (seen: EventRow[]) => boolean,
  bus = createInProcessBus(silentLogger),
) {
  const seen: EventRow[] = []
  let missed = 0
  const end = new AbortController()
  for await (const step of followEvents({ db, bus, filter: {}, after, signal: end.signal })) {
    seen.push(...step.events)
    missed += step.missed
    if (done(seen)) end.abort()
  }
  return { seen, missed }
}

describeOnBothDatabases('numbering and following', (database) => {
  beforeEach(() => empty(database().db))

  test('a wake-up after the commit brings numbers without the poll, and tells the bus the last cursor', async () => {
    const { db } = database()
    const bus = createInProcessBus(silentLogger)
    const told: string[] = []
    bus.subscribe('events', (cursor) => told.push(cursor))
    const numbering = startNumbering({ db, bus, logger: silentLogger })
    await appendEvents(db, [event('one')])
    numbering.wake()
    await until('the first number', () => told.length === 1)
    await appendEvents(db, [event('two'), event('three')])
    numbering.wake()
    await until('the next numbers', () => told.length === 2)
    await numbering.stop()
    expect(told).toEqual(['1', '3'])
  })

  test('what nobody woke it for is found by the poll; what waits at the end is numbered by stop', async () => {
    const { db } = database()
    const numbering = startNumbering({ db, bus: createInProcessBus(silentLogger), logger: silentLogger })
    await appendEvents(db, [event('unannounced')])
    await until('the poll found it', async () => (await readLogBounds(db)).lastCursor === 1)
    await appendEvents(db, [event('last words')])
    await numbering.stop()
    expect(await readLogBounds(db)).toEqual({ firstCursor: 1, lastCursor: 2 })
  })

  test('a follower that comes back too late is told how many it missed and goes on from there', async () => {
    const { db } = database()
    await appendEvents(db, [event('a'), event('b'), event('c'), event('d')])
    await numberEvents(db)
    await db.delete(events).where(sql`cursor <= 3`)
    await db.update(eventLog).set({ firstCursor: 4 })
    const { seen, missed } = await follow(db, 1, (all) => all.length === 1)
    expect(missed).toBe(2)
    expect(seen.map((row) => row.cursor)).toEqual([4])
  })

  test('a filter that nothing passes still moves the cursor on', async () => {
    const { db } = database()
    await appendEvents(db, [event('a'), event('b')])
    await numberEvents(db)
    const steps = followEvents({
      db,
      bus: createInProcessBus(silentLogger),
      filter: { subjectId: 'other' },
      after: 0,
      signal: new AbortController().signal,
    })
    expect((await steps.next()).value).toEqual({ events: [], cursor: 2, missed: 0 })
    await steps.return()
  })
})

describe('writers that commit out of order, several numberings, on PostgreSQL', () => {
  /** One writer's transaction: it appends its events, waits, and then commits or rolls back. */
  const transaction = fc.record({
    events: fc.integer({ min: 1, max: 3 }),
    holdMs: fc.integer({ min: 0, max: 15 }),
    commits: fc.boolean(),
  })

  test('a follower sees every committed event once, in order, without gaps, and no other', async () => {
    const databaseUrl = await createPostgresDatabase({ migrated: true })
    const open = () => openDatabase({ databaseUrl, dataDir: '', logger: silentLogger })
    const nodes = await Promise.all([open(), open(), open()])
    const { db } = nodes[0]!
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(transaction, { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 8 }),
          async (writers) => {
            await empty(db)
            const bus = createInProcessBus(silentLogger)
            const numberings = nodes.map((node) => startNumbering({ db: node.db, bus, logger: silentLogger }))
            const expected = writers.flatMap((work, writer) =>
              work.flatMap((one, n) =>
                one.commits ? Array.from({ length: one.events }, (_, i) => `${writer}.${n}.${i}`) : [],
              ),
            )
            const following = follow(db, 0, (seen) => seen.length >= expected.length, bus)
            await Promise.all(
              writers.map(async (work, writer) => {
                for (const [n, one] of work.entries()) {
                  await nodes[writer % 3]!.db.transaction(async (tx) => {
                    await appendEvents(
                      tx,
                      Array.from({ length: one.events }, (_, i) => event(`${writer}.${n}.${i}`)),
                    )
                    await new Promise((resolve) => setTimeout(resolve, one.holdMs))
                    if (!one.commits) throw new Error('rolled back')
                  }).catch((error: Error) => expect(error.message).toBe('rolled back'))
                  numberings[writer % 3]!.wake()
                }
              }),
            )
            // Stops the follower where nothing was committed.
            await appendEvents(db, [event('end')])
            numberings[0]!.wake()
            const { seen, missed } = await following
            await Promise.all(numberings.map((numbering) => numbering.stop()))
            const all = seen.filter((row) => row.subjectId !== 'end')
            expect(missed).toBe(0)
            expect(seen.map((row) => row.cursor)).toEqual(seen.map((_, i) => i + 1))
            expect(all.map((row) => row.subjectId).sort()).toEqual([...expected].sort())
            // A writer's own events keep their order: each of its transactions began after the last one's commit.
            for (const writer of writers.keys()) {
              const own = all.map((row) => row.subjectId!).filter((id) => id.startsWith(`${writer}.`))
              expect(own).toEqual(expected.filter((id) => id.startsWith(`${writer}.`)))
            }
          },
        ),
        { numRuns: 15 },
      )
    } finally {
      await Promise.all(nodes.map((node) => node.close()))
    }
  }, 120_000)
})
