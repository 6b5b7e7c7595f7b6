import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSplitter, type Piece, SplitError } from '../../../src/sources/gate/rtsp/splitter.ts'

const limits = { headBytes: 16_384, bodyBytes: 65_536, garbageBytes: 100 }

type Part = { frame: { channel: number; data: Uint8Array } } | { message: { first: string; body: string } }

const parts = fc.array(
  fc.oneof(
    fc.record({ frame: fc.record({ channel: fc.nat(255), data: fc.uint8Array({ maxLength: 300 }) }) }),
    fc.record({
      message: fc.record({
        first: fc.constantFrom('RTSP/1.0 200 OK', 'OPTIONS rtsp://h/ RTSP/1.0'),
        // What looks like frames and heads in a body is body.
        body: fc.string({ unit: fc.constantFrom('$', '\r\n', 'R', 'a', '\0'), maxLength: 40 }),
      }),
    }),
  ),
  { maxLength: 12 },
)

function bytesOf(part: Part): Buffer {
  if ('frame' in part) {
    const { channel, data } = part.frame
    return Buffer.concat([Buffer.from([0x24, channel, data.length >> 8, data.length & 255]), data])
  }
  const { first, body } = part.message
  return Buffer.from(`${first}\r\nCSeq: 1\r\n${body ? `Content-Length: ${body.length}\r\n` : ''}\r\n${body}`, 'latin1')
}

/** Frames that follow each other as one, whatever pieces they came in. */
function joined(pieces: Piece[]): string[] {
  const found: string[] = []
  let frames = ''
  const end = () => {
    if (frames) found.push(frames)
    frames = ''
  }
  for (const piece of pieces) {
    if (piece.kind === 'frames') frames += piece.bytes.toString('latin1')
    else {
      end()
      found.push(`${piece.head.first}|${piece.body.toString('latin1')}`)
    }
  }
  end()
  return found
}

function cut(bytes: Buffer, sizes: number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length]!
    chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}

describe('an RTSP connection is parted', () => {
  test('into the same pieces however it is chunked', () => {
    fc.assert(
      fc.property(parts, fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }), (list, sizes) => {
        const splitter = createSplitter(limits)
        // One buffer for all chunks, as a socket reads: pieces are taken before the next chunk comes.
        const reused = Buffer.alloc(400)
        const pieces = cut(Buffer.concat(list.map(bytesOf)), sizes).flatMap((chunk) => {
          chunk.copy(reused)
          const found = splitter.push(reused.subarray(0, chunk.length))
          return found.map((piece) => (piece.kind === 'frames' ? { ...piece, bytes: Buffer.from(piece.bytes) } : piece))
        })
        const expected: string[] = []
        let wasFrame = false
        for (const part of list) {
          if ('frame' in part) {
            const text = bytesOf(part).toString('latin1')
            if (wasFrame) expected[expected.length - 1] += text
            else expected.push(text)
          } else expected.push(`${part.message.first}|${part.message.body}`)
          wasFrame = 'frame' in part
        }
        expect(joined(pieces)).toEqual(expected)
        expect(splitter.isBetween()).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('and never throws anything but SplitError, nor keeps more than its limits, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 500 }), { maxLength: 20 }), (chunks) => {
        const splitter = createSplitter(limits)
        try {
          for (const chunk of chunks) {
            const given = splitter.push(Buffer.from(chunk))
            for (const piece of given) if (piece.kind === 'frames') expect(piece.bytes.length).toBeGreaterThan(0)
          }
        } catch (error) {
          expect(error).toBeInstanceOf(SplitError)
        }
      }),
    )
  })

  test.each([
    ['headers without end', `RTSP/1.0 200 OK\r\n${'a'.repeat(17_000)}`],
    ['endless short headers', `RTSP/1.0 200 OK\r\n${'a: b\r\n'.repeat(70)}\r\n`],
    ['a body that is too long', 'RTSP/1.0 200 OK\r\nContent-Length: 65537\r\n\r\n'],
    ['a length that is none', 'RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['garbage', '\0'.repeat(101)],
  ])('ends at %s', (_, text) => {
    const splitter = createSplitter(limits)
    expect(() => splitter.push(Buffer.from(text, 'latin1'))).toThrow(SplitError)
  })

  test('goes on behind a little garbage', () => {
    const splitter = createSplitter(limits)
    const pieces = splitter.push(Buffer.from('\0\0\r\n$\x01\x00\x02ab', 'latin1'))
    expect(joined(pieces)).toEqual(['$\x01\x00\x02ab'])
  })
})
