import { eq, inArray } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { closeById } from '../../src/consumers/closing.ts'
import { Sweep } from '../../src/consumers/sweep.ts'
import { newId } from '../../src/ids.ts'
import { takePlaces } from '../../src/places/store.ts'
import { consumers, reservations } from '../../src/platform/database/tables.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addReservation, addWatchedStream, bookkeeping, letPass, openRow } from '../support/session-rows.ts'

describeOnBothDatabases('opening and closing', (database) => {
  it('opens a session with its sign of life, its place and its event, and takes all of it back when it closes', async () => {
    const { db } = database()
    const { projectId, stream, node } = await addWatchedStream(db)
    const { consumer } = await openRow(db, projectId, stream.id, { source: 'agency' })
    expect(consumer).toMatchObject({ state: 'NEW', incarnation: 1, mediaNodeId: node.id, source: 'agency' })
    const opened = await bookkeeping(db, projectId)
    expect(opened).toMatchObject({ open: [consumer.id], heard: [consumer.id] })
    expect(opened.taken).toEqual({
      [`CONSUMERS_OF_PROJECT ${projectId}`]: 1,
      'CONSUMERS_OF_SOURCE agency': 1,
      [`CONSUMERS_OF_STREAM ${stream.id}`]: 1,
    })
    expect(opened.told(consumer.id)).toMatchObject([
      {
        type: 'consumer.opened',
        actor: { kind: 'SYSTEM' },
        data: { streamId: stream.id, clientId: 'player', source: 'agency', protocol: 'MEDIASOUP' },
      },
    ])

    const closing = { reason: 'FORCED', message: 'Good “night”', actor: { kind: 'API_KEY', name: 'door' } } as const
    const [closed, ...more] = await closeById(db, [consumer.id], closing)
    expect(more).toEqual([])
    expect(closed).toMatchObject({
      id: consumer.id,
      projectId,
      streamId: stream.id,
      mediaNodeId: node.id,
      incarnation: 1,
      reason: 'FORCED',
      message: 'Good “night”',
    })
    const after = await bookkeeping(db, projectId)
    expect(after).toMatchObject({ open: [], heard: [], taken: {} })
    expect(after.rows).toMatchObject([{ state: 'CLOSED', closeReason: 'FORCED', closeMessage: 'Good “night”' }])
    expect(after.told(consumer.id)[1]).toMatchObject({
      type: 'consumer.closed',
      actor: { kind: 'API_KEY', name: 'door' },
      data: { reason: 'FORCED', message: 'Good “night”', sessionSeconds: expect.any(Number), clientId: 'player' },
    })
    expect(await closeById(db, [consumer.id], { reason: 'CLIENT' })).toEqual([])
  })

  it('a session sits on the place of its reservation, and releases it when it closes', async () => {
    const { db } = database()
    const { projectId, stream } = await addWatchedStream(db, { maxConsumers: 1 })
    const limits = { maxConsumersOfStream: 1, quotas: {} }
    const { id: reservationId } = await addReservation(db, projectId, stream.id)
    const held = { projectId, streamId: stream.id, source: 'agency', reserved: true }
    await db.transaction((tx) => takePlaces(tx, held, limits))
    await expect(openRow(db, projectId, stream.id)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })

    const { consumer } = await openRow(db, projectId, stream.id, { reservationId })
    expect(consumer).toMatchObject({ source: 'agency', reservationId })
    const again = await openRow(db, projectId, stream.id, { reservationId })
    expect(again.replaced).toMatchObject([{ id: consumer.id, reason: 'REPLACED' }])
    const { open, taken, told } = await bookkeeping(db, projectId)
    expect(open).toEqual([again.consumer.id])
    expect(taken).toMatchObject({ [`CONSUMERS_OF_STREAM ${stream.id}`]: 1 })
    expect(told(reservationId).map(({ type }) => type)).toEqual(['reservation.activated', 'reservation.activated'])

    await closeById(db, [again.consumer.id], { reason: 'CLIENT' })
    const after = await bookkeeping(db, projectId)
    expect(after).toMatchObject({ open: [], heard: [], taken: {} })
    const [reservation] = await db.select().from(reservations).where(eq(reservations.id, reservationId))
    expect(reservation).toMatchObject({ state: 'RELEASED', releasedAt: expect.any(Date) })
    expect(after.told(reservationId).at(-1)).toMatchObject({
      type: 'reservation.released',
      data: { streamId: stream.id, source: 'agency' },
    })
    await expect(openRow(db, projectId, stream.id, { reservationId })).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })

  it('refuses a reservation that is not there, or is another’s', async () => {
    const { db } = database()
    const { projectId, stream } = await addWatchedStream(db)
    const other = await addWatchedStream(db)
    const { id } = await addReservation(db, other.projectId, other.stream.id)
    for (const reservationId of [id, newId('Reservation')]) {
      await expect(openRow(db, projectId, stream.id, { reservationId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
    const { open } = await bookkeeping(db, projectId)
    expect(open).toEqual([])
  })
})

describeOnBothDatabases('the sweep', (database) => {
  function sweepOf(timeoutMs = 60_000, db = database().db) {
    const clock = { monotonic: 0, stalledUntil: 0, slowByMs: 0 }
    const closed: string[] = []
    const sweep = new Sweep({
      db,
      timeoutMs,
      stalledUntil: () => clock.stalledUntil,
      // A clock that goes on by so much with each look at it.
      monotonic: () => (clock.monotonic += clock.slowByMs),
      closed: (sessions) => closed.push(...sessions.map(({ id }) => id)),
    })
    return { clock, sweep, closed }
  }

  it('closes who was not heard of, in one statement, and nobody else', async () => {
    const { db, countStatements } = database()
    const { projectId, stream } = await addWatchedStream(db)
    const { sweep, clock, closed } = sweepOf()
    clock.monotonic = 60_000
    const gone = await openRow(db, projectId, stream.id)
    const there = await openRow(db, projectId, stream.id)
    await sweep.run()
    await letPass(db, 59_000)
    expect(await sweep.run()).toBe(0)
    await letPass(db, 2000, gone.consumer.id)
    const { result, statements } = await countStatements(() => sweep.run())
    expect(result).toBe(1)
    expect(statements).toHaveLength(1)
    expect(closed).toEqual([gone.consumer.id])
    expect(await bookkeeping(db, projectId)).toMatchObject({ open: [there.consumer.id], heard: [there.consumer.id] })
    const [row] = await db.select().from(consumers).where(eq(consumers.id, gone.consumer.id))
    expect(row).toMatchObject({ closeReason: 'HEARTBEAT_TIMEOUT' })
  })

  it('nobody is closed within a timeout of the start, of a stall, or of an outage of the database', async () => {
    const { db } = database()
    const { projectId, stream } = await addWatchedStream(db)
    const { consumer } = await openRow(db, projectId, stream.id)
    const faulty = { now: false }
    const failing = new Proxy(db, {
      get(target, name) {
        if (faulty.now && name === 'execute') throw new Error('away')
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const { sweep, clock, closed } = sweepOf(60_000, failing)
    await letPass(db, 3_600_000)
    const closesAfter = async (what: string) => {
      clock.monotonic += 59_000
      expect([what, await sweep.run()]).toEqual([what, 0])
      clock.monotonic += 1001
    }
    await closesAfter('the start')
    clock.stalledUntil = 5
    expect(await sweep.run()).toBe(0)
    await closesAfter('a stall')
    faulty.now = true
    await expect(sweep.run()).rejects.toThrow('away')
    faulty.now = false
    await closesAfter('an outage')
    clock.slowByMs = 4000
    await sweep.run()
    clock.slowByMs = 0
    expect(closed).toContain(consumer.id)
    const late = await openRow(db, projectId, stream.id)
    await letPass(db, 3_600_000)
    await closesAfter('a slow answer')
    await sweep.run()
    expect(closed).toContain(late.consumer.id)
  })

  it('a statement that the database carries out late closes nobody who was heard of when it was sent', async () => {
    const { db } = database()
    const { projectId, stream } = await addWatchedStream(db)
    const { consumer } = await openRow(db, projectId, stream.id)
    const { sweep, clock } = sweepOf()
    clock.monotonic = 60_000
    await sweep.run()
    await letPass(db, 30_000)
    // The database's clock has gone on by more than ours since the look before.
    await letPass(db, 25_000)
    expect(await sweep.run()).toBe(0)
    clock.monotonic += 4000
    expect(await sweep.run()).toBe(0)
    clock.monotonic += 2000
    expect(await sweep.run()).toBe(1)
    expect((await bookkeeping(db, projectId)).rows).toMatchObject([{ id: consumer.id, state: 'CLOSED' }])
  })

  it('closes a crowd at once, and each for its reason', async () => {
    const { db } = database()
    const { projectId, stream, node } = await addWatchedStream(db)
    const crowd = await Promise.all(Array.from({ length: 70 }, () => openRow(db, projectId, stream.id)))
    const [lost, failed, silent] = crowd.map(({ consumer }) => consumer.id)
    const whep = await openRow(db, projectId, stream.id, { protocol: 'WHEP' })
    await db
      .update(consumers)
      .set({ state: 'STALE' })
      .where(inArray(consumers.id, [failed!, whep.consumer.id]))
    await db.update(consumers).set({ state: 'STALE', mediaNodeId: null }).where(eq(consumers.id, lost!))
    const { sweep, clock, closed } = sweepOf()
    clock.monotonic = 60_000
    await letPass(db, 61_000)
    await sweep.run()
    expect(closed).toEqual(expect.arrayContaining([...crowd.map(({ consumer }) => consumer.id), whep.consumer.id]))
    const { rows, taken } = await bookkeeping(db, projectId)
    expect(taken).toEqual({})
    const reasonOf = (id: string) => rows.find((row) => row.id === id)?.closeReason
    expect([lost!, failed!, silent!, whep.consumer.id].map(reasonOf)).toEqual([
      'NODE_LOST',
      'HEARTBEAT_TIMEOUT',
      'HEARTBEAT_TIMEOUT',
      'TRANSPORT_FAILED',
    ])
    expect(rows.every((row) => row.mediaNodeId === node.id || row.id === lost)).toBe(true)
  })
})
