import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Camera, History, type HistoryOptions } from '../support/health-history.ts'

/** A number in [0, 1) that a seed and a second always give alike. */
function noise(seed: number, second: number): number {
  let mixed = Math.imul(seed ^ (second * 0x9e3779b1), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
}

const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 })
const rates = fc.constantFrom(1, 2, 5, 10, 12.5, 15, 20, 25, 30, 50)

/** Steady, or as many frames as there is movement. */
const frames: fc.Arbitrary<Pick<Camera, 'fps' | 'declaredFps'>> = fc.oneof(
  rates.map((fps) => ({ fps, declaredFps: fps })),
  fc.record({ fps: rates, declaredFps: fc.constantFrom(null, 25, 29.97, 90_000, 0) }),
  fc.record({ seed: seeds, highest: fc.integer({ min: 10, max: 30 }) }).map(({ seed, highest }) => ({
    fps: (second: number) => Math.max(2, Math.round(highest * noise(seed, second))),
    declaredFps: highest,
  })),
)

/** Constant, of a title card's few bytes, or with scenes that differ by their nature. */
const sizes: fc.Arbitrary<Pick<Camera, 'frameBytes' | 'keyframeBytes'>> = fc.oneof(
  fc.record({ frameBytes: fc.integer({ min: 1_000, max: 20_000 }), keyframeBytes: fc.constantFrom(20_000, 80_000) }),
  fc.record({ frameBytes: fc.integer({ min: 20, max: 60 }), keyframeBytes: fc.integer({ min: 2_000, max: 30_000 }) }),
  fc.record({ seed: seeds, sceneSeconds: fc.integer({ min: 1, max: 12 }) }).map(({ seed, sceneSeconds }) => ({
    // Long scenes may be half as heavy as others, short ones a third.
    frameBytes: (second: number) =>
      (sceneSeconds > 3 ? 2_500 : 1_700) + 2_500 * noise(seed, Math.floor(second / sceneSeconds)),
    keyframeBytes: 20_000,
  })),
)

/** None, steady, or with a coder that sends next to nothing while it is silent. */
const sounds: fc.Arbitrary<Camera['audio']> = fc.oneof(
  fc.constant(null),
  fc.constantFrom('aac', 'pcm_mulaw', 'mp3').map((codec) => ({ codec, packetsPerSecond: 43, bytes: 180 })),
  seeds.map((seed) => ({
    codec: 'opus',
    packetsPerSecond: (second: number) => (noise(seed, Math.floor(second / 9)) < 0.5 ? 2.5 : 50),
    bytes: 80,
  })),
)

const good: fc.Arbitrary<Partial<Camera>> = fc
  .record({
    look: fc.record({
      kind: fc.constantFrom<Camera['kind']>('RTSP', 'RTMP', 'HLS', 'HTTP', 'SRT', 'FILE', 'TEST_PATTERN'),
      gopSeconds: fc.constantFrom(0.5, 1, 2, 4, 7, 10),
      jitterMs: fc.integer({ min: 0, max: 60 }),
      cpuPercent: fc.integer({ min: 0, max: 300 }),
    }),
    frames,
    sizes,
    audio: sounds,
  })
  .map(({ look, frames, sizes, audio }) => ({ ...look, ...frames, ...sizes, audio }))

/** A machine with a busy CPU: samples come late, and FFmpeg has to wait for a second now and then. */
const busy: fc.Arbitrary<HistoryOptions> = fc
  .record({ seed: seeds, share: fc.constantFrom(0, 0.03, 0.1) })
  .map(({ seed, share }) => ({
    lateMs: (second) => (noise(seed, second) < share * 2 ? noise(seed + 1, second) * 900 : noise(seed, second) * 30),
    starved: (second) => noise(seed + 2, second) < share && noise(seed + 2, second - 1) >= share,
  }))

describe('good media is HEALTHY', () => {
  test('whatever it is like, on a busy machine too', () => {
    fc.assert(
      fc.property(good, busy, (camera, options) => {
        const history = new History(camera, options).run(200)
        // Before the first packet nothing is known.
        const known = history.told.slice(3)
        expect(known.filter(({ status }) => status !== 'HEALTHY')).toEqual([])
        // That keyframes are far apart is worth knowing (INFO), and nothing is wrong with it.
        const named = new Set(history.told.flatMap(({ issues }) => issues))
        expect([...named]).toEqual(camera.gopSeconds! > 8 ? ['KEYFRAME_INTERVAL_LONG VIDEO'] : [])
      }),
      { numRuns: 150 },
    )
  })
})
