import { describe, expect, test } from 'vitest'
import { parseRange } from '../../src/http/playback.ts'

describe('a Range header', () => {
  test.for<[string | undefined, ReturnType<typeof parseRange>]>([
    [undefined, null],
    ['bytes=0-', [0, 999]],
    ['bytes=0-0', [0, 0]],
    ['bytes=100-199', [100, 199]],
    ['bytes=900-5000', [900, 999]],
    ['bytes=-1', [999, 999]],
    ['bytes=-5000', [0, 999]],
    ['bytes=1000-', 'UNSATISFIABLE'],
    ['bytes=-0', 'UNSATISFIABLE'],
    // What isn't one range of bytes is as if it were not there.
    ['bytes=200-100', null],
    ['bytes=-', null],
    ['bytes=0-1,5-6', null],
    ['lines=0-1', null],
    ['bytes=99999999999999999999-', null],
  ])('%s of 1000 bytes', ([header, expected]) => {
    expect(parseRange(header, 1000)).toEqual(expected)
  })
})
