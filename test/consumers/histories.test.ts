import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { closeById } from '../../src/consumers/closing.ts'
import { closeOfEnded, endedWithSessions } from '../../src/consumers/ended-streams.ts'
import { sessionsOfNodeLost } from '../../src/consumers/lost.ts'
import type { SessionNotice } from '../../src/consumers/media.ts'
import { saveNotices } from '../../src/consumers/notices-store.ts'
import { lockConsumer, saveReopened } from '../../src/consumers/store.ts'
import { Sweep } from '../../src/consumers/sweep.ts'
import { createHeartbeatStore } from '../../src/heartbeats/store.ts'
import { takePlaces } from '../../src/places/store.ts'
import { type consumers, reservations, streams } from '../../src/platform/database/tables.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addReservation, addWatchedStream, bookkeeping, letPass, openRow } from '../support/session-rows.ts'

type Row = typeof consumers.$inferSelect

const timeoutMs = 60_000
const which = fc.nat({ max: 30 })
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('open' as const),
      protocol: fc.constantFrom('MEDIASOUP', 'WHEP', 'HLS'),
      source: fc.constantFrom(null, 'agency', 'site'),
      reserved: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('close' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('beat' as const), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('sweep' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reopen' as const), which }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('notice' as const),
      which,
      what: fc.constantFrom<SessionNotice['what']>('CONNECTED', 'PAUSED', 'RESUMED', 'DISCONNECTED', 'ENDED'),
      late: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('boot' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stop' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

describeOnBothDatabases('histories of sessions', (database) => {
  it('places are those who sit, each open session has a sign of life, events tell it all, and closed is closed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => history(steps)),
      { numRuns: 15 },
    )
  })

  async function history(steps: readonly Step[]): Promise<void> {
    const { db } = database()
    const { projectId, stream, node } = await addWatchedStream(db)
    const beats = createHeartbeatStore(db)
    const clock = { monotonic: 0 }
    const sweep = new Sweep({
      db,
      timeoutMs,
      stalledUntil: () => 0,
      monotonic: () => clock.monotonic,
      closed: () => {},
    })
    clock.monotonic = timeoutMs
    /** By session: ms since it was heard of; null where it lives by its connection. */
    const silentMs = new Map<string, number | null>()
    const ids: string[] = []
    const gone = new Map<string, Row>()
    const rowOf = async (id: string) => (await bookkeeping(db, projectId)).rows.find((row) => row.id === id)!

    for (const done of steps) {
      const id = 'which' in done ? ids[done.which % Math.max(1, ids.length)] : undefined
      const isOpen = id !== undefined && silentMs.has(id)
      if (done.do === 'open') {
        let reservationId: string | null = null
        if (done.reserved) {
          const held = { projectId, streamId: stream.id, source: 'agency', reserved: true }
          reservationId = (await addReservation(db, projectId, stream.id)).id
          await db.transaction((tx) => takePlaces(tx, held, { maxConsumersOfStream: null, quotas: {} }))
        }
        const protocol = done.protocol as Row['protocol']
        const source = done.reserved ? null : done.source
        const { consumer } = await openRow(db, projectId, stream.id, { protocol, source, reservationId })
        ids.push(consumer.id)
        silentMs.set(consumer.id, 0)
      } else if (done.do === 'close' && id) {
        expect(await closeById(db, [id], { reason: 'FORCED' })).toHaveLength(isOpen ? 1 : 0)
        silentMs.delete(id)
      } else if (done.do === 'beat' && id) {
        expect(await beats.write([{ consumerId: id, at: Date.now(), stats: null }])).toEqual(isOpen ? [] : [id])
        if (isOpen) silentMs.set(id, 0)
      } else if (done.do === 'pass') {
        const ms = 25_000
        await letPass(db, ms)
        for (const [each, silent] of silentMs) if (silent !== null) silentMs.set(each, silent + ms)
      } else if (done.do === 'sweep') {
        const overdue = [...silentMs].filter(([, silent]) => silent !== null && silent >= timeoutMs)
        await sweep.run()
        for (const [each] of overdue) silentMs.delete(each)
      } else if (done.do === 'reopen' && id) {
        await db.transaction(async (tx) => {
          const row = (await lockConsumer(tx, id))!
          if (row.state !== 'CLOSED') await saveReopened(tx, row, row.protocol === 'HLS' ? null : node.id)
        })
        if (isOpen) silentMs.set(id, 0)
      } else if (done.do === 'notice' && id) {
        const before = await rowOf(id)
        const incarnation = before.incarnation - (done.late ? 1 : 0)
        const { closed } = await saveNotices(db, node.id, [
          { consumerId: id, incarnation, what: done.what, at: Date.now() },
        ])
        const { state, protocol } = await rowOf(id)
        if (closed.length > 0) silentMs.delete(id)
        else if (state === before.state) continue
        else if (state === 'STALE') silentMs.set(id, 0)
        else if (protocol === 'WHEP' && state === 'CONNECTED' && before.state !== 'PAUSED') silentMs.set(id, null)
      } else if (done.do === 'boot') {
        for (const lost of await sessionsOfNodeLost(db, node.id)) silentMs.set(lost, 0)
      } else if (done.do === 'stop') {
        await db.update(streams).set({ desiredState: 'STOPPED' }).where(eq(streams.id, stream.id))
        expect(await endedWithSessions(db)).toEqual(silentMs.size > 0 ? [stream.id] : [])
        expect(await closeOfEnded(db, [stream.id], () => {})).toBe(silentMs.size)
        silentMs.clear()
        await db.update(streams).set({ desiredState: 'RUNNING' }).where(eq(streams.id, stream.id))
      }
      await check()
    }
    // Nothing of this history is left for the sweep of the next.
    await closeOfEnded(db, [stream.id], () => {})
    await closeById(db, [...silentMs.keys()], { reason: 'FORCED' })

    async function check(): Promise<void> {
      const { rows, open, heard, taken, told } = await bookkeeping(db, projectId)
      expect(open).toEqual([...silentMs.keys()].sort())
      expect(heard).toEqual(open)
      const sitting = rows.filter((row) => row.state !== 'CLOSED')
      const of = (source: string) => sitting.filter((row) => row.source === source).length
      const reserved = await db.select().from(reservations).where(eq(reservations.projectId, projectId))
      const active = reserved.filter((row) => row.state === 'ACTIVE')
      expect(active.map((row) => row.id).sort()).toEqual(sitting.flatMap((row) => row.reservationId ?? []).sort())
      const counted = {
        [`CONSUMERS_OF_PROJECT ${projectId}`]: sitting.length,
        [`CONSUMERS_OF_STREAM ${stream.id}`]: sitting.length,
        'CONSUMERS_OF_SOURCE agency': of('agency'),
        'CONSUMERS_OF_SOURCE site': of('site'),
        [`RESERVATIONS_OF_PROJECT ${projectId}`]: active.length,
      }
      expect(taken).toEqual(Object.fromEntries(Object.entries(counted).filter(([, count]) => count > 0)))
      for (const row of rows) {
        const types = told(row.id)
        expect(types[0]?.type).toBe('consumer.opened')
        const closings = types.filter(({ type }) => type === 'consumer.closed')
        expect(closings).toHaveLength(row.state === 'CLOSED' ? 1 : 0)
        if (row.state !== 'CLOSED') continue
        expect(types.at(-1)).toMatchObject({ type: 'consumer.closed', data: { reason: row.closeReason } })
        expect(gone.get(row.id) ?? row).toEqual(row)
        gone.set(row.id, row)
      }
    }
  }
})
