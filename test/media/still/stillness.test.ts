import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { comparedHeight, comparedWidth, pictureDiffers } from '../../../src/media/still/difference.ts'
import { afterKeyframe, nothingSeen, stillSince } from '../../../src/media/still/stillness.ts'

const cells = comparedWidth * comparedHeight
const grey = (shade: number) => new Uint8Array(cells).fill(shade)

/** What is seen of keyframes that come at these times, with these shades. */
function watch(keyframes: { at: number; shade: number }[]) {
  return keyframes.reduce((seen, { at, shade }) => afterKeyframe(seen, grey(shade), at), nothingSeen)
}

test('noise is no change, one cell that changes is one', () => {
  const noise = fc.uint8Array({ minLength: cells, maxLength: cells, max: 5 })
  const shades = fc.uint8Array({ minLength: cells, maxLength: cells, max: 200 })
  fc.assert(
    fc.property(shades, noise, fc.nat(cells - 1), fc.integer({ min: 6, max: 55 }), (before, noisy, cell, by) => {
      const same = before.map((shade, at) => shade + noisy[at]!)
      expect(pictureDiffers(before, same)).toBe(false)
      const changed = before.with(cell, before[cell]! + by)
      expect(pictureDiffers(before, changed)).toBe(true)
      expect(pictureDiffers(changed, before)).toBe(true)
    }),
  )
})

describe('a picture', () => {
  test('is still within two groups of pictures and 5 s, a second of sampling included', () => {
    const gops = fc.integer({ min: 40, max: 60_000 })
    fc.assert(
      fc.property(gops, fc.nat(), fc.nat(20), (gopMs, phase, before) => {
        // The picture freezes at 0; keyframes come before and after.
        const first = phase % gopMs
        const moving = Array.from({ length: before }, (_, at) => ({
          at: first - (at + 1) * gopMs,
          shade: 100 + at * 7,
        }))
        let seen = watch(moving.toReversed())
        for (let at = first; stillSince(seen) === null; at += gopMs) {
          seen = afterKeyframe(seen, grey(50), at)
          expect(at + 1000).toBeLessThanOrEqual(2 * gopMs + 5_000)
        }
        expect(stillSince(seen)).toBe(first)
      }),
    )
  })

  test('that changes at each keyframe is never still', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 6, max: 50 }), fc.integer({ min: 40, max: 20_000 })))
    fc.assert(
      fc.property(steps, (changes) => {
        let [shade, at, seen] = [100, 0, nothingSeen]
        for (const [by, later] of changes) {
          shade = shade + by > 255 ? shade - by : shade + by
          at += later
          seen = afterKeyframe(seen, grey(shade), at)
          expect(stillSince(seen)).toBeNull()
        }
      }),
    )
  })

  test('that changes slowly changes', () => {
    const dusk = Array.from({ length: 100 }, (_, at) => ({ at: at * 1000, shade: 200 - at * 2 }))
    for (let end = 1; end <= dusk.length; end += 1) expect(stillSince(watch(dusk.slice(0, end)))).toBeNull()
  })

  test('is no longer still with the first keyframe that differs', () => {
    const still = [0, 1000, 2000, 3000, 4000].map((at) => ({ at, shade: 9 }))
    expect(stillSince(watch(still))).toBe(0)
    expect(stillSince(watch([...still, { at: 5000, shade: 20 }]))).toBeNull()
  })

  test('of which nothing has been seen is not still', () => expect(stillSince(nothingSeen)).toBeNull())
})
