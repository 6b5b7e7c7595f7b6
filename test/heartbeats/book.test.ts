import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { CloseReason } from '../../src/consumers/model.ts'
import { createSessionBook } from '../../src/heartbeats/book.ts'
import { createHeartbeatStore, type HeartbeatStore } from '../../src/heartbeats/store.ts'
import type { SessionBook } from '../../src/heartbeats/types.ts'
import { newId } from '../../src/ids.ts'
import type { Bus } from '../../src/platform/bus/bus.ts'
import { createInProcessBus } from '../../src/platform/bus/in-process.ts'
import { consumers, heartbeats, projects } from '../../src/platform/database/tables.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { addStream } from '../support/rows.ts'
import { addConsumer } from '../support/sessions.ts'
import { until } from '../support/until.ts'

describeOnBothDatabases('the book of sessions', (database) => {
  const projectId = newId('Project')
  let stream: { id: string; projectId: string }
  let bus: Bus
  let book: SessionBook
  /** What the store was asked, and what a test does to it. */
  let reads: string[][]
  let writes: string[][]
  let away: Error | null
  /** What was found is told when this resolves. */
  let held: Promise<void> | null

  beforeEach(async () => {
    const { db } = database()
    await db.insert(projects).values({ id: projectId, name: 'Test' }).onConflictDoNothing()
    stream = await addStream(db, projectId)
    bus = createInProcessBus(silentLogger)
    reads = []
    writes = []
    away = null
    held = null
    const store = createHeartbeatStore(db)
    const watched: HeartbeatStore = {
      async find(ids) {
        reads.push([...ids])
        if (away) throw away
        const found = await store.find(ids)
        await held
        return found
      },
      async write(beats) {
        writes.push(beats.map(({ consumerId }) => consumerId))
        if (away) throw away
        return store.write(beats)
      },
    }
    book = createSessionBook({ store: watched, bus, logger: silentLogger, now: () => performance.now() })
  })
  afterEach(async () => {
    away = null
    await book.stop()
    await bus.close()
  })

  const rowOf = async (id: string) =>
    (await database().db.select().from(heartbeats).where(eq(heartbeats.consumerId, id)))[0]
  /** It is written as it was told, by the database's clock: as long ago as it was, and no longer than a statement may take. */
  const isWritten = async (id: string, at: number) => {
    const toldMs = (await rowOf(id))?.at?.getTime() ?? 0
    return toldMs >= at - 2 && toldMs < at + 10_000
  }
  const written = (id: string, at: number) => until('it is written', () => isWritten(id, at))
  /** A session that was opened an hour ago and has not been heard of since. */
  async function silentSession(): Promise<string> {
    const { db } = database()
    const { id } = await addConsumer(db, stream)
    await db
      .update(heartbeats)
      .set({ at: new Date(Date.now() - 3_600_000) })
      .where(eq(heartbeats.consumerId, id))
    return id
  }

  /** As another node closes a session. */
  async function closeElsewhere(id: string, closeReason: CloseReason = 'FORCED', closeMessage: string | null = null) {
    const { db } = database()
    await db.update(consumers).set({ state: 'CLOSED', closeReason, closeMessage }).where(eq(consumers.id, id))
    await db.delete(heartbeats).where(eq(heartbeats.consumerId, id))
  }

  it('tells without a sign of life too, and what a bus has said of it', async () => {
    const { id } = await addConsumer(database().db, stream)
    const before = (await rowOf(id))?.at
    expect(await book.look(projectId, id)).toEqual({ state: 'OPEN' })
    expect(book.look(projectId, id)).toEqual({ state: 'OPEN' })
    expect(book.look(newId('Project'), id)).toEqual({ state: 'UNKNOWN' })
    expect([reads, writes, (await rowOf(id))?.at]).toEqual([[[id]], [], before])
    await closeElsewhere(id, 'FORCED', 'Bye.')
    bus.publish('consumers', id)
    const closed = { state: 'CLOSED', reason: 'FORCED', message: 'Bye.' }
    await eventually(() => expect(book.look(projectId, id)).toEqual(closed))
  })

  it('looks a session up once and writes its newest sign of life, with statistics kept where none came', async () => {
    const id = await silentSession()
    const at = Date.now() - 60_000
    const results = await Promise.all([0, 1, 2].map((i) => book.beat(projectId, id, at + i, null)))
    expect(results).toEqual([{ state: 'OPEN' }, { state: 'OPEN' }, { state: 'OPEN' }])
    expect(reads).toEqual([[id]])
    expect(book.beat(projectId, id, at + 20_000, { framesDecoded: 7, jitterMs: 1.5 })).toEqual({ state: 'OPEN' })
    await written(id, at + 20_000)
    expect(await rowOf(id)).toMatchObject({ stats: { framesDecoded: 7, jitterMs: 1.5 } })
    book.beat(projectId, id, at + 40_000, null)
    await written(id, at + 40_000)
    expect(await rowOf(id)).toMatchObject({ stats: { framesDecoded: 7, jitterMs: 1.5 } })
    expect(reads).toHaveLength(1)
  })

  it('never moves a sign of life backwards, and gives one to a session that had none', async () => {
    const { db } = database()
    const at = Date.now()
    const { id } = await addConsumer(db, stream)
    const { id: whep } = await addConsumer(db, stream)
    await db
      .update(heartbeats)
      .set({ at: new Date(at + 60_000) })
      .where(eq(heartbeats.consumerId, id))
    await db.update(heartbeats).set({ at: null }).where(eq(heartbeats.consumerId, whep))
    await Promise.all([book.beat(projectId, id, at, { freezeCount: 1 }), book.beat(projectId, whep, at, null)])
    await written(whep, at)
    expect((await rowOf(id))?.at?.getTime()).toBe(at + 60_000)
    expect(await rowOf(id)).toMatchObject({ stats: { freezeCount: 1 } })
  })

  it("tells closed from unknown, and another project's from neither", async () => {
    const closed = await addConsumer(database().db, stream, {
      state: 'CLOSED',
      closeReason: 'FORCED',
      closeMessage: 'The meeting is over.',
    })
    const { id } = await addConsumer(database().db, stream)
    const missing = newId('Consumer')
    const now = Date.now()
    for (let i = 0; i < 2; i++) {
      expect(await book.beat(projectId, closed.id, now, null)).toEqual({
        state: 'CLOSED',
        reason: 'FORCED',
        message: 'The meeting is over.',
      })
      for (const [project, unknown] of [
        [projectId, missing],
        [newId('Project'), id],
        [newId('Project'), closed.id],
      ] as const)
        expect(await book.beat(project, unknown, now, null)).toEqual({ state: 'UNKNOWN' })
    }
    // What can be no session's id, and what was asked for already, is not looked up.
    for (const id of ['', 'x', newId('Stream'), `${missing}'`])
      expect(book.beat(projectId, id, now, null)).toEqual({ state: 'UNKNOWN' })
    expect(reads.flat().sort()).toEqual([closed.id, id, missing].sort())
  })

  it('looks many up in few statements', async () => {
    const ids = Array.from({ length: 2500 }, () => newId('Consumer'))
    await Promise.all(ids.map((id) => book.beat(projectId, id, Date.now(), null)))
    expect(reads.map((list) => list.length)).toEqual([1000, 1000, 500])
  })

  it('refuses look-ups beyond its bound, and answers those that wait', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 10_050 }, () => book.beat(projectId, newId('Consumer'), Date.now(), null)),
    )
    const refused = results.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(50)
    expect(refused[0]).toMatchObject({ reason: { code: 'UNAVAILABLE' } })
  })

  it('knows at once what is opened and closed here', async () => {
    const { id } = await addConsumer(database().db, stream)
    book.opened(projectId, id)
    expect(book.beat(projectId, id, Date.now(), null)).toEqual({ state: 'OPEN' })
    expect(book.size).toBe(1)
    await closeElsewhere(id)
    book.closed(projectId, id, 'FORCED', 'Bye.')
    expect(book.beat(projectId, id, Date.now(), null)).toEqual({ state: 'CLOSED', reason: 'FORCED', message: 'Bye.' })
    expect(book.size).toBe(0)
  })

  it('keeps what was opened or closed here while a look-up that had read otherwise is under way', async () => {
    const { db } = database()
    const { id: late } = await addConsumer(db, stream)
    const first = Promise.withResolvers<void>()
    held = first.promise
    const asked = book.beat(projectId, late, Date.now(), null)
    await until('it is being looked up', () => reads.flat().includes(late))
    await closeElsewhere(late, 'CLIENT')
    book.closed(projectId, late, 'CLIENT', null)
    first.resolve()
    expect(await asked).toMatchObject({ state: 'CLOSED', reason: 'CLIENT' })

    const id = newId('Consumer')
    const gate = Promise.withResolvers<void>()
    held = gate.promise
    const early = book.beat(projectId, id, Date.now(), null)
    await until('it is being looked up', () => reads.flat().includes(id))
    await addConsumer(database().db, stream, { id })
    book.opened(projectId, id)
    gate.resolve()
    expect(await early).toEqual({ state: 'OPEN' })
  })

  it('learns by the bus what is closed elsewhere', async () => {
    const { id } = await addConsumer(database().db, stream)
    await book.beat(projectId, id, Date.now(), null)
    await closeElsewhere(id, 'STREAM_STOPPED')
    bus.publish('consumers', id)
    const closed = await until('it is known', async () => {
      const result = await book.beat(projectId, id, Date.now(), null)
      return result.state === 'CLOSED' && result
    })
    expect(closed).toMatchObject({ reason: 'STREAM_STOPPED' })
  })

  it('learns from a flush that finds no row what the bus has lost', async () => {
    const { id } = await addConsumer(database().db, stream)
    await book.beat(projectId, id, Date.now(), null)
    await closeElsewhere(id, 'HEARTBEAT_TIMEOUT', 'Not heard of for 60 s.')
    await until('it is known', () => book.size === 0)
    expect(book.beat(projectId, id, Date.now(), null)).toEqual({
      state: 'CLOSED',
      reason: 'HEARTBEAT_TIMEOUT',
      message: 'Not heard of for 60 s.',
    })
  })

  it('keeps the newest of each session while the database is away, and writes it then', async () => {
    const ids: string[] = []
    for (let i = 0; i < 3; i++) ids.push(await silentSession())
    const at = Date.now() - 120_000
    for (const id of ids) await book.beat(projectId, id, at, { framesDecoded: 1 })
    away = new Error('away')
    await eventually(() => expect(writes.length).toBeGreaterThan(0))
    for (let i = 1; i <= 100; i++)
      for (const id of ids) expect(book.beat(projectId, id, at + 1000 * i, null)).toEqual({ state: 'OPEN' })
    const tried = writes.length
    await eventually(() => expect(writes.length).toBeGreaterThan(tried))
    expect(writes.at(-1)!.toSorted()).toEqual(ids.toSorted())
    await expect(book.beat(projectId, newId('Consumer'), at, null)).rejects.toThrow('away')
    away = null
    for (const id of ids) await written(id, at + 100_000)
    expect(await rowOf(ids[0]!)).toMatchObject({ stats: { framesDecoded: 1 } })
  })

  it('writes what waits when it stops', async () => {
    const id = await silentSession()
    const at = Date.now() - 60_000
    await book.beat(projectId, id, at, null)
    await book.stop()
    expect(await isWritten(id, at)).toBe(true)
  })

  it('goes by the clock of the database, not by its own', async () => {
    const id = await silentSession()
    const wrongByMs = 3_600_000
    const store = createHeartbeatStore(database().db, () => Date.now() - wrongByMs)
    await store.write([{ consumerId: id, at: Date.now() - wrongByMs, stats: null }])
    expect((await rowOf(id))!.at!.getTime()).toBeGreaterThan(Date.now() - 60_000)
  })
})
