import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Handovers,
  maxHandovers,
  nextHandovers,
  takeBackAfterMs,
  tryAgainAfterMs,
} from '../../src/streams/handover.ts'

const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

test('a few at a time, each once, and all in the end, where another takes them at some time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(6), { minLength: 60, maxLength: 60 }), (takes) => {
      let running = [...all]
      const held = new Set<string>()
      let handovers: Handovers = new Map()
      const handed: string[] = []
      for (const [turn, taken] of takes.entries()) {
        const step = nextHandovers(handovers, { running, held, othersTake: () => true }, turn * 500)
        handovers = step.next
        handed.push(...step.handBack)
        running = running.filter((id) => !step.handBack.includes(id))
        const waiting = all.filter((id) => !running.includes(id) && !held.has(id))
        expect(waiting.length).toBeLessThanOrEqual(maxHandovers)
        for (const id of step.takeBack) if (!held.has(id)) running.push(id)
        const next = waiting[taken]
        if (next) held.add(next)
        // Whoever waits long is taken by somebody.
        for (const id of waiting) if (turn % 10 === 9) held.add(id)
      }
      expect(new Set(handed)).toEqual(new Set(all))
      expect(handed.length).toBeLessThanOrEqual(2 * all.length)
    }),
  )
})

test('what no other can take it keeps', () => {
  const step = nextHandovers(new Map(), { running: all, held: new Set(), othersTake: () => false }, 0)
  expect(step).toEqual({ handBack: [], takeBack: [], next: new Map() })
  const two = nextHandovers(new Map(), { running: all, held: new Set(), othersTake: (n) => n <= 2 }, 0)
  expect(two.handBack).toEqual(['a', 'b'])
})

test('what nobody took it takes back, and tries again later', () => {
  const seen = { running: [] as string[], held: new Set<string>(), othersTake: () => true }
  const handed = nextHandovers(new Map(), { ...seen, running: ['a'] }, 0)
  expect(handed.handBack).toEqual(['a'])
  expect(nextHandovers(handed.next, seen, takeBackAfterMs - 1).takeBack).toEqual([])
  const back = nextHandovers(handed.next, seen, takeBackAfterMs)
  expect(back.takeBack).toEqual(['a'])
  const again = { ...seen, running: ['a'] }
  expect(nextHandovers(back.next, again, takeBackAfterMs + tryAgainAfterMs - 1).handBack).toEqual([])
  const later = nextHandovers(back.next, again, takeBackAfterMs + tryAgainAfterMs)
  expect(nextHandovers(later.next, again, takeBackAfterMs + tryAgainAfterMs).handBack.concat(later.handBack)).toEqual([
    'a',
  ])
})
