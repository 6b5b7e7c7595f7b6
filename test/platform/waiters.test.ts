import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { Waiters } from '../../src/platform/waiters.ts'

test('news, the clock and the signal each end a wait, and nothing is left at the signal', async () => {
  const waiters = new Waiters()
  const end = new AbortController()
  for (let i = 0; i < 5; i++) {
    const waiting = [waiters.wait(60_000, end.signal), waiters.wait(60_000, end.signal)]
    waiters.wakeAll()
    await Promise.all(waiting)
    await waiters.wait(0, end.signal)
  }
  expect(getEventListeners(end.signal, 'abort')).toHaveLength(0)
  const waiting = waiters.wait(60_000, end.signal)
  end.abort()
  await waiting
  await waiters.wait(60_000, end.signal)
})
