import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { dropOldPartition } from '../../src/samples/partitions.ts'
import { sampleTables } from '../../src/samples/tables.ts'
import { tiers } from '../../src/samples/tiers.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { frozen, ill, midnight, observationOf, openPast, record, systemSampleOf, well } from '../support/past.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

describeOnBothDatabases('samples', (database) => {
  beforeEach(async () => {
    for (const table of Object.values(sampleTables)) await database().db.delete(table)
  })

  test('each second, the minute that goes on and what is not written yet are one timeline', async () => {
    const past = openPast(database().db, midnight)
    const end = midnight + 5 * minute + 7 * second
    await record(past, midnight, end, (at) => ({ observation: observationOf('s', at), view: well }))
    const read = async (maxPoints: number) => {
      const { bucketMs, timelines } = await past.readers.streams.timelines(['s'], {
        from: midnight,
        to: end,
        maxPoints,
      })
      return { bucketMs, buckets: timelines.get('s')!.buckets }
    }
    const seconds = await read(2000)
    expect(seconds.bucketMs).toBe(second)
    expect(seconds.buckets).toHaveLength(307)
    const minutes = await read(10)
    expect(minutes.bucketMs).toBe(minute)
    expect(minutes.buckets.map(({ from, rollup }) => [(from - midnight) / minute, rollup.samples])).toEqual(
      [60, 60, 60, 60, 60, 7].map((count, index) => [index, count]),
    )
    expect(minutes.buckets[0]!.rollup).toMatchObject({
      live: 60,
      status: 'HEALTHY',
      fps: { count: 60, sum: 1500 },
      consumers: 2,
      memoryBytes: 50_000_000,
    })
  })

  test('a gap stays a gap, and what was ill for two seconds is told of its hour', async () => {
    const past = openPast(database().db, midnight)
    const illFrom = midnight + 30 * minute
    const isIll = (at: number) => at >= illFrom && at < illFrom + 2 * second
    const isAway = (at: number) => at >= midnight + 40 * minute && at < midnight + 50 * minute
    await record(past, midnight, midnight + 2 * hour + minute, (at) =>
      isAway(at)
        ? null
        : {
            observation: observationOf('s', at, {
              state: isIll(at) ? 'RECOVERING' : 'LIVE',
              restarts: at >= illFrom ? 1 : 0,
              ...(isIll(at) ? { process: null } : {}),
            }),
            view: isIll(at) ? ill : well,
          },
    )
    const whole = { from: midnight, to: midnight + 2 * hour }
    const fine = await past.readers.streams.timelines(['s'], { ...whole, maxPoints: 120 })
    expect(fine.bucketMs).toBe(minute)
    const minutes = fine.timelines.get('s')!.buckets
    expect(minutes).toHaveLength(110)
    expect(minutes.filter(({ rollup }) => rollup.status === 'CRITICAL')).toMatchObject([
      {
        from: illFrom,
        rollup: { samples: 60, live: 58, restarts: 1, issues: [{ type: 'VIDEO_FROZEN', track: 'VIDEO' }] },
      },
    ])
    const coarse = await past.readers.streams.timelines(['s'], { ...whole, maxPoints: 2 })
    const hours = coarse.timelines.get('s')!.buckets
    expect(hours.map(({ rollup }) => [rollup.samples, rollup.live, rollup.status, rollup.restarts])).toEqual([
      [3000, 2998, 'CRITICAL', 1],
      [3600, 3600, 'HEALTHY', 0],
    ])
    const moment = (await past.readers.streams.at(['s', 't'], illFrom + 1500)).get('s')!
    expect(moment).toMatchObject({ at: illFrom + second, sample: { live: false, issues: [frozen] } })
    expect((await past.readers.streams.at(['s'], midnight + 45 * minute)).size).toBe(0)
  })

  test('a bucket that two runs wrote parts of is one, and writing a part again adds nothing', async () => {
    const first = openPast(database().db, midnight, 'run-a')
    await record(first, midnight, midnight + 30 * second, (at) => ({ observation: observationOf('s', at), view: well }))
    await first.recorder.stop()
    const second_ = openPast(database().db, midnight, 'run-b')
    await record(second_, midnight + 40 * second, midnight + 2 * hour, (at) =>
      at < midnight + minute ? { observation: observationOf('s', at, { fps: 5 }), view: well } : null,
    )
    const [row] = await first.store.read(tiers[1], ['s'], midnight, midnight + 1)
    await first.store.insert(tiers[1], [row!])
    const { timelines } = await second_.readers.streams.timelines(['s'], {
      from: midnight,
      to: midnight + 1 * hour,
      maxPoints: 60,
    })
    expect(timelines.get('s')!.buckets.map(({ rollup }) => [rollup.samples, rollup.fps.sum])).toEqual([[50, 850]])
  })

  test('what is too old goes as whole tables, by tier, and the coarser ones still answer', async () => {
    const { db } = database()
    const past = openPast(db, midnight)
    await record(past, midnight, midnight + 2 * hour, (at) => ({ observation: observationOf('s', at), view: well }))
    await past.recorder.stop()
    const drop = async (now: number) => {
      let dropped = 0
      while ((await dropOldPartition(db, new Date(now))) > 0) dropped += 1
      return dropped
    }
    const count = async () => Promise.all(Object.values(sampleTables).map((table) => db.$count(table)))
    expect(await count()).toEqual([expect.any(Number), 120, 24, 2])
    await drop(midnight + 4 * hour)
    // Their partition holds an hour of which the last second is kept for 3 h.
    expect((await count())[0]).toBeGreaterThan(700)
    await drop(midnight + 6 * hour)
    expect(await count()).toEqual([0, 120, 24, 2])
    await drop(midnight + 17 * day)
    expect(await count()).toEqual([0, 0, 24, 2])
    await drop(midnight + 71 * day)
    expect(await count()).toEqual([0, 0, 0, 2])
    past.clock.now = midnight + 71 * day
    const range = { from: midnight - day, to: midnight + day, maxPoints: 300 }
    const { bucketMs, timelines } = await past.readers.streams.timelines(['s'], range)
    expect(bucketMs).toBe(hour)
    expect(timelines.get('s')!.buckets.map(({ rollup }) => rollup.samples)).toEqual([3600, 3600])
    await drop(midnight + 500 * day)
    expect(await count()).toEqual([0, 0, 0, 0])
    const left = await db.execute<{ count: unknown }>(
      sql`select count(*) as count from pg_inherits where inhparent = to_regclass('samples_1s')`,
      'objects',
    )
    expect(Number(left[0]!.count)).toBe(0)
  })

  test('a partition that another node dropped is made again', async () => {
    const { db } = database()
    const { store } = openPast(db, midnight)
    const row = { subjectId: 's', at: midnight, run: 'r', data: [] }
    await store.insert(tiers[0], [row])
    while ((await dropOldPartition(db, new Date(midnight + 500 * day))) > 0);
    await expect(store.insert(tiers[0], [row])).rejects.toThrow()
    await store.insert(tiers[0], [row])
    expect(await store.read(tiers[0], ['s'], midnight, midnight + 1)).toEqual([row])
  })

  test('many make one partition at the same time', async () => {
    const { db } = database()
    const at = midnight + 3 * day
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        openPast(db, at).store.insert(tiers[0], [{ subjectId: `s${index}`, at, run: 'r', data: [] }]),
      ),
    )
    const ids = Array.from({ length: 8 }, (_, index) => `s${index}`)
    expect(await openPast(db, at).store.read(tiers[0], ids, at, at + 1)).toHaveLength(8)
  })

  test('a wall of 200 streams is a few statements', async () => {
    const past = openPast(database().db, midnight + hour)
    const ids = Array.from({ length: 200 }, (_, index) => `s${index}`)
    const range = { from: midnight, to: midnight + hour, maxPoints: 60 }
    const { statements } = await database().countStatements(() => past.readers.streams.timelines(ids, range))
    expect(statements.length).toBeLessThanOrEqual(3)
  })

  test('nodes: sampled, kept and read the same way', async () => {
    const past = openPast(database().db, midnight)
    for (let at = midnight; at < midnight + 10 * minute; at += 5 * second) {
      past.clock.now = at
      past.recorder.system(
        systemSampleOf(
          'n',
          at,
          at === midnight + minute ? { components: { DATABASE: 'CRITICAL', DISK: 'HEALTHY' } } : {},
        ),
      )
      await past.recorder.flush()
    }
    const range = { from: midnight, to: midnight + 10 * minute, maxPoints: 10 }
    const { timelines } = await past.readers.system.timelines(['n'], range)
    const { buckets } = timelines.get('n')!
    expect(buckets).toHaveLength(10)
    expect(buckets[1]!.rollup).toMatchObject({
      cpuPercent: { count: 12, sum: 480 },
      components: { DATABASE: 'CRITICAL', DISK: 'HEALTHY' },
    })
    expect((await past.readers.system.at(['n'], midnight + minute + 4000)).get('n')).toMatchObject({
      at: midnight + minute,
      sample: { components: { DATABASE: 'CRITICAL' }, durationMs: 20 },
    })
  })
})
