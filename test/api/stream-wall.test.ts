import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type MarkedStream, StreamWall } from '../../schema/stream-wall.ts'

const stream = (id: string, mark = '1') => ({ row: { id }, mark }) as MarkedStream

/** Who watches: remembers the version it was told. */
function watcherOf(wall: StreamWall) {
  let version = 0
  return {
    take() {
      const difference = wall.since(version)
      version = wall.version
      return difference
    },
    ids() {
      const difference = this.take()
      return difference && { changed: difference.changed.map(({ id }) => id), removed: difference.removedIds }
    },
  }
}

test('what is new, different and gone, told once', () => {
  const watched = new StreamWall(10)
  const watcher = watcherOf(watched)
  watched.see([stream('a'), stream('b')], null)
  expect(watcher.ids()).toEqual({ changed: ['a', 'b'], removed: [] })
  expect(watcher.take()).toBeNull()
  watched.see([stream('a'), stream('b')], null)
  expect(watcher.take()).toBeNull()
  watched.see([stream('a', '2'), stream('c')], null)
  expect(watcher.ids()).toEqual({ changed: ['a', 'c'], removed: ['b'] })
})

test('a look at some tells nothing of the others, and nothing of what was never known', () => {
  const watched = new StreamWall(10)
  const watcher = watcherOf(watched)
  watched.see([stream('a'), stream('b')], null)
  watcher.take()
  watched.see([stream('b', '2')], new Set(['b', 'x']))
  expect(watcher.ids()).toEqual({ changed: ['b'], removed: [] })
  watched.see([], new Set(['a']))
  expect(watcher.ids()).toEqual({ changed: [], removed: ['a'] })
})

test('steps that were not taken leave the latest: there and gone again, gone and there again', () => {
  const watched = new StreamWall(10)
  const watcher = watcherOf(watched)
  watched.see([stream('a')], null)
  watcher.take()
  watched.see([stream('a', '2')], new Set(['a']))
  watched.see([], new Set(['a']))
  expect(watcher.ids()).toEqual({ changed: [], removed: ['a'] })
  watched.see([stream('a', '3')], new Set(['a']))
  watched.see([], new Set(['a']))
  watched.see([stream('a', '4')], new Set(['a']))
  expect(watcher.ids()).toEqual({ changed: ['a'], removed: [] })
})

test('figures count as a change when they are newer, only of what is watched', () => {
  const watched = new StreamWall(10)
  const watcher = watcherOf(watched)
  watched.see([stream('a'), stream('b')], null)
  watcher.take()
  watched.measure(
    new Map([
      ['a', 1000],
      ['x', 1000],
    ]),
  )
  expect(watcher.ids()).toEqual({ changed: ['a'], removed: [] })
  watched.measure(new Map([['a', 1000]]))
  expect(watcher.take()).toBeNull()
  watched.see([stream('a', '2')], new Set(['a']))
  watched.measure(new Map([['a', 1000]]))
  expect(watcher.ids()).toEqual({ changed: ['a'], removed: [] })
})

test('no more than the limit is kept; complete says so, until there is room again', () => {
  const wall = new StreamWall(2)
  const watcher = watcherOf(wall)
  wall.see([stream('a'), stream('b'), stream('c')], null)
  expect(watcher.take()).toMatchObject({ reset: true, complete: false, changed: [{ id: 'a' }, { id: 'b' }] })
  wall.see([stream('a'), stream('b')], null)
  expect(watcher.take()).toEqual({ reset: false, complete: true, changed: [], removedIds: [] })
  wall.see([stream('d')], new Set(['d']))
  expect(watcher.take()).toMatchObject({ complete: false, changed: [] })
  wall.see([stream('a'), stream('d')], null)
  expect(watcher.take()).toMatchObject({ complete: true, changed: [{ id: 'd' }], removedIds: ['b'] })
})

test('those who were told the same are told one and the same object; who comes late gets the whole', () => {
  const wall = new StreamWall(10)
  const [a, b, late] = [watcherOf(wall), watcherOf(wall), watcherOf(wall)]
  wall.see([stream('a'), stream('b')], null)
  expect(a.take()).toBe(b.take())
  wall.see([stream('b', '2')], new Set(['b']))
  expect(a.take()).toBe(b.take())
  expect(late.take()).toMatchObject({ reset: true, changed: [{ id: 'a' }, { id: 'b' }] })
})

test('who is behind more removals than are remembered gets the whole anew', () => {
  const wall = new StreamWall(3000)
  const [slow, quick] = [watcherOf(wall), watcherOf(wall)]
  wall.see(
    Array.from({ length: 2000 }, (_, i) => stream(`s${i}`)),
    null,
  )
  slow.take()
  quick.take()
  for (let i = 0; i < 1500; i++) wall.see([], new Set([`s${i}`]))
  expect(slow.take()).toMatchObject({ reset: true, removedIds: [] })
  expect(quick.take()!.changed).toHaveLength(500)
})

test('watchers that look at different times end with the same as one who looks now', () => {
  const looks = fc.array(
    fc.record({
      found: fc.uniqueArray(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), mark: fc.constantFrom('1', '2') }), {
        selector: ({ id }) => id,
      }),
      only: fc.option(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 })),
      taken: fc.boolean(),
    }),
  )
  fc.assert(
    fc.property(looks, (steps) => {
      const wall = new StreamWall(10)
      const watcher = watcherOf(wall)
      const told = new Map<string, MarkedStream['row']>()
      const take = () => {
        const difference = watcher.take()
        if (difference?.reset) told.clear()
        for (const row of difference?.changed ?? []) told.set(row.id, row)
        for (const id of difference?.removedIds ?? []) told.delete(id)
      }
      for (const { found, only, taken } of steps) {
        const within = found.filter(({ id }) => !only || only.includes(id))
        wall.see(
          within.map(({ id, mark }) => ({ row: { id, mark } as never, mark })),
          only ? new Set(only) : null,
        )
        if (taken) take()
      }
      take()
      const now = wall.since(0)
      expect([...told.values()].sort((x, y) => (x.id < y.id ? -1 : 1))).toEqual(now?.changed ?? [])
    }),
  )
})
