import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { deleteOldEvents, lastToDelete } from '../../../src/events/retention.ts'
import { appendEvents, numberEvents, readLogBounds } from '../../../src/events/store.ts'
import { createHousekeeping } from '../../../src/platform/database/housekeeping.ts'
import { dueTasks, housekeepingTasks, tablesToVacuum } from '../../../src/platform/database/housekeeping-schedule.ts'
import { eventLog, events, idempotencyKeys, producers, projects } from '../../../src/platform/database/tables.ts'
import { deleteOldIdempotencyKeys } from '../../../src/platform/idempotency.ts'
import { type Logger, silentLogger } from '../../../src/platform/logs/logger.ts'
import { deleteOldProducers } from '../../../src/producers/retention.ts'
import { describeOnBothDatabases } from '../../support/databases.ts'
import { addProducer, addStream } from '../../support/rows.ts'

const day = 86_400_000
const minute = 60_000

describe('the schedule', () => {
  const none = { CHECKPOINT: 0, VACUUM: 0, DELETE_OLD: 0 }

  test('nothing is due at the start; on PGlite all in time, on PostgreSQL only deleting', () => {
    expect(dueTasks('PGLITE', none, 5 * minute - 1)).toEqual([])
    expect(dueTasks('PGLITE', none, 5 * minute)).toEqual(['CHECKPOINT'])
    expect(dueTasks('PGLITE', none, day)).toEqual(['DELETE_OLD', 'VACUUM', 'CHECKPOINT'])
    expect(dueTasks('POSTGRESQL', none, day)).toEqual(['DELETE_OLD'])
  })

  test('looked at however often, each task runs as often as its interval says, give or take one look', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 2 * minute }), (lookMs) => {
        const last = { ...none }
        const runs = { ...none }
        const hours = 12 * 60 * minute
        for (let now = 0; now <= hours; now += lookMs) {
          for (const task of dueTasks('PGLITE', last, now)) {
            runs[task]++
            last[task] = now
          }
        }
        for (const task of ['CHECKPOINT', 'VACUUM', 'DELETE_OLD'] as const) {
          const { everyMs } = housekeepingTasks[task]
          expect(runs[task]).toBeLessThanOrEqual(hours / everyMs)
          expect(runs[task]).toBeGreaterThanOrEqual(Math.floor(hours / (everyMs + lookMs)))
        }
      }),
    )
  })

  test('a table is vacuumed for its dead rows and analysed for its changed ones, a quiet one for neither', () => {
    expect(
      tablesToVacuum([
        { name: 'quiet', rows: 1000, deadRows: 10, changedRows: 10 },
        { name: 'dead', rows: 1000, deadRows: 300, changedRows: 10 },
        { name: 'grown', rows: 1000, deadRows: 0, changedRows: 200 },
        { name: 'both', rows: 0, deadRows: 51, changedRows: 51 },
      ]),
    ).toEqual([
      { name: 'dead', vacuum: true, analyze: false },
      { name: 'grown', vacuum: false, analyze: true },
      { name: 'both', vacuum: true, analyze: true },
    ])
  })
})

test('the log is cut at the first event that has to stay', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 20 }), fc.nat(20), (agesDays, maxEvents) => {
      const now = new Date(100 * day)
      const oldest = agesDays.map((age, i) => ({ cursor: i + 1, at: new Date(now.getTime() - age * day) }))
      const last = lastToDelete(oldest, oldest.length, { maxAgeMs: 30 * day, maxEvents }, now)
      const mayGo = oldest.map(({ cursor }, i) => agesDays[i]! > 30 || oldest.length - cursor >= maxEvents)
      const cut = mayGo.indexOf(false)
      expect(last ?? 0).toBe(cut < 0 ? oldest.length : cut)
    }),
  )
})

