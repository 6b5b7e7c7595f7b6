/** What FFmpeg's -progress says; null is what it does not know (its "N/A"). */
export interface Progress {
  frames: number | null
  fps: number | null
  /** Media seconds a second of wall clock. */
  speed: number | null
  droppedFrames: number | null
}

/** The last whole block in `text`, or null where there is none. A block ends with its `progress=` line. */
export function lastProgress(text: string): Progress | null {
  const end = text.lastIndexOf('\nprogress=')
  if (end < 0) return null
  const start = text.lastIndexOf('progress=', end - 1)
  const block = text.slice(Math.max(start, 0), end)
  const value = (name: string): number | null => {
    const match = new RegExp(`^${name}= *([0-9.]+)x?$`, 'm').exec(block)
    return match ? Number(match[1]) : null
  }
  return { frames: value('frame'), fps: value('fps'), speed: value('speed'), droppedFrames: value('drop_frames') }
}
