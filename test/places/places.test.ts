import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PlaceHolder, PlaceLimits } from '../../src/places/model.ts'
import { countsOf, limitOfSource } from '../../src/places/model.ts'
import { deleteEmptyPlaces, freePlaces, placesFreed, takePlaces } from '../../src/places/store.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { places } from '../../src/platform/database/tables.ts'
import { describeOnBothDatabases } from '../support/databases.ts'

const holder = fc.record({
  projectId: fc.constantFrom('project_a', 'project_b'),
  streamId: fc.constantFrom('stream_a', 'stream_b', 'stream_c'),
  source: fc.constantFrom(null, 'agency', 'Büro 😀', 'constructor'),
  reserved: fc.boolean(),
})
const bound = fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined })
const limits = fc
  .record({
    maxConsumersOfStream: fc.option(fc.integer({ min: 1, max: 4 })),
    maxConsumers: bound,
    maxReservations: bound,
    named: bound,
    others: bound,
  })
  .map(({ maxConsumersOfStream, maxConsumers, maxReservations, named, others }): PlaceLimits => {
    const perSource = {
      ...(named === undefined ? {} : { agency: named }),
      ...(others === undefined ? {} : { '*': others }),
    }
    return {
      maxConsumersOfStream,
      quotas: {
        ...(maxConsumers === undefined ? {} : { maxConsumers }),
        ...(maxReservations === undefined ? {} : { maxReservations }),
        perSource,
      },
    }
  })

const noLimits: PlaceLimits = { maxConsumersOfStream: null, quotas: {} }
const sitter = (values: Partial<PlaceHolder> = {}): PlaceHolder => ({
  projectId: 'project_a',
  streamId: 'stream_a',
  source: 'agency',
  reserved: false,
  ...values,
})

test('a source that is not named has the bound of "*", also when it is called like a member of every object', () => {
  expect(limitOfSource({ perSource: { agency: 2 } }, 'constructor')).toBeNull()
  expect(limitOfSource({ perSource: { agency: 2, '*': 5 } }, 'constructor')).toBe(5)
  expect(limitOfSource({ perSource: { agency: 2, '*': 5 } }, 'agency')).toBe(2)
  expect(limitOfSource({ maxConsumers: 1 }, 'agency')).toBeNull()
})

test('counts are locked by the names of their scopes', () => {
  fc.assert(
    fc.property(holder, limits, (who, given) => {
      const scopes = countsOf(who, given).map(({ scope }) => scope)
      expect(scopes).toEqual([...new Set(scopes)].sort())
    }),
  )
})

