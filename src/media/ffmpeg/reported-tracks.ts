import type { SourceTrack } from '../../streams/model.ts'

/** Collects what FFmpeg's log says about the streams of its inputs. */
export interface ReportedTracks {
  push(line: string): void
  /** Null until the inputs were described as a whole. `reordered`: whether the packets have shown B-frames. */
  tracks(reordered: boolean | null): SourceTrack[] | null
}

const tracksKept = 8

export function createReportedTracks(): ReportedTracks {
  const found: SourceTrack[] = []
  let where: 'before' | 'input' | 'after' = 'before'
  return {
    push(line) {
      if (where === 'after') return
      if (/^\[info\] Input #\d+, /.test(line)) where = 'input'
      else if (/^\[info\] (Stream mapping:|Output #)/.test(line)) where = 'after'
      else if (where === 'input' && found.length < tracksKept) {
        const track = trackInLine(line)
        if (track) found.push(track)
      }
    },
    tracks(reordered) {
      if (where !== 'after') return null
      return found.map((track) => (track.kind === 'VIDEO' ? { ...track, hasBFrames: reordered } : track))
    },
  }
}

/** E.g. `[info]   Stream #0:0: Video: h264 (High), yuv420p(tv, bt709, progressive), 640x360 [SAR 1:1 DAR 16:9], 25 fps, 25 tbr, 90k tbn`. */
export function trackInLine(line: string): SourceTrack | null {
  const match =
    /^\[info\]\s+Stream #\d+:\d+\S*: (Video|Audio): (\w+)(?: \(([^()/]+)\))?(?: \([^()]*\/[^()]*\))?,? ?(.*)$/.exec(
      // Said where more is logged.
      line.replace(/, \d+ reference frames?/, ''),
    )
  if (!match || line.includes('(attached pic)')) return null
  const [, kind, codec = '', profile = null, rest = ''] = match
  const figure = (pattern: RegExp) => {
    const text = pattern.exec(rest)?.[1]
    return text === undefined ? null : Number(text)
  }
  const common = { codec: codec.toLowerCase(), profile }
  if (kind === 'Audio') {
    const channels = /\b(mono|stereo)\b/.exec(rest)?.[1]
    return {
      ...common,
      kind: 'AUDIO',
      width: null,
      height: null,
      fps: null,
      pixelFormat: null,
      hasBFrames: null,
      channels: channels === 'mono' ? 1 : channels === 'stereo' ? 2 : figure(/\b(\d+) channels\b/),
      sampleRate: figure(/\b(\d+) Hz\b/),
    }
  }
  return {
    ...common,
    kind: 'VIDEO',
    width: figure(/\b(\d+)x\d+\b/),
    height: figure(/\b\d+x(\d+)\b/),
    fps: figure(/\b([\d.]+) fps\b/),
    pixelFormat: /^((?:yuv|rgb|gray|nv|p0|gbr|bgr)\w*)/.exec(rest)?.[1] ?? null,
    hasBFrames: null,
    channels: null,
    sampleRate: null,
  }
}
