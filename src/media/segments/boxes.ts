/** What a file of a run should be: the header of all segments, or one segment. */
export type FragmentKind = 'INIT' | 'SEGMENT'

const required: Record<FragmentKind, readonly string[]> = {
  INIT: ['ftyp', 'moov'],
  SEGMENT: ['moof', 'mdat'],
}
/** FFmpeg writes five at most; a file of more is not one of ours. */
const maxBoxes = 64

/**
 * Is a file whole: are its boxes those of its kind, and do their lengths add up to the file's? (A full disk leaves
 * files that are empty or cut, and FFmpeg lists them all the same.) Yields each offset at which it must see up to
 * 16 bytes, and is sent them; returns null for a whole file, else what is wrong with it.
 */
export function* checkBoxes(kind: FragmentKind, sizeBytes: number): Generator<number, string | null, Uint8Array> {
  if (sizeBytes === 0) return 'empty'
  const seen = new Set<string>()
  let offset = 0
  for (let count = 0; offset < sizeBytes; count++) {
    if (count === maxBoxes) return 'too many boxes'
    const header = yield offset
    if (header.length < 8) return `cut within a box header at ${offset}`
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
    const type = String.fromCharCode(...header.subarray(4, 8))
    if (!/^[\x20-\x7e]{4}$/.test(type)) return `no box at ${offset}`
    let length = view.getUint32(0)
    let minimum = 8
    if (length === 1) {
      if (header.length < 16) return `cut within a box header at ${offset}`
      length = Number(view.getBigUint64(8))
      minimum = 16
    }
    if (length < minimum) return `${type} at ${offset} has no length`
    if (offset + length > sizeBytes) return `${type} at ${offset} is cut`
    seen.add(type)
    offset += length
  }
  const missing = required[kind].filter((type) => !seen.has(type))
  return missing.length === 0 ? null : `no ${missing.join(' and no ')}`
}
