/** What health is: plain data, shared by the rules, the store and the API. No I/O here. */
import type { ProcessFigures } from '../media/ffmpeg/types.ts'
import type { ProducerFigures } from '../media/mediasoup/types.ts'
import type { FailureCause, MediaKind, SourceTrack, StreamSource, StreamState } from '../streams/model.ts'
import type { StreamPolicyOverrides } from '../streams/policy.ts'

export const healthStatuses = ['HEALTHY', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const
export type HealthStatus = (typeof healthStatuses)[number]

export const severities = ['INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const
export type Severity = (typeof severities)[number]

/** What can be wrong with a stream. Types of the published list that nothing measures yet are not in it. */
export const healthIssueTypes = [
  'PROCESS_DOWN',
  'NO_MEDIA',
  'SOURCE_LOST',
  'VIDEO_FROZEN',
  'AUDIO_FROZEN',
  'PICTURE_STILL',
  'BITRATE_DROP',
  'FRAME_RATE_LOW',
  'KEYFRAME_INTERVAL_LONG',
  'PACKET_LOSS',
  'JITTER_HIGH',
  'SPEED_LOW',
  'CPU_HIGH',
  'MEMORY_HIGH',
  'RESTARTING_OFTEN',
] as const
export type HealthIssueType = (typeof healthIssueTypes)[number]

/** One thing that is wrong. `reason` is a sentence for everybody: no addresses. `since` in ms since the epoch. */
export interface HealthIssue {
  type: HealthIssueType
  severity: Severity
  track: MediaKind | null
  reason: string
  since: number
  /** The figures that it was judged by, units in their names. */
  evidence: Record<string, number | string | null>
}

export interface HealthView {
  status: HealthStatus
  issues: HealthIssue[]
}

export const unknownHealth: HealthView = { status: 'UNKNOWN', issues: [] }

/** What is seen of one stream at one moment, on the node that runs it. Null is "not measured". `at` in ms since the epoch. */
export interface StreamObservation {
  streamId: string
  projectId: string
  at: number
  state: StreamState
  cause: FailureCause | null
  sourceKind: StreamSource['kind']
  /** What the source was learnt to carry. */
  tracks: SourceTrack[] | null
  process: ProcessFigures | null
  producers: ProducerFigures[]
  viewers: number
  restarts: number
  /** Since when the picture has been the same, in ms since the epoch; null where that is not watched, or it moves. */
  pictureStillSince: number | null
}

/** Judges one stream, second by second; keeps what it has to remember, which is bounded. */
export interface HealthWatch {
  /** Takes one observation in; `overrides` is what the stream sets for itself. Never throws. */
  observe(observation: StreamObservation, overrides: StreamPolicyOverrides): HealthView
}

/** Whether there is something to tell: another status, or an issue that opened, closed or became more or less severe. */
export function healthDiffers(before: HealthView, after: HealthView): boolean {
  const keys = ({ status, issues }: HealthView) =>
    [status, ...issues.map(({ type, track, severity }) => `${type} ${track} ${severity}`).sort()].join()
  return keys(before) !== keys(after)
}
