import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkBoxes, type FragmentKind } from '../../../src/media/segments/boxes.ts'

function check(kind: FragmentKind, bytes: Uint8Array): string | null {
  const boxes = checkBoxes(kind, bytes.length)
  let step = boxes.next(new Uint8Array())
  while (!step.done) step = boxes.next(bytes.subarray(step.value, step.value + 16))
  return step.value
}
function box(type: string, length: number, body = length): Uint8Array {
  const bytes = new Uint8Array(body)
  new DataView(bytes.buffer).setUint32(0, length)
  bytes.set(new TextEncoder().encode(type), 4)
  return bytes
}
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts))

describe('a file of a run', () => {
  let folder: string
  let init: Uint8Array
  let segment: Uint8Array
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-boxes-'))
    execFileSync(
      'ffmpeg',
      `-v error -f lavfi -i testsrc2=size=160x120:rate=10 -t 1 -c:v libx264 -preset ultrafast -f hls -hls_segment_type fmp4
       -hls_segment_filename ${folder}/%d.m4s ${folder}/list.m3u8`.split(/\s+/),
    )
    init = readFileSync(join(folder, 'init.mp4'))
    segment = readFileSync(join(folder, '0.m4s'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('as FFmpeg writes it is whole', () => {
    expect(check('INIT', init)).toBeNull()
    expect(check('SEGMENT', segment)).toBeNull()
  })

  test('is not whole at any shorter length', () => {
    for (let length = 0; length < init.length; length++) expect(check('INIT', init.subarray(0, length))).not.toBeNull()
    for (let length = 0; length < segment.length; length += 7) {
      expect(check('SEGMENT', segment.subarray(0, length))).not.toBeNull()
    }
  })

  test('is refused where it is something else', () => {
    expect(check('SEGMENT', init)).toBe('no moof and no mdat')
    expect(check('INIT', segment)).toBe('no ftyp and no moov')
    expect(check('SEGMENT', joined(segment, new Uint8Array(20)))).toMatch(/^no box at \d+$/)
    expect(check('SEGMENT', new TextEncoder().encode('<html>not found</html>'))).toMatch(/is cut$/)
    expect(check('SEGMENT', box('mdat', 0, 16))).toBe('mdat at 0 has no length')
    expect(check('SEGMENT', joined(...Array.from({ length: 65 }, () => box('free', 8))))).toBe('too many boxes')
  })

  test('may have a long length', () => {
    const long = box('mdat', 1, 24)
    new DataView(long.buffer).setBigUint64(8, 24n)
    expect(check('SEGMENT', joined(box('moof', 8), long))).toBeNull()
    new DataView(long.buffer).setBigUint64(8, 2n ** 63n)
    expect(check('SEGMENT', joined(box('moof', 8), long))).toBe('mdat at 8 is cut')
  })
})