describeOnBothDatabases('places', (database) => {
  const take = (who: PlaceHolder, given: PlaceLimits) => database().db.transaction((tx) => takePlaces(tx, who, given))
  const free = (all: PlaceHolder[]) => database().db.transaction((tx) => freePlaces(tx, all))
  const empty = () => database().db.delete(places)

  async function taken(db: Database = database().db): Promise<Record<string, number>> {
    const rows = await db.select().from(places)
    return Object.fromEntries(
      rows.filter((row) => row.taken !== 0).map((row) => [`${row.projectId} ${row.scope} ${row.key}`, row.taken]),
    )
  }

  /** What the counts have to be for these. */
  function countsFor(all: PlaceHolder[]): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const who of all) {
      for (const { scope, key } of countsOf(who, noLimits)) {
        const name = `${who.projectId} ${scope} ${key}`
        counts[name] = (counts[name] ?? 0) + 1
      }
    }
    return counts
  }

  test('any history of taking and freeing is counted, and refused where it has to be', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ take: holder, limits }) },
      { weight: 1, arbitrary: fc.record({ freed: fc.integer({ min: 1, max: 5 }), from: fc.nat() }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        await empty()
        const sitting: PlaceHolder[] = []
        for (const done of steps) {
          if ('freed' in done) {
            await free(sitting.splice(sitting.length === 0 ? 0 : done.from % sitting.length, done.freed))
          } else {
            const before = countsFor(sitting)
            const full = countsOf(done.take, done.limits).filter(
              ({ scope, key, limit }) =>
                limit !== null && (before[`${done.take.projectId} ${scope} ${key}`] ?? 0) >= limit,
            )
            const refused = await take(done.take, done.limits).catch((error: unknown) => error)
            if (full.length === 0) {
              expect(refused).toBeUndefined()
              sitting.push(done.take)
            } else {
              expect(refused).toMatchObject({ code: 'QUOTA_EXCEEDED', details: { needed: 1, available: 0 } })
              expect(full.map(({ scope }) => scope)).toContain((refused as { scope: string }).scope)
            }
          }
          expect(await taken()).toEqual(countsFor(sitting))
        }
      }),
      { numRuns: 25 },
    )
  })

  test('a refusal says whose bound it was, what was needed and what there was', async () => {
    await empty()
    const given: PlaceLimits = { maxConsumersOfStream: null, quotas: { maxConsumers: 9, perSource: { '*': 2 } } }
    await take(sitter(), given)
    await take(sitter({ streamId: 'stream_b' }), given)
    await expect(take(sitter(), given)).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      scope: 'CONSUMERS_OF_SOURCE',
      message: 'No place left for the source “agency” (quota perSource): 2 of 2 are taken; needed 1, available 0.',
      details: { needed: 1, available: 0 },
    })
    expect(await taken()).toMatchObject({ 'project_a CONSUMERS_OF_PROJECT project_a': 2 })
  })

  test('freeing what nobody took does not go below zero', async () => {
    await empty()
    await take(sitter(), noLimits)
    await free([sitter(), sitter(), sitter({ source: 'never seen' })])
    expect(await taken()).toEqual({})
    await take(sitter(), noLimits)
    expect(await taken()).toEqual(countsFor([sitter()]))
  })

  test('of fifty at the same instant as many get a place as there are', async () => {
    await empty()
    const given: PlaceLimits = { maxConsumersOfStream: 10, quotas: { maxConsumers: 100, perSource: { '*': 20 } } }
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => take(sitter(), given)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    expect(await taken()).toEqual(countsFor(Array.from({ length: 10 }, () => sitter())))
  })

  test('many take and free across streams, sources and projects at once: nobody waits for another in a circle', async () => {
    await empty()
    const names = ['a', 'b', 'c', 'd']
    const all = names.flatMap((stream) =>
      names.flatMap((source) =>
        ['project_a', 'project_b'].map((projectId) =>
          sitter({ projectId, streamId: `stream_${stream}`, source, reserved: source < 'c' }),
        ),
      ),
    )
    await Promise.all(all.map((who) => take(who, noLimits)))
    const halves = [all.filter((_, index) => index % 2 === 0), all.filter((_, index) => index % 2 === 1).reverse()]
    await Promise.all([
      ...halves.map((half) => free(half)),
      ...all.map((who) => take(who, noLimits)),
      ...all.map(async (who) => {
        await take(who, noLimits)
        await free([who])
      }),
    ])
    expect(await taken()).toEqual(countsFor(all))
  })

  test('a statement that ends what sits on places lowers them with it', async () => {
    await empty()
    const sat = [sitter(), sitter({ source: null }), sitter({ reserved: true, streamId: 'stream_b' })]
    for (const who of sat) await take(who, noLimits)
    const { db, countStatements } = database()
    const { statements } = await countStatements(() =>
      db.execute(sql`with ended as (
          select * from (values ('project_a', 'stream_a', 'agency', false), ('project_a', 'stream_b', 'agency', true)) as e
            (project_id, stream_id, source, is_reservation)
        ), ${placesFreed(sql`select project_id, stream_id, source, is_reservation as reserved from ended`)}
        select count(*) from ended`),
    )
    expect(statements).toHaveLength(1)
    expect(await taken()).toEqual(countsFor([sat[1]!]))
  })

  test('counts that are zero go', async () => {
    await empty()
    await take(sitter(), noLimits)
    await take(sitter({ source: null }), noLimits)
    await free([sitter()])
    expect(await deleteEmptyPlaces(database().db)).toBe(1)
    expect(await deleteEmptyPlaces(database().db)).toBe(0)
    expect(await taken()).toEqual(countsFor([sitter({ source: null })]))
  })
})
