/** One segment as our playlist shows it. */
export interface PlaylistSegment {
  sequence: number
  /** Segments of one number follow each other without a break; the next break has the next number. */
  discontinuitySequence: number
  uri: string
  initUri: string
  durationSeconds: number
  /** Wall clock of its first frame in ms since the epoch; null where it isn't known. */
  startsAtMs: number | null
}

/** The live media playlist of these segments (at least one, oldest first, sequences without gaps). */
export function livePlaylist(segments: readonly PlaylistSegment[], targetDurationSeconds: number): string {
  const first = segments[0]!
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-TARGETDURATION:${targetDurationSeconds}`,
    `#EXT-X-MEDIA-SEQUENCE:${first.sequence}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${first.discontinuitySequence}`,
  ]
  let previous: PlaylistSegment | null = null
  for (const segment of segments) {
    const broken = previous !== null && previous.discontinuitySequence !== segment.discontinuitySequence
    if (broken) lines.push('#EXT-X-DISCONTINUITY')
    if (broken || previous === null) lines.push(`#EXT-X-MAP:URI="${segment.initUri}"`)
    if (segment.startsAtMs !== null) {
      lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(Math.round(segment.startsAtMs)).toISOString()}`)
    }
    lines.push(`#EXTINF:${segment.durationSeconds.toFixed(6)},`, segment.uri)
    previous = segment
  }
  return `${lines.join('\n')}\n`
}

/** The playlist with a query (`name=value`, percent-encoded already) on each address that it names, which have none of their own. */
export function withQuery(playlist: string, query: string): string {
  return playlist
    .split('\n')
    .map((line) => {
      if (line.startsWith('#EXT-X-MAP:')) return line.replace(/URI="([^"]*)"/, `URI="$1?${query}"`)
      return line === '' || line.startsWith('#') ? line : `${line}?${query}`
    })
    .join('\n')
}
