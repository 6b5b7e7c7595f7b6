import { describe, expect, test } from 'vitest'
import type { WallStream } from '../../src/dashboard/operations.ts'
import { applyUpdate, emptyWall, ordered, summary, troubles } from '../../src/dashboard/wall.ts'

function stream(id: string, name: string, state: WallStream['state'] = 'LIVE'): WallStream {
  return {
    id,
    name,
    state,
    stateSince: '2026-01-01T00:00:00Z',
    desiredState: 'RUNNING',
    uptimeSeconds: null,
    stateReason: null,
    tracks: null,
    process: null,
    health: null,
  }
}
function update(changed: WallStream[], rest: { reset?: boolean; removedIds?: string[] } = {}) {
  return { reset: false, complete: true, removedIds: [], at: '2026-01-01T00:00:00Z', ...rest, changed }
}

describe('the wall', () => {
  test('takes in, replaces, removes and begins anew', () => {
    const first = applyUpdate(emptyWall, update([stream('a', 'A'), stream('b', 'B')], { reset: true }))
    expect(ordered(first).map(({ name }) => name)).toEqual(['A', 'B'])
    const second = applyUpdate(first, update([stream('b', 'C', 'ERROR'), stream('d', 'D')], { removedIds: ['a'] }))
    expect(ordered(second).map(({ name, state }) => [name, state])).toEqual([
      ['C', 'ERROR'],
      ['D', 'LIVE'],
    ])
    expect(ordered(first)).toHaveLength(2)
    expect(ordered(applyUpdate(second, update([stream('e', 'E')], { reset: true })))).toHaveLength(1)
  })

  test('stands in an order that does not move', () => {
    const names = ['Camera 10', 'camera 2', 'Attic', 'Camera 2']
    const streams = names.map((name, i) => stream(`id${i}`, name))
    const expected = ['Attic', 'camera 2', 'Camera 2', 'Camera 10']
    expect(ordered(applyUpdate(emptyWall, update(streams))).map(({ name }) => name)).toEqual(expected)
    expect(ordered(applyUpdate(emptyWall, update(streams.reverse()))).map(({ name }) => name)).toEqual(expected)
  })

  test('is summed up with what needs somebody first', () => {
    const states = ['LIVE', 'STOPPED', 'ERROR', 'LIVE'] as const
    const wall = applyUpdate(emptyWall, update(states.map((state, i) => stream(`id${i}`, 'x', state))))
    expect(summary(wall)).toEqual([
      { state: 'ERROR', count: 1 },
      { state: 'LIVE', count: 2 },
      { state: 'STOPPED', count: 1 },
    ])
  })
})

test('streams that are not well are counted, the worse first', () => {
  const of = (id: string, status: NonNullable<WallStream['health']>['status']) => ({
    ...stream(id, id),
    health: { status, issues: [] },
  })
  const changed = [of('1', 'HEALTHY'), of('2', 'WARNING'), of('3', 'CRITICAL'), of('4', 'WARNING'), stream('5', '5')]
  expect(troubles(applyUpdate(emptyWall, update(changed)))).toEqual([
    { status: 'CRITICAL', count: 1 },
    { status: 'WARNING', count: 2 },
  ])
})
