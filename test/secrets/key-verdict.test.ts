import fc from 'fast-check'
import { expect, it } from 'vitest'
import { keyVerdict } from '../../src/secrets/key-verdict.ts'

const facts = fc.record({
  hasKey: fc.boolean(),
  markedBy: fc.constantFrom('NOBODY' as const, 'THIS' as const, 'PREVIOUS' as const, 'ANOTHER' as const),
  alone: fc.boolean(),
  hasSealed: fc.boolean(),
  givesUp: fc.boolean(),
})

it('loses nothing that nobody gave up', () => {
  fc.assert(
    fc.property(facts, (given) => {
      const verdict = keyVerdict(given)
      const opens = given.hasKey && (given.markedBy === 'THIS' || given.markedBy === 'PREVIOUS')
      const mayLose = given.markedBy !== 'NOBODY' && !opens && (given.hasSealed || !given.alone)
      expect(verdict === 'MISSING' || verdict === 'WRONG').toBe(mayLose && !given.givesUp)
    }),
  )
})

it('goes on without a word where the key is the one that made the mark', () => {
  const same = { hasKey: true, markedBy: 'THIS', alone: false, hasSealed: true } as const
  for (const givesUp of [true, false]) expect(keyVerdict({ ...same, givesUp })).toBe('USE')
})

it('tells a key that is not there from one that is another', () => {
  const other = { markedBy: 'ANOTHER', alone: false, hasSealed: true, givesUp: false } as const
  expect(keyVerdict({ ...other, hasKey: false })).toBe('MISSING')
  expect(keyVerdict({ ...other, hasKey: true })).toBe('WRONG')
})
