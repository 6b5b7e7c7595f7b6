import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Allowance } from '../../../../src/sources/gate/http/allowance.ts'
import { type Budget, newBudget, refill, requestsBeforeMedia, spend } from '../../../../src/sources/gate/http/budget.ts'

test('without media a host is asked 50 times, however long it takes', () => {
  let at = 0
  const allowance = new Allowance(() => at)
  let asked = 0
  for (; allowance.take('192.0.2.1'); asked += 1) at += 1000
  expect(asked).toBe(requestsBeforeMedia)
})

test('all hosts together are asked 200 times', () => {
  const allowance = new Allowance(() => 0)
  let asked = 0
  while (allowance.take(`192.0.2.${asked}`)) asked += 1
  expect(asked).toBe(4 * requestsBeforeMedia)
})

test.each([1, 2, 4, 10])('a live stream with pieces of %i s goes on for ever', (pieceSeconds) => {
  let at = 0
  const allowance = new Allowance(() => at)
  const rejected: number[] = []
  // The lists of twelve renditions and the first piece of each, before anything has played.
  const ask = () => allowance.take('h') || rejected.push(at)
  for (let rendition = 0; rendition < 12; rendition += 1) {
    ask()
    ask()
    allowance.flowed('h', 100_000)
    at += 20
  }
  // A day: sound and picture apart, each a list that has not changed, one that has, a piece and a new key.
  for (let second = 0; second < 86_400; second += pieceSeconds) {
    at += pieceSeconds * 1000
    for (let track = 0; track < 2; track += 1) {
      for (let request = 0; request < 4; request += 1) ask()
      allowance.flowed('h', 20_000)
    }
  }
  expect(rejected).toEqual([])
})

test('media gives back no faster than a live stream takes, and never more than the whole', () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(3000)), { maxLength: 400 })
  fc.assert(
    fc.property(steps, (list) => {
      let at = 0
      let budget: Budget = newBudget(0)
      let spent = 0
      for (const [isMedia, laterMs] of list) {
        at += laterMs
        if (isMedia) budget = refill(budget, at)
        else {
          const next = spend(budget)
          if (next) spent += 1
          budget = next ?? budget
        }
        expect(budget.left).toBeGreaterThanOrEqual(0)
        expect(budget.left).toBeLessThanOrEqual(requestsBeforeMedia)
        expect(spent).toBeLessThanOrEqual(requestsBeforeMedia + (at / 1000) * 8)
      }
    }),
  )
})
