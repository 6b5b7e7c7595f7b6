import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecentMap } from '../../src/platform/recent-map.ts'

test('answers as a Map does for what is among the half of its entries that were used most lately, and never grows', () => {
  const step = fc.record({ key: fc.nat(30), what: fc.constantFrom('get', 'set', 'delete') })
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 20 }), fc.array(step, { maxLength: 300 }), (max, steps) => {
      const map = new RecentMap<number, number>(max)
      const model = new Map<number, number>()
      let recent: number[] = []
      let value = 0
      for (const { key, what } of steps) {
        const isRecent = recent.slice(-Math.floor(max / 2)).includes(key)
        if (what === 'get') {
          const found = map.get(key)
          if (found !== undefined || isRecent) expect(found).toBe(model.get(key))
          // Forgotten: to ask for it does not bring it back.
          if (found === undefined) continue
        } else if (what === 'set') {
          map.set(key, ++value)
          model.set(key, value)
        } else {
          map.delete(key)
          model.delete(key)
        }
        recent = [...recent.filter((other) => other !== key), key]
        expect(map.size).toBeLessThanOrEqual(max)
      }
    }),
    { numRuns: 1000 },
  )
})
