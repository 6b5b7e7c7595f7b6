/** The names of what FFmpeg writes into a run's folder. FFmpeg is told them, playback checks them. */

/** FFmpeg's own list of what it has finished. Never served: playlists are ours. */
export const listName = 'live.m3u8'
export const initName = 'init.mp4'
/** As FFmpeg's `hls_segment_filename` wants it. Numbers start at 0 in each run. */
export const segmentPattern = '%d.m4s'

export function segmentName(number: number): string {
  return `${number}.m4s`
}

const segmentShape = /^(0|[1-9]\d{0,8})\.m4s$/

/** The number of the segment that a file name means, or null where it means none. */
export function segmentNumber(name: string): number | null {
  const match = segmentShape.exec(name)
  return match ? Number(match[1]) : null
}
