import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import type { Beat } from '../../src/heartbeats/store.ts'
import { type BeatSource, createBeatWriter } from '../../src/heartbeats/writer.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'

it('writes the newest of each session, none in two statements at once, whichever statements fail', async () => {
  vi.useFakeTimers()
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4000 }),
        fc.array(fc.record({ fails: fc.boolean(), tookMs: fc.integer({ min: 0, max: 900 }) }), { maxLength: 30 }),
        async (count, statements) => {
          const written = new Map<string, Beat>()
          const running = new Set<string>()
          let under = 0
          let most = 0
          const writer = createBeatWriter({
            async write(beats) {
              const { fails, tookMs } = statements.shift() ?? { fails: false, tookMs: 1 }
              most = Math.max(most, ++under)
              for (const { consumerId } of beats) {
                expect(running.has(consumerId)).toBe(false)
                running.add(consumerId)
              }
              await new Promise((resolve) => setTimeout(resolve, tookMs))
              under -= 1
              for (const { consumerId } of beats) running.delete(consumerId)
              if (fails) throw new Error('away')
              for (const beat of beats) {
                const stats = beat.stats ?? written.get(beat.consumerId)?.stats ?? null
                written.set(beat.consumerId, { ...beat, stats })
              }
              return []
            },
            onMissing() {},
            logger: silentLogger,
          })
          const sources = Array.from({ length: count }, (_, i): BeatSource => {
            return { consumerId: `${i}`, at: 0, stats: null, isWaiting: false }
          })
          for (let round = 1; round <= 4; round++) {
            for (const [i, source] of sources.entries()) {
              source.at = round
              if ((i + round) % 4 === 0) source.stats = { framesDecoded: round } as BeatSource['stats']
              writer.add(source)
            }
            await vi.advanceTimersByTimeAsync(300)
          }
          await vi.advanceTimersByTimeAsync(60_000)
          expect(written.size).toBe(count)
          for (const [i, { consumerId }] of sources.entries()) {
            const last = [4, 3, 2, 1].find((round) => (i + round) % 4 === 0)
            expect(written.get(consumerId)).toEqual({ consumerId, at: 4, stats: { framesDecoded: last } })
          }
          expect(most).toBeLessThanOrEqual(3)
          await writer.stop()
        },
      ),
      { numRuns: 60 },
    )
  } finally {
    vi.useRealTimers()
  }
})
