import { segmentNumber } from './names.ts'

/** One finished segment as FFmpeg lists it. */
export interface ListedSegment {
  number: number
  durationSeconds: number
}

/** Reads FFmpeg's list: the segments it holds, oldest first. Lines that mean nothing to us are passed over. */
export function parseList(text: string): ListedSegment[] {
  const segments: ListedSegment[] = []
  let durationSeconds: number | null = null
  for (const line of text.split('\n')) {
    const trimmed = line.trim()
    if (trimmed.startsWith('#EXTINF:')) {
      const value = Number.parseFloat(trimmed.slice('#EXTINF:'.length))
      durationSeconds = Number.isFinite(value) && value > 0 ? value : null
    } else if (trimmed !== '' && !trimmed.startsWith('#')) {
      const number = segmentNumber(trimmed.slice(trimmed.lastIndexOf('/') + 1))
      if (number !== null && durationSeconds !== null) segments.push({ number, durationSeconds })
      durationSeconds = null
    }
  }
  return segments
}
