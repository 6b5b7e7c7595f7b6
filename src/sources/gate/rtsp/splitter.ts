import { type Head, headerOf, parseHead } from './head.ts'

/** A piece of what comes over an RTSP connection. */
export type Piece =
  /** Bytes of interleaved frames, whole or in part; they are to be passed on as they are. A view of the chunk that was given. */
  | { kind: 'frames'; bytes: Buffer }
  /** A request or an answer with its body. */
  | { kind: 'message'; head: Head; body: Buffer }

/** What ends a connection: it holds what no RTSP connection holds, or too much. The message is for the log. */
export class SplitError extends Error {}

export interface SplitLimits {
  headBytes: number
  bodyBytes: number
  /** Bytes between frames and messages that belong to neither, over the whole connection. */
  garbageBytes: number
}

export interface Splitter {
  /** Takes what has come. Throws SplitError. Pieces of frames come in the order of the bytes, between messages. */
  push(chunk: Buffer): Piece[]
  /** Whether what came last ends with a frame or message, so that something of our own may be put in. */
  isBetween(): boolean
}

const dollar = 0x24
const lineFeed = 0x0a

/**
 * Parts a connection into interleaved frames and messages. Of a frame nothing is looked at but its length, and frames that follow each other are
 * one piece: what it costs grows with the frames, not with the bytes.
 */
export function createSplitter(limits: SplitLimits): Splitter {
  /** What is left to come of the frame that has begun. */
  let frameBytesLeft = 0
  /** The first 1 to 3 bytes of a frame, whose length is not known yet. */
  let frameStart: Buffer | null = null
  /** Of the message that has begun: its head's bytes, then its body's. */
  let head: { text: string; bytes: number } | null = null
  let body: { head: Head; parts: Buffer[]; bytesLeft: number } | null = null
  let garbage = 0

  function push(chunk: Buffer): Piece[] {
    const pieces: Piece[] = []
    let at = 0
    /** Where the run of frames begins that is not in `pieces` yet. */
    let framesFrom = -1
    const endFrames = (end: number) => {
      if (framesFrom >= 0 && end > framesFrom) pieces.push({ kind: 'frames', bytes: chunk.subarray(framesFrom, end) })
      framesFrom = -1
    }
    while (at < chunk.length) {
      if (frameStart) {
        // Rare: a frame's first 4 bytes lie in two chunks.
        const missing = 4 - frameStart.length
        const start: Buffer = Buffer.concat([frameStart, chunk.subarray(at, at + missing)])
        at = Math.min(chunk.length, at + missing)
        frameStart = start.length < 4 ? start : null
        if (frameStart) break
        frameBytesLeft = start.readUInt16BE(2)
        pieces.push({ kind: 'frames', bytes: start })
      } else if (frameBytesLeft > 0) {
        if (framesFrom < 0) framesFrom = at
        const taken = Math.min(frameBytesLeft, chunk.length - at)
        frameBytesLeft -= taken
        at += taken
      } else if (body) {
        const part = Buffer.from(chunk.subarray(at, at + body.bytesLeft))
        body.parts.push(part)
        body.bytesLeft -= part.length
        at += part.length
        if (body.bytesLeft === 0) {
          pieces.push({ kind: 'message', head: body.head, body: Buffer.concat(body.parts) })
          body = null
        }
      } else if (head) {
        at = takeHead(chunk, at, pieces)
      } else if (chunk[at] === dollar) {
        if (framesFrom < 0) framesFrom = at
        if (chunk.length - at < 4) {
          endFrames(at)
          frameStart = Buffer.from(chunk.subarray(at))
          at = chunk.length
        } else {
          frameBytesLeft = chunk.readUInt16BE(at + 2)
          at += 4
        }
      } else {
        endFrames(at)
        if (isUpperCase(chunk[at]!)) head = { text: '', bytes: 0 }
        else {
          at += 1
          garbage += 1
          if (garbage > limits.garbageBytes) throw new SplitError('neither frames nor messages')
        }
      }
    }
    endFrames(chunk.length)
    return pieces
  }

  /** Takes a head's bytes up to its empty line or the end of the chunk; answers where it has got to. */
  function takeHead(chunk: Buffer, from: number, pieces: Piece[]): number {
    let at = from
    while (head && at < chunk.length) {
      const lineEnd = chunk.indexOf(lineFeed, at)
      const end = lineEnd < 0 ? chunk.length : lineEnd + 1
      head.bytes += end - at
      if (head.bytes > limits.headBytes) throw new SplitError('headers without end')
      head.text += chunk.toString('latin1', at, end)
      at = end
      if (head.text.endsWith('\n\r\n') || head.text.endsWith('\n\n')) endHead(head.text, pieces)
    }
    return at
  }

  function endHead(text: string, pieces: Piece[]): void {
    head = null
    const parsed = parseHead(text.trimEnd())
    if (!parsed) throw new SplitError('too many headers')
    const length = headerOf(parsed, 'content-length') ?? '0'
    if (!/^\d{1,9}$/.test(length) || Number(length) > limits.bodyBytes) throw new SplitError('a body without end')
    if (Number(length) > 0) body = { head: parsed, parts: [], bytesLeft: Number(length) }
    else pieces.push({ kind: 'message', head: parsed, body: Buffer.alloc(0) })
  }

  return { push, isBetween: () => frameBytesLeft === 0 && !frameStart && !head && !body }
}

function isUpperCase(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a
}
