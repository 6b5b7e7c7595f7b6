/** A text frame that is the whole message, from a server (RFC 6455, 5.2). */
const finalText = 0x81
const twoBytesFollow = 126
const eightBytesFollow = 127

/** Messages as the frames in which a server sends them, unmasked and uncompressed, in one piece. */
export function textFrames(texts: readonly string[]): Buffer {
  let size = 0
  for (const text of texts) {
    const length = Buffer.byteLength(text)
    size += headLength(length) + length
  }
  const frames = Buffer.allocUnsafe(size)
  let at = 0
  for (const text of texts) {
    const length = Buffer.byteLength(text)
    frames[at] = finalText
    if (length < twoBytesFollow) frames[at + 1] = length
    else if (length < 0x10000) {
      frames[at + 1] = twoBytesFollow
      frames.writeUInt16BE(length, at + 2)
    } else {
      frames[at + 1] = eightBytesFollow
      frames.writeBigUInt64BE(BigInt(length), at + 2)
    }
    at += headLength(length)
    at += frames.write(text, at, length === text.length ? 'latin1' : 'utf8')
  }
  return frames
}

function headLength(length: number): number {
  return length < twoBytesFollow ? 2 : length < 0x10000 ? 4 : 10
}
