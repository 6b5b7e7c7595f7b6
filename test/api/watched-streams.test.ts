import { expect, test } from 'vitest'
import { type MarkedStream, WatchedStreams } from '../../schema/watched-streams.ts'

const stream = (id: string, mark = '1') => ({ row: { id }, mark }) as MarkedStream

const ids = (difference: ReturnType<WatchedStreams['take']>) =>
  difference && { changed: difference.changed.map(({ id }) => id), removed: difference.removedIds }

test('what is new, different and gone, told once', () => {
  const watched = new WatchedStreams(10)
  watched.see([stream('a'), stream('b')], null)
  expect(ids(watched.take())).toEqual({ changed: ['a', 'b'], removed: [] })
  expect(watched.take()).toBeNull()
  watched.see([stream('a'), stream('b')], null)
  expect(watched.take()).toBeNull()
  watched.see([stream('a', '2'), stream('c')], null)
  expect(ids(watched.take())).toEqual({ changed: ['a', 'c'], removed: ['b'] })
})

test('a look at some tells nothing of the others, and nothing of what was never known', () => {
  const watched = new WatchedStreams(10)
  watched.see([stream('a'), stream('b')], null)
  watched.take()
  watched.see([stream('b', '2')], new Set(['b', 'x']))
  expect(ids(watched.take())).toEqual({ changed: ['b'], removed: [] })
  watched.see([], new Set(['a']))
  expect(ids(watched.take())).toEqual({ changed: [], removed: ['a'] })
})

test('steps that were not taken leave the latest: there and gone again, gone and there again', () => {
  const watched = new WatchedStreams(10)
  watched.see([stream('a')], null)
  watched.take()
  watched.see([stream('a', '2')], new Set(['a']))
  watched.see([], new Set(['a']))
  expect(ids(watched.take())).toEqual({ changed: [], removed: ['a'] })
  watched.see([stream('a', '3')], new Set(['a']))
  watched.see([], new Set(['a']))
  watched.see([stream('a', '4')], new Set(['a']))
  expect(ids(watched.take())).toEqual({ changed: ['a'], removed: [] })
})

test('figures count as a change when they are newer, only of what is watched', () => {
  const watched = new WatchedStreams(10)
  watched.see([stream('a'), stream('b')], null)
  watched.take()
  watched.measure(
    new Map([
      ['a', 1000],
      ['x', 1000],
    ]),
  )
  expect(ids(watched.take())).toEqual({ changed: ['a'], removed: [] })
  watched.measure(new Map([['a', 1000]]))
  expect(watched.take()).toBeNull()
  watched.see([stream('a', '2')], new Set(['a']))
  watched.measure(new Map([['a', 1000]]))
  expect(ids(watched.take())).toEqual({ changed: ['a'], removed: [] })
})

test('no more than the limit is kept; complete says so, until there is room again', () => {
  const watched = new WatchedStreams(2)
  watched.see([stream('a'), stream('b'), stream('c')], null)
  expect(watched.complete).toBe(false)
  expect(ids(watched.take())).toEqual({ changed: ['a', 'b'], removed: [] })
  watched.see([stream('a'), stream('b')], null)
  expect(watched.complete).toBe(true)
  watched.see([stream('d')], new Set(['d']))
  expect(watched.complete).toBe(false)
  expect(watched.take()).toBeNull()
  watched.see([stream('a'), stream('d')], null)
  expect(watched.complete).toBe(true)
  expect(ids(watched.take())).toEqual({ changed: ['d'], removed: ['b'] })
})
