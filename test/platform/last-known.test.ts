import { describe, expect, test } from 'vitest'
import { WeirError } from '../../src/errors.ts'
import { lastKnown } from '../../src/platform/last-known.ts'

const away = new WeirError('UNAVAILABLE', 'The database does not answer.')

function bed(limit?: number) {
  const state = { now: 0, fault: null as Error | null, value: 1 }
  const read = lastKnown(
    async (key) => {
      if (state.fault) throw state.fault
      return `${key}${state.value}`
    },
    { ...(limit === undefined ? {} : { limit }), freshMs: 60_000, monotonicMs: () => state.now },
  )
  return { state, read }
}

describe('while the database is away', () => {
  test('the answer is what it was just before, however long it lasts', async () => {
    const { state, read } = bed()
    expect(await read('a')).toBe('a1')
    state.fault = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    for (state.now of [30_000, 80_000, 3_600_000]) expect(await read('a')).toBe('a1')
    Object.assign(state, { fault: null, value: 2 })
    expect(await read('a')).toBe('a2')
  })
  test('what was not asked shortly before is refused', async () => {
    const { state, read } = bed()
    await read('a')
    Object.assign(state, { now: 60_001, fault: away })
    await expect(read('a')).rejects.toBe(away)
    await expect(read('b')).rejects.toBe(away)
  })
  test('each outage is counted from its own begin', async () => {
    const { state, read } = bed()
    await read('a')
    state.fault = away
    expect(await read('a')).toBe('a1')
    state.fault = null
    await read('b')
    Object.assign(state, { now: 70_000, fault: away })
    await expect(read('a')).rejects.toBe(away)
  })
})

test('another error is never covered up', async () => {
  const { state, read } = bed()
  await read('a')
  state.fault = new WeirError('NOT_FOUND', 'No such thing.')
  await expect(read('a')).rejects.toBe(state.fault)
})

test('no more is kept than the limit, least lately asked first', async () => {
  const { state, read } = bed(2)
  for (const key of ['a', 'b', 'a', 'c']) await read(key)
  state.fault = away
  expect(await read('a')).toBe('a1')
  expect(await read('c')).toBe('c1')
  await expect(read('b')).rejects.toBe(away)
})
