import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Amf, AmfError, decodeAmf, encodeAmf, mapStrings } from '../../../src/sources/gate/rtmp/amf.ts'
import {
  ChunkError,
  createChunkReader,
  createChunkWriter,
  type RtmpMessage,
  setChunkSizeType,
} from '../../../src/sources/gate/rtmp/chunks.ts'
import { serverNames } from '../../../src/sources/gate/rtmp/names.ts'

const { value } = fc.letrec<{ value: Amf }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.string(),
    fc.constant('x'.repeat(70_000)),
    fc.constant(null),
    fc.constant(undefined),
    fc.record({
      members: fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 9 }), tie('value')), { maxLength: 4 }),
      isArray: fc.boolean(),
    }),
  ),
}))

describe('AMF0', () => {
  test('says the same after it was read', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 5 }), (values) => {
        const bytes = encodeAmf(values)
        expect(decodeAmf(bytes)).toEqual(values)
        expect(encodeAmf(values.map((each) => mapStrings(each, (text) => text))).equals(bytes)).toBe(true)
      }),
    )
  })

  test('throws AmfError and nothing else, whatever it is given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeAmf(Buffer.from(bytes))
        } catch (error) {
          expect(error).toBeInstanceOf(AmfError)
        }
      }),
    )
  })
})

const message: fc.Arbitrary<RtmpMessage> = fc.record({
  chunkStream: fc.integer({ min: 2, max: 10 }),
  type: fc.constantFrom(3, 4, 5, 20),
  messageStream: fc.nat(0xffffffff),
  timestamp: fc.oneof(fc.nat(1000), fc.constantFrom(0xfffffe, 0xffffff, 0x1000000, 0xffffffff)),
  payload: fc.uint8Array({ maxLength: 700 }).map((bytes) => Buffer.from(bytes)),
})
const chunkSize: fc.Arbitrary<RtmpMessage> = fc.integer({ min: 1, max: 5000 }).map((size) => {
  const payload = Buffer.alloc(4)
  payload.writeUInt32BE(size)
  return { chunkStream: 2, type: setChunkSizeType, messageStream: 0, timestamp: 0, payload }
})

describe('chunks', () => {
  test('carry messages, however they are cut', () => {
    const messages = fc.array(fc.oneof(message, chunkSize), { maxLength: 10 })
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 300 }), (sent, size) => {
        const write = createChunkWriter()
        const bytes = Buffer.concat(sent.map(write))
        const reader = createChunkReader()
        const read: RtmpMessage[] = []
        for (let at = 0; at < bytes.length; at += size) read.push(...reader.push(bytes.subarray(at, at + size)))
        expect(read).toEqual(sent)
      }),
    )
  })

  test('with times that count from the one before, and without headers', () => {
    const reader = createChunkReader()
    const first = [0x03, 0, 0, 10, 0, 0, 1, 20, 0, 0, 0, 0, 0xaa]
    const sameLength = [0x83, 0, 0, 5, 0xbb]
    const sameDelta = [0xc3, 0xcc]
    const read = reader.push(Buffer.from([...first, ...sameLength, ...sameDelta]))
    expect(read.map(({ timestamp, payload }) => [timestamp, payload[0]])).toEqual([
      [10, 0xaa],
      [15, 0xbb],
      [20, 0xcc],
    ])
  })

  test('throw ChunkError and nothing else, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 10 }), (chunks) => {
        const reader = createChunkReader()
        try {
          for (const chunk of chunks) reader.push(Buffer.from(chunk))
        } catch (error) {
          expect(error).toBeInstanceOf(ChunkError)
        }
      }),
    )
  })
})

test('names are changed where they stand alone, with what FFmpeg adds to say who it is', () => {
  const local = { app: 'token', playpath: 's-token', tcUrl: 'rtmp://127.0.0.1:1/token' }
  const server = { app: 'live?key=1', playpath: 'cam', tcUrl: 'rtmp://host:1935/live?key=1' }
  const named = serverNames(local, server)
  expect(named('token?authmod=adobe&user=x')).toBe('live?key=1?authmod=adobe&user=x')
  expect(named('rtmp://127.0.0.1:1/token')).toBe(server.tcUrl)
  expect(named('s-token')).toBe('cam')
  for (const other of ['', 'tokens', 'LNX 9,0,124,2', 'connect', 's-token2']) expect(named(other)).toBe(other)
})
