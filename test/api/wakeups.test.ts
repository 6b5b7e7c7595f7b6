import { expect, test } from 'vitest'
import { abortable, Wakeups } from '../../schema/wakeups.ts'

test('a subscriber that is told of more than it may keep looks at all instead', () => {
  const wakeups = new Wakeups(3, new AbortController().signal)
  for (const id of ['a', 'b', 'a', 'c']) wakeups.add(id)
  expect(wakeups.take()).toEqual(new Set(['a', 'b', 'c']))
  for (const id of ['a', 'b', 'c', 'd']) wakeups.add(id)
  expect(wakeups.take()).toBeNull()
  expect(wakeups.take()).toEqual(new Set())
})

test('a wait ends at once by a word, and by one that came before', async () => {
  const wakeups = new Wakeups(3, new AbortController().signal)
  const waiting = wakeups.wait(60_000)
  wakeups.add('a')
  await waiting
  await wakeups.wait(60_000)
  expect(wakeups.take()).toEqual(new Set(['a']))
})

test('a reader that goes ends the generator in the middle of its wait', async () => {
  let ended = false
  const iterator = abortable(async function* (signal) {
    try {
      yield 1
      await new Wakeups(1, signal).wait(60_000)
    } finally {
      ended = true
    }
  })
  await iterator.next()
  const waiting = iterator.next()
  await iterator.return?.()
  expect(ended).toBe(true)
  expect(await waiting).toEqual({ done: true, value: undefined })
})

test('one that is never read never starts', async () => {
  let started = false
  const iterator = abortable(async function* () {
    started = true
    yield 1
  })
  await iterator.return?.()
  expect(started).toBe(false)
})
