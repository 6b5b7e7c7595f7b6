import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { placeSession, sessionsPerWorker, type WorkerLoad } from '../../../src/media/mediasoup/placement.ts'

const worker = fc.record({ others: fc.nat(1000), sessionsOfStream: fc.nat(700) })
const workers = fc.array(worker, { minLength: 1, maxLength: 12 }).map((loads) =>
  loads.map<WorkerLoad>(({ others, sessionsOfStream }, index) => ({
    index,
    sessions: others + sessionsOfStream,
    sessionsOfStream,
  })),
)
const placed = workers.chain((loads) => fc.tuple(fc.constant(loads), fc.nat(loads.length - 1)))
const hasRoom = ({ sessionsOfStream }: WorkerLoad) => sessionsOfStream < sessionsPerWorker

describe('where the next session of a stream goes', () => {
  test("the stream's own worker while it has room for it, and not after while another has", () => {
    fc.assert(
      fc.property(placed, ([loads, home]) => {
        const index = placeSession(loads, home)
        if (hasRoom(loads[home]!)) expect(index).toBe(home)
        else if (loads.some(hasRoom)) expect(index).not.toBe(home)
      }),
    )
  })

  test('elsewhere the worker with the fewest sessions of those with room, or of all where none has', () => {
    fc.assert(
      fc.property(placed, ([loads, home]) => {
        const index = placeSession(loads, home)
        if (index === home && hasRoom(loads[home]!)) return
        const open = loads.some(hasRoom) ? loads.filter(hasRoom) : loads
        expect(loads[index]!.sessions).toBe(Math.min(...open.map(({ sessions }) => sessions)))
      }),
    )
  })

  test('filled one after another, none has more of a stream than its part while there is room', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(40), fc.integer({ min: 1, max: 5 }), (count, more, part) => {
        const loads = Array.from({ length: count }, (_, index) => ({ index, sessions: 0, sessionsOfStream: 0 }))
        for (let session = 0; session < Math.min(more, count * part); session++) {
          const chosen = loads[placeSession(loads, 0, part)]!
          chosen.sessions++
          chosen.sessionsOfStream++
        }
        for (const { sessionsOfStream } of loads) expect(sessionsOfStream).toBeLessThanOrEqual(part)
      }),
    )
  })

  test('the own worker is dead: any that runs; none runs: the own', () => {
    const others = [{ index: 3, sessions: 5, sessionsOfStream: 0 }]
    expect(placeSession(others, 0)).toBe(3)
    expect(placeSession([], 0)).toBe(0)
  })

  test('of equals one that serves the stream already', () => {
    const loads = [
      { index: 0, sessions: 300, sessionsOfStream: 300 },
      { index: 1, sessions: 4, sessionsOfStream: 0 },
      { index: 2, sessions: 4, sessionsOfStream: 2 },
    ]
    expect(placeSession(loads, 0)).toBe(2)
  })
})
