import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeOne } from '../../src/audit/allowance.ts'
import { type AuditEntry, auditEvent, maxSubjects } from '../../src/audit/model.ts'
import { type AuditTrail, cheapAllowance, createAuditTrail, maxWaiting } from '../../src/audit/trail.ts'
import { newId } from '../../src/ids.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { events } from '../../src/platform/database/tables.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { openTestPglite, type TestDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'

const entry = (values: Partial<AuditEntry> = {}): AuditEntry => ({
  projectId: 'project',
  actor: { kind: 'API_KEY', name: 'a key', address: '192.0.2.1' },
  mutation: 'startStream',
  result: 'OK',
  subjectIds: [],
  transport: 'HTTP',
  requestId: 'request',
  ...values,
})

let database: TestDatabase
let away = false
let now = Date.parse('2026-03-02T00:00:00Z')
let trail: AuditTrail
let logged: string[] = []
let appended = 0

beforeEach(async () => {
  database = await openTestPglite()
  away = false
  logged = []
  appended = 0
  // What a database that is away answers with is the driver's word; all else is the real one's.
  const db = new Proxy(database.db, {
    get(target, name) {
      if (away && name === 'insert') throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
      const member = Reflect.get(target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  }) as Database
  trail = createAuditTrail({
    db,
    logger: { ...silentLogger, warn: (_context, message) => logged.push(message) },
    eventsAppended: () => {
      appended += 1
    },
    now: () => now,
    retryMs: 5,
  })
})
afterEach(async () => {
  await trail.stop()
  await database.close()
})

const written = async () =>
  (await database.db.select().from(events).orderBy(events.position)).map(({ at, data }) => ({
    at: at.getTime(),
    requestId: data.requestId,
  }))

test('the entries of a request are there, in one statement, before its answer leaves', async () => {
  const entries = [entry({ mutation: 'startStream' }), entry({ mutation: 'stopStream' })]
  const { statements } = await database.countStatements(() => trail.write(entries))
  expect(statements).toHaveLength(1)
  const rows = await database.db.select().from(events)
  expect(rows.map(({ type, subjectId, actor, data }) => [type, subjectId, actor?.address, data.mutation])).toEqual([
    ['audit.mutation', 'project', '192.0.2.1', 'startStream'],
    ['audit.mutation', 'project', '192.0.2.1', 'stopStream'],
  ])
  expect(appended).toBe(1)
})

test('while the database is away they wait, and come in their order with their times when it is back', async () => {
  away = true
  const startedAt = now
  for (let request = 0; request < 5; request++) {
    await trail.write([entry({ requestId: `${request}` })])
    now += 1000
  }
  expect(await written()).toEqual([])
  away = false
  await trail.write([entry({ requestId: '5' })])
  await eventually(async () => expect(await written()).toHaveLength(6))
  expect(await written()).toEqual(
    Array.from({ length: 6 }, (_, request) => ({ at: startedAt + request * 1000, requestId: `${request}` })),
  )
})

test('so many wait and no more; each is told in the log of the process, and the end writes what it can', async () => {
  away = true
  for (let request = 0; request < maxWaiting + 3; request++) await trail.write([entry()])
  expect(logged.filter((message) => message.includes('too many'))).toHaveLength(3)
  expect(logged.filter((message) => message.includes('waits for the database'))).toHaveLength(maxWaiting)
  away = false
  await trail.stop()
  expect(await written()).toHaveLength(maxWaiting)
})

test('refusals that cost their callers nothing have an allowance; those of keys have none', async () => {
  const cheap = entry({ actor: { kind: 'ANONYMOUS' }, result: 'UNAUTHENTICATED' })
  const count = cheapAllowance.most + 20
  for (let request = 0; request < count; request++) {
    await trail.write([cheap])
    await trail.write([entry({ result: 'FORBIDDEN' })])
  }
  expect(await written()).toHaveLength(cheapAllowance.most + count)
  now += cheapAllowance.everyMs
  await trail.write([cheap])
  expect(await written()).toHaveLength(cheapAllowance.most + count + 1)
  expect(logged).toEqual(['refused mutations were too many to be put into the event log'])
})

test('an allowance never gives more than it holds and gains', () => {
  const bucket = { most: 10, everyMs: 100 }
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 200 }), (waits) => {
      let state = { left: bucket.most, at: 0 }
      let given = 0
      let at = 0
      for (const wait of waits) {
        at += wait
        const taken = takeOne(state, at, bucket)
        state = taken.after
        if (taken.given) given += 1
      }
      return given <= bucket.most + at / bucket.everyMs && (given === waits.length || state.left < bucket.most)
    }),
  )
})

test('an event names each id once, and no more than its bound', () => {
  const ids = Array.from({ length: 30 }, () => newId('Stream'))
  const { data } = auditEvent(entry({ subjectIds: [ids[0]!, ...ids] }))
  expect(data).toMatchObject({ subjectIds: ids.slice(0, maxSubjects) })
})
