import fc from 'fast-check'
import { expect, test } from 'vitest'
import { claimDelayMs, longestWaitMs, type NodeLoad, othersTake } from '../../src/nodes/sharing.ts'

const load = fc.record({
  capacity: fc.integer({ min: 1, max: 1000 }),
  streams: fc.nat(1000),
  draining: fc.boolean(),
})
const nodes = fc
  .array(load, { minLength: 1, maxLength: 8 })
  .map((loads) => loads.map((each, index): NodeLoad => ({ ...each, id: `node_${index}` })))

/** Who claims first of those that may, each by its own reckoning. */
function first(loads: NodeLoad[], resourceId: string): NodeLoad | null {
  const able = loads.filter(({ draining, streams, capacity }) => !draining && streams < capacity)
  const waits = able.map((node) => ({ node, ms: claimDelayMs(loads, node.id, resourceId) }))
  return waits.sort((a, b) => a.ms - b.ms)[0]?.node ?? null
}

test('everybody waits a bounded time, and whoever has clearly the most room waits for nobody', () => {
  fc.assert(
    fc.property(nodes, fc.string(), (loads, resourceId) => {
      const able = loads.filter(({ draining, streams, capacity }) => !draining && streams < capacity)
      for (const { id } of loads) expect(claimDelayMs(loads, id, resourceId)).toBeLessThanOrEqual(longestWaitMs)
      const share = (node: NodeLoad) => (node.streams + 1) / node.capacity
      const [best, second] = [...able].sort((a, b) => share(a) - share(b))
      if (best && (!second || share(second) - share(best) > 0.5)) {
        expect(claimDelayMs(loads, best.id, resourceId)).toBe(0)
      }
    }),
  )
})

test('one after the other they fill all nodes evenly, by their capacity', () => {
  const loads: NodeLoad[] = [100, 100, 50].map((capacity, index) => ({
    id: `node_${index}`,
    capacity,
    streams: 0,
    draining: false,
  }))
  for (let i = 0; i < 100; i++) {
    const node = first(loads, `stream_${i}`)!
    node.streams++
  }
  expect(loads.map(({ streams }) => streams)).toEqual([40, 40, 20])
})

test('many at once, before anybody has counted anew, are spread', () => {
  const loads = [0, 1].map((index) => ({ id: `node_${index}`, capacity: 100, streams: 3, draining: false }))
  const to = Array.from({ length: 200 }, (_, i) => first(loads, `stream_${i}`)!.id)
  expect(to.filter((id) => id === 'node_0').length).toBeGreaterThan(60)
  expect(to.filter((id) => id === 'node_1').length).toBeGreaterThan(60)
})

test('a node that came back takes what is new, a draining or full one nothing', () => {
  const busy = { id: 'busy', capacity: 100, streams: 20, draining: false }
  const back = { id: 'back', capacity: 100, streams: 0, draining: false }
  expect(first([busy, back], 's')).toBe(back)
  expect(claimDelayMs([busy, back], 'busy', 's')).toBeGreaterThan(0)
  expect(claimDelayMs([busy, { ...back, draining: true }], 'busy', 's')).toBe(0)
  expect(claimDelayMs([busy, { ...back, streams: 100 }], 'busy', 's')).toBe(0)
  expect(othersTake([busy, back], 'busy')).toBe(true)
  expect(othersTake([busy, { ...back, draining: true }], 'busy')).toBe(false)
  expect(othersTake([busy, { ...back, streams: 98 }], 'busy', 3)).toBe(false)
})
