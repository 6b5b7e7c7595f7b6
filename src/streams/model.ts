/** What a stream is: plain data, shared by the store, the API and the media nodes. No I/O here. */

export const desiredStates = ['RUNNING', 'STOPPED'] as const
export type DesiredState = (typeof desiredStates)[number]

export const streamStates = ['STOPPED', 'STARTING', 'LIVE', 'RECOVERING', 'STOPPING', 'ERROR'] as const
export type StreamState = (typeof streamStates)[number]

export const mediaKinds = ['VIDEO', 'AUDIO'] as const
export type MediaKind = (typeof mediaKinds)[number]

export const rtspTransports = ['TCP', 'UDP'] as const
export type RtspTransport = (typeof rtspTransports)[number]

/** Why media did not come or stopped coming. */
export const failureCauses = [
  'AUTH',
  'NOT_FOUND',
  'DNS',
  'REFUSED',
  'UNREACHABLE',
  'TIMEOUT',
  'NO_MEDIA',
  'DECODE',
  'OUT_OF_MEMORY',
  'KILLED',
  'STALLED',
  'LEASE_LOST',
  'NODE_LOST',
  'TLS',
  'UNSUPPORTED',
  'BLOCKED',
  'REDIRECT_LOOP',
  'ENDED',
  'STORAGE',
  'OUTPUT_LOST',
  'WORKER_DIED',
  'UNKNOWN',
] as const
export type FailureCause = (typeof failureCauses)[number]

export const urlSourceKinds = ['RTSP', 'RTMP', 'HLS', 'HTTP', 'SRT'] as const
export type UrlSourceKind = (typeof urlSourceKinds)[number]
export const sourceKinds = [...urlSourceKinds, 'FILE', 'TEST_PATTERN'] as const
export type SourceKind = (typeof sourceKinds)[number]

/** A source that is pulled from a URL. The URL may carry credentials: redact before showing it. */
export interface UrlSource {
  kind: UrlSourceKind
  url: string
  /** RTSP only; TCP unless asked otherwise. */
  rtspTransport?: RtspTransport
}
/** A file below MEDIA_DIR; `path` is relative to it. */
export interface FileSource {
  kind: 'FILE'
  path: string
  loop: boolean
}
export interface TestPatternSource {
  kind: 'TEST_PATTERN'
  width: number
  height: number
  fps: number
  tone: boolean
}
export type StreamSource = UrlSource | FileSource | TestPatternSource

/** One track of a source, as learnt by probing. What could not be told is null. */
export interface SourceTrack {
  kind: MediaKind
  /** FFmpeg's codec name: h264, hevc, mjpeg, aac, pcm_mulaw, opus … */
  codec: string
  /** FFmpeg's profile name: "High", "Constrained Baseline", "LC" … */
  profile: string | null
  width: number | null
  height: number | null
  fps: number | null
  pixelFormat: string | null
  hasBFrames: boolean | null
  channels: number | null
  sampleRate: number | null
}

/** How a process ended. `log` is its last lines, redacted. `at` in ms since the epoch. */
export interface ProcessExit {
  code: number | null
  signal: string | null
  cause: FailureCause
  at: number
  log: string[]
}
