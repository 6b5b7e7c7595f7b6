import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { Waiters } from '../../src/platform/waiters.ts'

test('news, the clock and the signal each end a wait, and nothing is left at the signal', async () => {
  const waiters = new Waiters()
  const end = new AbortController()
  const [one, other] = [waiters.join(end.signal), waiters.join(end.signal)]
  for (let i = 0; i < 5; i++) {
    const waiting = [one.wait(60_000), other.wait(60_000)]
    waiters.wakeAll()
    await Promise.all(waiting)
    await one.wait(0)
  }
  other.leave()
  expect(getEventListeners(end.signal, 'abort')).toHaveLength(1)
  const waiting = one.wait(60_000)
  end.abort()
  await waiting
  await one.wait(60_000)
  expect(getEventListeners(end.signal, 'abort')).toHaveLength(0)
})

test('a wait is as long as it was asked to be, whatever the waits before it', async () => {
  const waiters = new Waiters()
  const waiter = waiters.join(new AbortController().signal)
  const early = waiter.wait(20)
  waiters.wakeAll()
  await early
  const startedAt = performance.now()
  await waiter.wait(60)
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(60)
  const late = waiter.wait(60_000)
  waiters.wakeAll()
  await late
  await waiter.wait(1)
  waiter.leave()
})

test('who leaves while it waits is let go', async () => {
  const waiters = new Waiters()
  const waiter = waiters.join(new AbortController().signal)
  const waiting = waiter.wait(60_000)
  waiter.leave()
  await waiting
})
