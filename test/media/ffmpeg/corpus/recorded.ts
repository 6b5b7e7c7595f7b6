import type { FailureCause, SourceKind } from '../../../../src/streams/model.ts'

/** One failure as it was: what FFmpeg or ffprobe wrote, how it ended, and what it must be called. */
export interface Recorded {
  name: string
  by: 'ffmpeg' | 'ffprobe'
  kind: SourceKind
  expected: FailureCause
  code: number | null
  signal: string | null
  elapsedMs: number
  /** Null for ffprobe. */
  packets: number | null
  stopped: boolean
  log: string[]
}
