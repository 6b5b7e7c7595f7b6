import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { MessageQueue } from '../../src/http/message-queue.ts'

/** Holds up the process as a large document does. */
function compute(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

test('messages that take long are handled in their order, with turns for everybody else between', async () => {
  const queue = new MessageQueue(() => {})
  const done: (number | 'other')[] = []
  const all = Promise.withResolvers<void>()
  for (let n = 0; n < 30; n++) {
    queue.add(() => {
      compute(6)
      done.push(n)
      if (n === 29) all.resolve()
    })
  }
  expect(done).toEqual([0])
  let isOver = false
  const other = (async () => {
    while (!isOver) {
      await setImmediate()
      done.push('other')
    }
  })()
  await all.promise
  isOver = true
  await other
  expect(done.filter((one) => one !== 'other')).toEqual(Array.from({ length: 30 }, (_, n) => n))
  // Never two of them without the other in between.
  const text = done.map((one) => (one === 'other' ? 'o' : 'm')).join('')
  expect(text.slice(1)).not.toContain('mm')
})

test('what takes no time is handled at once', () => {
  const queue = new MessageQueue(() => {})
  let handled = 0
  for (let n = 0; n < 50; n++) queue.add(() => handled++)
  expect(handled).toBeGreaterThan(0)
})

test('nothing more is read while many wait, and what is cleared is not handled', async () => {
  const reading: boolean[] = []
  const queue = new MessageQueue((isPaused) => reading.push(!isPaused))
  let handled = 0
  queue.add(() => compute(6))
  for (let n = 0; n < 500; n++) queue.add(() => handled++)
  expect(reading).toEqual([false])
  expect(handled).toBe(0)
  queue.clear()
  queue.add(() => handled++)
  while (handled === 0) await setImmediate()
  expect(handled).toBe(1)
  expect(reading).toEqual([false, true])
})
