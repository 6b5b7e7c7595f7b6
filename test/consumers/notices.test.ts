import { eq } from 'drizzle-orm'
import { expect, it, test } from 'vitest'
import { sessionsOfStreamsLost } from '../../src/consumers/lost.ts'
import type { SessionNotice } from '../../src/consumers/media.ts'
import { maxWaiting, Notices } from '../../src/consumers/notices.ts'
import { saveNotices } from '../../src/consumers/notices-store.ts'
import { consumers, heartbeats } from '../../src/platform/database/tables.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addWatchedStream, bookkeeping, openRow } from '../support/session-rows.ts'

const said = (consumerId: string, what: SessionNotice['what'], incarnation = 1): SessionNotice => ({
  consumerId,
  incarnation,
  what,
  at: 0,
})

test('notices are written in their order, in batches, and again after a failure', async () => {
  const saved: string[][] = []
  let failures = 1
  const notices = new Notices({
    async save(batch) {
      if (failures-- > 0) throw new Error('away')
      saved.push(batch.map(({ consumerId }) => consumerId))
      return { changed: [], closed: [] }
    },
    saved: () => {},
    logger: silentLogger,
  })
  const ids = Array.from({ length: 1200 }, (_, index) => `consumer_${index}`)
  for (const id of ids) notices.take(said(id, 'CONNECTED'))
  await notices.settle()
  while (saved.flat().length < ids.length) await notices.settle()
  expect(saved.map((batch) => batch.length)).toEqual([500, 500, 200])
  expect(saved.flat()).toEqual(ids)
  await notices.stop()
})

test('what waits is bounded', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let count = 0
  const notices = new Notices({
    async save(batch) {
      await promise
      count += batch.length
      return { changed: [], closed: [] }
    },
    saved: () => {},
    logger: silentLogger,
  })
  for (let index = 0; index < maxWaiting + 10; index++) notices.take(said(`consumer_${index}`, 'PAUSED'))
  expect(notices.dropped).toBe(10)
  resolve()
  await notices.stop()
  expect(count).toBe(maxWaiting)
})

describeOnBothDatabases('what is noticed of sessions', (database) => {
  it('a session by WHEP lives by its connection while it has one; without it, it has a timeout to come again', async () => {
    const { db } = database()
    const { projectId, stream, node } = await addWatchedStream(db)
    const { consumer } = await openRow(db, projectId, stream.id, { protocol: 'WHEP' })
    const sign = async () => (await db.select().from(heartbeats).where(eq(heartbeats.consumerId, consumer.id)))[0]!.at
    expect(await sign()).toEqual(expect.any(Date))
    const save = (...what: SessionNotice['what'][]) =>
      saveNotices(
        db,
        node.id,
        what.map((each) => said(consumer.id, each)),
      )
    expect(await save('CONNECTED')).toEqual({ changed: [consumer.id], closed: [] })
    expect(await sign()).toBeNull()
    await save('DISCONNECTED')
    expect(await sign()).toEqual(expect.any(Date))
    const { closed } = await save('CONNECTED', 'ENDED')
    expect(closed).toMatchObject([{ id: consumer.id, reason: 'CLIENT' }])
    expect(await bookkeeping(db, projectId)).toMatchObject({ open: [], heard: [], taken: {} })
  })

  it('a node that takes a dead one’s streams calls the sessions there STALE; what the dead one still says is too late', async () => {
    const { db } = database()
    const { projectId, stream, node } = await addWatchedStream(db)
    const { consumer } = await openRow(db, projectId, stream.id)
    const hls = await openRow(db, projectId, stream.id, { protocol: 'HLS' })
    expect(await db.transaction((tx) => sessionsOfStreamsLost(tx, [stream.id]))).toEqual([consumer.id])
    const stateOf = async (id: string) => (await db.select().from(consumers).where(eq(consumers.id, id)))[0]!.state
    expect([await stateOf(consumer.id), await stateOf(hls.consumer.id)]).toEqual(['STALE', 'NEW'])
    expect(await saveNotices(db, node.id, [said(consumer.id, 'ENDED')])).toEqual({ changed: [], closed: [] })
    expect(await db.transaction((tx) => sessionsOfStreamsLost(tx, [stream.id]))).toEqual([])
    expect((await bookkeeping(db, projectId)).told(consumer.id).at(-1)).toMatchObject({
      data: { from: 'NEW', to: 'STALE' },
    })
  })
})
