/** A message of RTMP's, as chunks carry it. */
export interface RtmpMessage {
  chunkStream: number
  type: number
  /** As it is written: little-endian there. */
  messageStream: number
  /** ms, absolute. */
  timestamp: number
  payload: Buffer
}

export class ChunkError extends Error {}

export const setChunkSizeType = 1
export const commandType = 20
const firstChunkSize = 128
const extended = 0xffffff
/** FFmpeg as a player sends commands and little else. */
const longestMessage = 64 * 1024
const mostChunkStreams = 16

interface Stream {
  timestamp: number
  delta: number
  length: number
  type: number
  messageStream: number
  isExtended: boolean
  parts: Buffer[]
  missing: number
}

/** Puts the messages of a connection together, behind its handshake. */
export function createChunkReader(): { push(bytes: Buffer): RtmpMessage[] } {
  const streams = new Map<number, Stream>()
  let chunkSize = firstChunkSize
  let rest: Buffer = Buffer.alloc(0)

  /** Takes one chunk off `bytes`; its length, and the message that it ends, if any. Null where it has not come wholly. */
  function chunk(bytes: Buffer): { length: number; message: RtmpMessage | null } | null {
    let at = 1
    const has = (count: number) => bytes.length >= at + count
    if (bytes.length < 1) return null
    const format = bytes[0]! >> 6
    let chunkStream = bytes[0]! & 0x3f
    if (chunkStream < 2) {
      const long = chunkStream === 1
      if (!has(long ? 2 : 1)) return null
      chunkStream = 64 + bytes[1]! + (long ? bytes[2]! * 256 : 0)
      at += long ? 2 : 1
    }
    const before = streams.get(chunkStream)
    if (!before && (format !== 0 || streams.size >= mostChunkStreams)) throw new ChunkError('a chunk of no stream')
    const stream: Stream = before ?? {
      ...{ timestamp: 0, delta: 0, length: 0, type: 0, messageStream: 0, isExtended: false, parts: [], missing: 0 },
    }
    const headerBytes = [11, 7, 3, 0][format]!
    if (!has(headerBytes)) return null
    const begins = stream.missing === 0
    if (!begins && format !== 3) throw new ChunkError('a message within a message')
    const next = { ...stream }
    let time = headerBytes >= 3 ? bytes.readUIntBE(at, 3) : 0
    if (headerBytes >= 3) next.isExtended = time === extended
    if (headerBytes >= 7) {
      next.length = bytes.readUIntBE(at + 3, 3)
      next.type = bytes[at + 6]!
    }
    if (headerBytes === 11) next.messageStream = bytes.readUInt32LE(at + 7)
    at += headerBytes
    if (next.isExtended) {
      if (!has(4)) return null
      time = bytes.readUInt32BE(at)
      at += 4
    }
    if (next.length > longestMessage) throw new ChunkError('a message without end')
    if (begins) {
      if (format === 0) next.delta = 0
      else if (format !== 3) next.delta = time
      next.timestamp = format === 0 ? time : (next.timestamp + next.delta) >>> 0
      next.missing = next.length
      next.parts = []
    }
    const taken = Math.min(next.missing, chunkSize)
    if (!has(taken)) return null
    next.parts = [...next.parts, Buffer.from(bytes.subarray(at, at + taken))]
    next.missing -= taken
    streams.set(chunkStream, next)
    const { type, messageStream, timestamp, missing, parts } = next
    const message = missing > 0 ? null : { chunkStream, type, messageStream, timestamp, payload: Buffer.concat(parts) }
    return { length: at + taken, message }
  }

  return {
    push(bytes) {
      rest = Buffer.concat([rest, bytes])
      const messages: RtmpMessage[] = []
      for (let next = chunk(rest); next; next = chunk(rest)) {
        rest = rest.subarray(next.length)
        if (!next.message) continue
        messages.push(next.message)
        if (next.message.type === setChunkSizeType && next.message.payload.length >= 4)
          chunkSize = Math.max(1, next.message.payload.readUInt32BE() & 0x7fffffff)
      }
      return messages
    },
  }
}

/** The chunks of one message, `chunkSize` bytes each; chunk streams from 2 to 63. */
export function chunksOf(message: RtmpMessage, chunkSize: number): Buffer {
  const { chunkStream, type, messageStream, timestamp, payload } = message
  if (chunkStream < 2 || chunkStream > 63) throw new ChunkError('a chunk stream that is not used by players')
  const isExtended = timestamp >= extended
  const time = Buffer.alloc(isExtended ? 4 : 0)
  if (isExtended) time.writeUInt32BE(timestamp)
  const head = Buffer.alloc(12)
  head[0] = chunkStream
  head.writeUIntBE(isExtended ? extended : timestamp, 1, 3)
  head.writeUIntBE(payload.length, 4, 3)
  head[7] = type
  head.writeUInt32LE(messageStream, 8)
  const parts: Buffer[] = [head, time, payload.subarray(0, chunkSize)]
  for (let at = chunkSize; at < payload.length; at += chunkSize)
    parts.push(Buffer.from([0xc0 | chunkStream]), time, payload.subarray(at, at + chunkSize))
  return Buffer.concat(parts)
}

/** Writes messages as chunks, in the size that they themselves have set. */
export function createChunkWriter(): (message: RtmpMessage) => Buffer {
  let chunkSize = firstChunkSize
  return (message) => {
    const bytes = chunksOf(message, chunkSize)
    if (message.type === setChunkSizeType && message.payload.length >= 4)
      chunkSize = Math.max(1, message.payload.readUInt32BE() & 0x7fffffff)
    return bytes
  }
}

/** Of the first chunk of all, as far as its message's type. */
export const chunkHeadBytes = 8

/** Whether a connection can begin so, behind its handshake: with a whole header, of a type that there is. */
export function beginsMessages(head: Buffer): boolean {
  const type = head[7] ?? 0
  return head[0]! >> 6 === 0 && ((type >= 1 && type <= 22) || head[0]! < 2)
}
