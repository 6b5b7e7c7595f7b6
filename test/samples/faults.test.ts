import { beforeEach, expect, test } from 'vitest'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { createMender } from '../../src/samples/mend.ts'
import { createSampleReaders } from '../../src/samples/reader.ts'
import { createSampleRecorder } from '../../src/samples/recorder.ts'
import { createSampleStore } from '../../src/samples/store.ts'
import { sampleTables } from '../../src/samples/tables.ts'
import { tiers } from '../../src/samples/tiers.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { midnight, observationOf, openPast, record, systemSampleOf, well } from '../support/past.ts'

const minute = 60_000
const hour = 60 * minute

describeOnBothDatabases('samples and faults', (database) => {
  beforeEach(async () => {
    for (const table of Object.values(sampleTables)) await database().db.delete(table)
  })

  test('killed between chunk and roll-up: what was written by the second is in the minute and the hour after all', async () => {
    const { db } = database()
    const killed = openPast(db, midnight, 'run-a')
    const kill = midnight + 30 * minute + 47_000
    for (let at = midnight + 1000; at < kill; at += 5000)
      killed.recorder.system(systemSampleOf('node_01h455vb4pex5vsknk084sn02q', at))
    await record(killed, midnight, kill, (at) => ({ observation: observationOf('s', at), view: well }))
    // The next one, from a minute later on.
    const next = openPast(db, midnight, 'run-b')
    const end = midnight + hour + 3 * minute
    await record(next, kill + minute, end, (at) => ({ observation: observationOf('s', at), view: well }))
    const mend = createMender(db)
    const hours = () => next.store.read(tiers[3], ['s'], midnight, midnight + 1)
    expect((await hours()).map(({ run }) => run)).toEqual(['run-b'])
    while ((await mend(new Date(end))) > 0);
    expect((await hours()).map(({ run }) => run).sort()).toEqual(['run-a', 'run-b'])

    const counts = async (to: number, maxPoints: number) => {
      next.clock.now = end + 5 * hour
      const range = { from: midnight, to, maxPoints }
      const { timelines } = await next.readers.streams.timelines(['s'], range)
      return timelines.get('s')!.buckets.map(({ rollup }) => rollup.samples)
    }
    const minutes = await counts(midnight + hour, 60)
    const [whole] = await counts(midnight + 2 * hour, 2)
    expect(minutes.reduce((sum, count) => sum + count)).toBe(whole)
    // A chunk is all that was lost of the 47 s that the minute of the kill had; the next began 13 s before its end.
    expect(minutes[30]).toBeGreaterThanOrEqual(37)
    expect(minutes[31]).toBe(13)
    expect(whole).toBeGreaterThanOrEqual(3600 - 60 - 10)
    expect(whole).toBeLessThanOrEqual(3600 - 60)

    // Once more, also by somebody who knows nothing of it: nothing is counted twice.
    const again = createMender(db)
    while ((await again(new Date(end))) > 0);
    expect((await counts(midnight + 2 * hour, 2))[0]).toBe(whole)
  })

  test('a database that is away for five minutes: nothing waits for it, and all is there when it is back', async () => {
    const { db } = database()
    const clock = { now: midnight }
    const store = createSampleStore(db)
    let away = false
    let refused = 0
    const recorder = createSampleRecorder({
      store: {
        insert: async (...args) => {
          if (away) {
            refused += 1
            throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })
          }
          return store.insert(...args)
        },
      },
      run: 'run-a',
      now: () => clock.now,
      logger: silentLogger,
      flushEveryMs: null,
    })
    const end = midnight + 20 * minute
    for (let at = midnight; at < end; at += 1000) {
      clock.now = at
      away = at >= midnight + 5 * minute && at < midnight + 10 * minute
      recorder.stream(observationOf('s', at), well)
      await recorder.flush()
    }
    // It asks again at most once in 10 s.
    expect(refused).toBeGreaterThan(10)
    expect(refused).toBeLessThanOrEqual(35)
    await recorder.stop()
    clock.now = end
    const other = createSampleReaders({ store, memory: { unwritten: () => [] }, now: () => clock.now })
    const { timelines } = await other.streams.timelines(['s'], { from: midnight, to: end, maxPoints: 2000 })
    expect(timelines.get('s')!.buckets).toHaveLength(1200)
    const minutes = await store.read(tiers[1], ['s'], midnight, end)
    expect(minutes.map(({ data }) => data[0])).toEqual(Array(20).fill(60))
  })

  test('a database that never comes back holds up no stop for long, and takes no memory without end', async () => {
    const clock = { now: midnight }
    const recorder = createSampleRecorder({
      store: { insert: () => new Promise(() => {}) },
      run: 'run-a',
      now: () => clock.now,
      logger: silentLogger,
      flushEveryMs: null,
    })
    void recorder.flush()
    for (; clock.now < midnight + 4 * hour; clock.now += 1000) {
      for (let stream = 0; stream < 20; stream++) recorder.stream(observationOf(`s${stream}`, clock.now), well)
      void recorder.flush()
    }
    const ids = Array.from({ length: 20 }, (_, stream) => `s${stream}`)
    expect(recorder.unwritten('1s', ids).length).toBeLessThanOrEqual(20_000 + 20)
    // Of roll-ups nothing is missing.
    expect(recorder.unwritten('1m', ids)).toHaveLength(20 * 239)
    await recorder.stop()
  })
})
