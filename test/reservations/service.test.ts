import { eq, inArray, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { Caller } from '../../src/caller.ts'
import { closeById } from '../../src/consumers/closing.ts'
import { newId } from '../../src/ids.ts'
import { consumers, events, places, projects, reservations, streams } from '../../src/platform/database/tables.ts'
import { countBySource, countReservations, countReservationsOfStreams } from '../../src/reservations/counts.ts'
import { endedAtOnce, expireReservations, releaseOfDeletedStreams } from '../../src/reservations/expiry.ts'
import type { Quotas } from '../../src/reservations/model.ts'
import { createRefusalCounts } from '../../src/reservations/refusals.ts'
import { deleteOldReservations } from '../../src/reservations/retention.ts'
import { createReservationService } from '../../src/reservations/service.ts'
import type { ReservationRow } from '../../src/reservations/types.ts'
import type { StreamRow } from '../../src/streams/types.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addConsumer, addStream } from '../support/rows.ts'

describeOnBothDatabases('reservations', (database) => {
  const projectId = newId('Project')
  const caller: Caller = { projectId, scopes: ['PLAY'], actor: { kind: 'API_KEY', name: 'player' } }
  const refusals = createRefusalCounts()
  let stream: StreamRow
  const db = () => database().db
  const service = () =>
    createReservationService({
      db: db(),
      closeSession: (_, id) => closeSession(id),
      refusals,
      eventsAppended: () => {},
    })
  const create = (values: object = {}, key?: string) =>
    service().create(caller, { streamId: stream.id, source: 'agency', holdSeconds: 60, ...values }, key)

  beforeAll(() => db().insert(projects).values({ id: projectId, name: 'Test' }))
  beforeEach(async () => {
    await db().delete(consumers)
    await db().delete(reservations)
    await db().delete(places)
    stream = await addStream(db(), projectId)
    await setQuotas({})
  })
  const setQuotas = (quotas: Quotas) => db().update(projects).set({ quotas }).where(eq(projects.id, projectId))
  const taken = async () => {
    const rows = await db().select().from(places)
    return Object.fromEntries(rows.map((row) => [`${row.scope} ${row.key}`, row.taken]))
  }
  const load = async (id: string) => (await db().select().from(reservations).where(eq(reservations.id, id)))[0]!
  const typesOf = async (id: string) => {
    const rows = await db().select().from(events).where(eq(events.subjectId, id)).orderBy(events.position)
    return rows.map(({ type }) => type)
  }
  /** Sits on it, as whoever opens a session does. */
  const sit = (row: ReservationRow) =>
    db().transaction(async (tx) => {
      await tx.update(reservations).set({ state: 'ACTIVE' }).where(eq(reservations.id, row.id))
      return addConsumer(tx, stream, { reservationId: row.id })
    })
  const closeSession = (id: string) => closeById(db(), [id], { reason: 'FORCED' })
  const letExpire = (...ids: string[]) =>
    db().update(reservations).set({ expiresAt: sql`now() - interval '1 second'` }).where(inArray(reservations.id, ids))

  test('one is held, with its place and its event, and released with both', async () => {
    const row = await create({ holder: ' Ann ' })
    expect(row).toMatchObject({ state: 'HELD', source: 'agency', holder: 'Ann', releasedAt: null })
    expect(row.expiresAt.getTime() - row.createdAt.getTime()).toBe(60_000)
    expect(await taken()).toEqual({
      [`CONSUMERS_OF_PROJECT ${projectId}`]: 1,
      [`CONSUMERS_OF_STREAM ${stream.id}`]: 1,
      [`RESERVATIONS_OF_PROJECT ${projectId}`]: 1,
      'CONSUMERS_OF_SOURCE agency': 1,
    })
    expect(await service().release(caller, row.id)).toMatchObject({ state: 'RELEASED', releasedAt: expect.any(Date) })
    expect(await service().release(caller, row.id)).toMatchObject({ state: 'RELEASED' })
    expect(Object.values(await taken())).toEqual([0, 0, 0, 0])
    expect(await typesOf(row.id)).toEqual(['reservation.created', 'reservation.released'])
  })

  test('releasing one in use closes the session on it', async () => {
    const row = await create()
    const session = await sit(row)
    expect(await service().release(caller, row.id)).toMatchObject({ state: 'RELEASED' })
    const [closed] = await db().select().from(consumers).where(eq(consumers.id, session.id))
    expect(closed).toMatchObject({ state: 'CLOSED', closeReason: 'FORCED' })
    expect(await typesOf(row.id)).toEqual(['reservation.created', 'reservation.released'])
    expect(Object.values(await taken())).toEqual([0, 0, 0, 0])
  })

  test('of thirty at once as many are held as the source may have, and each refusal says what there was', async () => {
    await setQuotas({ perSource: { agency: 7, '*': 1 }, maxReservations: 20 })
    const before = refusals.read().find(({ scope }) => scope === 'CONSUMERS_OF_SOURCE')!.count
    const results = await Promise.allSettled(Array.from({ length: 30 }, () => create()))
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(refused).toHaveLength(23)
    for (const reason of refused) {
      expect(reason).toMatchObject({ code: 'QUOTA_EXCEEDED', details: { needed: 1, available: 0 } })
    }
    expect(refusals.read().find(({ scope }) => scope === 'CONSUMERS_OF_SOURCE')!.count - before).toBe(23)
    expect(await db().$count(reservations)).toBe(7)
    await create({ source: 'other' })
    await expect(create({ source: 'other' })).rejects.toThrow('“other” (quota perSource): 1 of 1')
  })

  test('a key makes one, and another input under it is CONFLICT', async () => {
    const rows = await Promise.all(Array.from({ length: 5 }, () => create({}, 'once')))
    expect(new Set(rows.map(({ id }) => id)).size).toBe(1)
    expect((await taken())['CONSUMERS_OF_SOURCE agency']).toBe(1)
    await expect(create({ holdSeconds: 61 }, 'once')).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('a refusal leaves nothing behind, and its key may be used again', async () => {
    await setQuotas({ maxReservations: 0 })
    await expect(create({}, 'refused')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    expect(await db().$count(reservations)).toBe(0)
    await setQuotas({})
    expect(await create({}, 'refused')).toMatchObject({ state: 'HELD' })
  })

  test.each([
    [{ source: '' }, 'input.source'],
    [{ source: ' \t ' }, 'input.source'],
    [{ source: 'x'.repeat(101) }, 'input.source'],
    [{ source: '*' }, 'input.source'],
    [{ source: 'a\0b' }, 'input.source'],
    [{ source: 'a\ud800' }, 'input.source'],
    [{ holder: 'x'.repeat(201) }, 'input.holder'],
    [{ holder: 'a\nb' }, 'input.holder'],
    [{ holdSeconds: 0 }, 'input.holdSeconds'],
    [{ holdSeconds: -1 }, 'input.holdSeconds'],
    [{ holdSeconds: 1.5 }, 'input.holdSeconds'],
    [{ holdSeconds: Number.NaN }, 'input.holdSeconds'],
    [{ holdSeconds: 2_592_001 }, 'input.holdSeconds'],
    [{ streamId: 'producer_00000000000000000000000000' }, 'input.streamId'],
    [{ streamId: "'; drop table streams" }, 'input.streamId'],
  ])('input that is not acceptable is refused by its field: %j', async (values, path) => {
    await expect(create(values)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { fields: [{ path }] } })
    expect(await taken()).toEqual({})
  })

  test('who may not, and what is not there', async () => {
    const foreign: Caller = { ...caller, projectId: newId('Project') }
    const reader: Caller = { ...caller, scopes: ['READ'] }
    const stranger: Caller = { projectId, scopes: [], actor: { kind: 'ANONYMOUS' } }
    const row = await create()
    const input = { streamId: stream.id, source: 'agency', holdSeconds: 60 }
    await expect(service().create(reader, input)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(service().create(stranger, input)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await expect(service().create(foreign, input)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(service().release(foreign, row.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(service().extend(foreign, row.id, 5)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(service().release(caller, newId('Reservation'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await db().update(streams).set({ deletedAt: new Date() }).where(eq(streams.id, stream.id))
    await expect(create()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await load(row.id)).toMatchObject({ state: 'HELD' })
  })

  test('extended, its time runs from now; in use or over it can not be', async () => {
    const row = await create({ holdSeconds: 5 })
    const extended = await service().extend(caller, row.id, 3600)
    expect(extended.expiresAt.getTime()).toBeGreaterThan(row.expiresAt.getTime() + 3_000_000)
    await expect(service().extend(caller, row.id, 0)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    await letExpire(row.id)
    // Over by its time already, before the loop has seen it.
    await expect(service().extend(caller, row.id, 60)).rejects.toMatchObject({ code: 'INVALID_STATE' })
    const used = await create()
    await sit(used)
    await expect(service().extend(caller, used.id, 60)).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })

  test('nobody came: expired once by however many look, place and all, in one statement', async () => {
    const [gone, kept, used] = [await create(), await create(), await create()]
    await sit(used)
    await letExpire(gone.id, used.id)
    const { result, statements } = await database().countStatements(() => expireReservations(db()))
    expect([result, statements.length]).toEqual([1, 1])
    const again = await Promise.all([1, 2, 3].map(() => expireReservations(db())))
    expect(again).toEqual([0, 0, 0])
    expect((await load(gone.id)).state).toBe('EXPIRED')
    expect((await load(gone.id)).releasedAt).not.toBeNull()
    expect([(await load(kept.id)).state, (await load(used.id)).state]).toEqual(['HELD', 'ACTIVE'])
    expect(await typesOf(gone.id)).toEqual(['reservation.created', 'reservation.expired'])
    expect((await taken())['CONSUMERS_OF_SOURCE agency']).toBe(2)
    // Over is over: to release it changes nothing.
    expect(await service().release(caller, gone.id)).toMatchObject({ state: 'EXPIRED' })
    expect((await taken())['CONSUMERS_OF_SOURCE agency']).toBe(2)
  })

  test('hundreds of one time are ended in batches by several at once, each once', async () => {
    const all = endedAtOnce + 20
    await db()
      .insert(reservations)
      .values(
        Array.from({ length: all }, () => ({
          id: newId('Reservation'),
          projectId,
          streamId: stream.id,
          source: 'agency',
          state: 'HELD' as const,
          expiresAt: new Date(0),
        })),
      )
    await db()
      .insert(places)
      .values({ projectId, scope: 'CONSUMERS_OF_SOURCE', key: 'agency', taken: all + 3 })
    let ended = 0
    while (ended < all) {
      const counts = await Promise.all([expireReservations(db()), expireReservations(db())])
      ended += counts[0] + counts[1]
    }
    expect(ended).toBe(all)
    expect((await taken())['CONSUMERS_OF_SOURCE agency']).toBe(3)
    const told = await db().$count(events, eq(events.type, 'reservation.expired'))
    expect(told).toBeGreaterThanOrEqual(all)
  })

  test('those of a deleted stream are released', async () => {
    const row = await create()
    expect(await releaseOfDeletedStreams(db())).toBe(0)
    await db().update(streams).set({ deletedAt: new Date() }).where(eq(streams.id, stream.id))
    expect(await releaseOfDeletedStreams(db())).toBe(1)
    expect((await load(row.id)).state).toBe('RELEASED')
    expect((await taken())['CONSUMERS_OF_SOURCE agency']).toBe(0)
  })

  test('they are counted by stream, project and source, ended ones not', async () => {
    const other = await addStream(db(), projectId)
    await create()
    await sit(await create())
    await create({ source: 'site' })
    await create({ source: 'site', streamId: other.id })
    await service().release(caller, (await create()).id)
    expect(await countReservations(db(), projectId)).toEqual({
      total: 4,
      active: 1,
      bySource: [
        { source: 'agency', total: 2, active: 1 },
        { source: 'site', total: 2, active: 0 },
      ],
    })
    const empty = await addStream(db(), projectId)
    const byStream = await countReservationsOfStreams(db(), projectId, [stream.id, other.id, empty.id])
    expect(byStream.get(stream.id)).toMatchObject({ total: 3, active: 1 })
    expect(byStream.get(other.id)).toEqual({
      total: 1,
      active: 0,
      bySource: [{ source: 'site', total: 1, active: 0 }],
    })
    expect(byStream.has(empty.id)).toBe(false)
    expect(await countReservations(db(), newId('Project'))).toMatchObject({ total: 0, bySource: [] })
    const metric = await countBySource(db())
    expect(metric.sort((a, b) => (a.source < b.source ? -1 : 1))).toEqual([
      { source: 'agency', held: 1, active: 1 },
      { source: 'site', held: 2, active: 0 },
    ])
  })

  test('of more than a hundred sources the largest are named and the rest are one', async () => {
    const rows = Array.from({ length: 130 }, (_, index) => ({
      id: newId('Reservation'),
      projectId,
      streamId: stream.id,
      source: `source ${index}`,
      state: index % 2 === 0 ? ('HELD' as const) : ('ACTIVE' as const),
      expiresAt: new Date(Date.now() + 60_000),
    }))
    await db().insert(reservations).values(rows)
    await create({ source: 'source 7' })
    const metric = await countBySource(db())
    expect(metric).toHaveLength(101)
    expect(metric.find(({ source }) => source === 'other')).toMatchObject({ source: 'other' })
    expect(metric.reduce((sum, { held, active }) => sum + held + active, 0)).toBe(131)
    const counts = await countReservations(db(), projectId)
    expect(counts.bySource).toHaveLength(100)
    expect(counts.bySource[0]).toEqual({ source: 'source 7', total: 2, active: 1 })
    expect(counts).toMatchObject({ total: 131, active: 65 })
  })

  test('a month after their end they go', async () => {
    const row = await create()
    await service().release(caller, row.id)
    await create()
    const now = Date.now()
    expect(await deleteOldReservations(db(), new Date(now + 29 * 86_400_000))).toBe(0)
    expect(await deleteOldReservations(db(), new Date(now + 31 * 86_400_000))).toBe(1)
    expect(await db().$count(reservations)).toBe(1)
  })

  test('any history of them leaves the places that are in use', async () => {
    const step = fc.constantFrom('create', 'release', 'expire', 'sit', 'stand')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ step, at: fc.nat(), source: fc.constantFrom('a', 'b') }), { maxLength: 15 }),
        async (steps) => {
          await db().delete(consumers)
          await db().delete(reservations)
          await db().delete(places)
          await setQuotas({ maxReservations: 4, perSource: { a: 2 } })
          for (const { step, at, source } of steps) {
            const open = await db()
              .select()
              .from(reservations)
              .where(inArray(reservations.state, ['HELD', 'ACTIVE']))
              .orderBy(reservations.id)
            const row = open[at % Math.max(1, open.length)]
            if (step === 'create') {
              const full =
                open.length >= 4 || (source === 'a' && open.filter((each) => each.source === 'a').length >= 2)
              const made = await create({ source }).catch((error: { code: string }) => error.code)
              expect(made === 'QUOTA_EXCEEDED').toBe(full)
            } else if (!row) continue
            else if (step === 'release') await service().release(caller, row.id)
            else if (step === 'expire') {
              await letExpire(row.id)
              await expireReservations(db())
            } else if (step === 'sit' && row.state === 'HELD') await sit(row)
            else if (step === 'stand' && row.state === 'ACTIVE') {
              const [session] = await db().select().from(consumers).where(eq(consumers.reservationId, row.id))
              await closeSession(session!.id)
            }
          }
          const { total } = await countReservations(db(), projectId)
          expect((await taken())[`RESERVATIONS_OF_PROJECT ${projectId}`] ?? 0).toBe(total)
          expect((await taken())[`CONSUMERS_OF_STREAM ${stream.id}`] ?? 0).toBe(total)
        },
      ),
      { numRuns: 15 },
    )
  })
})