describeOnBothDatabases('housekeeping', (database) => {
  beforeEach(async () => {
    await database().db.delete(events)
    await database().db.update(eventLog).set({ lastCursor: 0, firstCursor: 1 })
  })

  test('old events go in batches, the first cursor moves with them, unnumbered ones stay', async () => {
    const { db } = database()
    const some = (count: number) =>
      appendEvents(
        db,
        Array.from({ length: count }, (_, i) => ({
          type: 'node.stopped' as const,
          projectId: 'p',
          subjectId: `n${i}`,
          data: { name: 'n' },
        })),
      )
    await some(700)
    await numberEvents(db)
    await db.execute(sql`update ${events} set at = at - interval '31 days' where cursor <= 600`)
    await some(1)
    const retention = { maxAgeMs: 30 * day, maxEvents: 1000 }
    const now = new Date()
    expect(await deleteOldEvents(db, retention, now)).toBe(500)
    expect(await readLogBounds(db)).toEqual({ firstCursor: 501, lastCursor: 700 })
    expect(await deleteOldEvents(db, retention, now)).toBe(100)
    expect(await deleteOldEvents(db, retention, now)).toBe(0)
    expect(await readLogBounds(db)).toEqual({ firstCursor: 601, lastCursor: 700 })
    expect(await db.$count(events)).toBe(101)
    expect(await deleteOldEvents(db, { ...retention, maxEvents: 10 }, now)).toBe(90)
    await numberEvents(db)
    expect(await readLogBounds(db)).toEqual({ firstCursor: 691, lastCursor: 701 })
  })

  test('idempotency keys go after 24 h', async () => {
    const { db } = database()
    const now = Date.now()
    const key = (name: string, ageHours: number) => ({
      projectId: 'p',
      mutation: 'm',
      key: name,
      inputHash: '',
      resultId: '',
      createdAt: new Date(now - ageHours * 3_600_000),
    })
    await db.insert(idempotencyKeys).values([key('old', 25), key('young', 23)])
    expect(await deleteOldIdempotencyKeys(db, new Date(now))).toBe(1)
    expect((await db.select().from(idempotencyKeys)).map((row) => row.key)).toEqual(['young'])
  })

  test('of producers only those go that were closed long ago and whose stream is deleted', async () => {
    const { db } = database()
    await db.insert(projects).values({ id: 'p', name: 'p' })
    const longAgo = new Date(Date.now() - 31 * day)
    const live = await addStream(db, 'p')
    const deleted = await addStream(db, 'p', { deletedAt: longAgo })
    const stays = [
      await addProducer(db, live, { state: 'CLOSED', closedAt: longAgo }),
      await addProducer(db, deleted, { state: 'CLOSED', closedAt: new Date() }),
    ]
    await addProducer(db, deleted, { state: 'CLOSED', closedAt: longAgo })
    expect(await deleteOldProducers(db, new Date())).toBe(1)
    expect((await db.select().from(producers)).map((row) => row.id).sort()).toEqual(stays.map((row) => row.id).sort())
  })

  test('a task runs when it is due and no sooner; one that fails is logged and does not stop the next', async () => {
    const warnings: string[] = []
    const logger: Logger = { ...silentLogger, warn: (_context, message) => warnings.push(message) }
    let rows = 3
    const ran: Date[] = []
    const housekeeping = createHousekeeping({
      database: database(),
      logger,
      startedAt: 0,
      deleteOld: [
        async (now) => {
          ran.push(now)
          return rows-- > 0 ? 1 : 0
        },
        async () => {
          throw new Error('broken')
        },
      ],
    })
    await housekeeping.runDue(minute)
    expect(ran).toEqual([])
    const { statements } = await database().countStatements(() => housekeeping.runDue(20 * minute))
    expect(ran).toHaveLength(4)
    expect(warnings).toHaveLength(1)
    expect(statements.includes('checkpoint')).toBe(database().kind === 'PGLITE')
    await housekeeping.runDue(21 * minute)
    expect(ran).toHaveLength(4)
  })
})

describeOnBothDatabases('vacuum', (database) => {
  test('on PGlite dead rows are taken away; PostgreSQL is left to its autovacuum', async () => {
    const { db, kind } = database()
    await db.execute(
      sql`insert into ${events} (id, project_id, type) select 'e' || n, 'p', 'node.stopped' from generate_series(1, 2000) n`,
    )
    await numberEvents(db)
    await numberEvents(db)
    const housekeeping = createHousekeeping({ database: database(), logger: silentLogger, startedAt: 0, deleteOld: [] })
    const { statements } = await database().countStatements(() => housekeeping.runDue(day))
    expect(statements.filter((statement) => statement.startsWith('vacuum'))).toEqual(
      kind === 'PGLITE' ? ['vacuum (analyze) "events"'] : [],
    )
  })
})
