import type { GatedSource } from '../../sources/gate.ts'
import type { MediaKind, ProcessExit, SourceTrack, StreamSource } from '../../streams/model.ts'

/** Where FFmpeg sends one track as RTP, and from which fixed ports. All on 127.0.0.1. */
export interface RtpTarget {
  ssrc: number
  payloadType: number
  /** mediasoup's ports. */
  rtpPort: number
  rtcpPort: number
  /** FFmpeg's own ports: fixed, so that the next process is taken for the same sender. */
  localRtpPort: number
  localRtcpPort: number
  /** The sequence number to go on from (16 bits). */
  sequence: number
}

/** Where live segments go. `folder` exists and is empty; FFmpeg writes init.mp4, N.m4s and its own list there. */
export interface SegmentTarget {
  folder: string
  segmentSeconds: number
}

/** Everything that one ingest process is told, as plain data. */
export interface IngestSpec {
  streamId: string
  /** A FILE source's path is absolute here, already checked to lie below MEDIA_DIR. */
  source: StreamSource
  /** Where the source leads to the gate; closed when the process has ended. */
  gated?: GatedSource | null
  /** What the source carries; FFmpeg is planned on it. */
  tracks: SourceTrack[]
  /** Only the kinds that are to be sent. */
  rtp: Partial<Record<MediaKind, RtpTarget>>
  segments: SegmentTarget | null
  /** Trust `tracks` and skip probing; fall back to false after a failure. */
  fastProbe: boolean
}

/** Figures of one track, from the packet log of the process itself. Null is "not measured yet". */
export interface TrackFigures {
  kind: MediaKind
  packets: number
  /** Since the process started, as `packets`. */
  bytes: number
  fps: number | null
  bitrateBps: number | null
  keyframeIntervalSeconds: number | null
  /** ms since the epoch of the last packet seen. */
  lastProgressAt: number | null
  /** The same of the last keyframe; video alone. */
  lastKeyframeAt: number | null
  /** The media's own time of the newest packet, from wherever the source counts. */
  mediaSeconds: number | null
  /** So many packets in a row, the last one with them, were the same by size and checksum. */
  identicalPackets: number
  /** Where packets come in bursts, the time from one to the next. */
  burstSeconds: number | null
}

/** What a running FFmpeg shows of itself. Null is "not measured". CPU 100 is one core. */
export interface ProcessFigures {
  pid: number
  startedAt: number
  cpuPercent: number | null
  memoryBytes: number | null
  frames: number | null
  fps: number | null
  bitrateBps: number | null
  speed: number | null
  droppedFrames: number | null
  tracks: TrackFigures[]
  /** ms since the epoch of this measurement. */
  measuredAt: number
}

/** One running FFmpeg. */
export interface IngestProcess {
  readonly pid: number
  readonly startedAt: number
  /** Reads the packet log, the progress and /proc now. Call it about once a second; cheap, synchronous, never throws. */
  sample(): ProcessFigures
  /** Settles when the process has ended and been reaped; never rejects. */
  readonly exited: Promise<ProcessExit>
  /** SIGTERM, after `graceMs` SIGKILL (a SIGSTOPped process ends too). Resolves with `exited`. Idempotent. */
  stop(graceMs?: number): Promise<ProcessExit>
  /** The last log lines, redacted, oldest first, at most 50. */
  log(): string[]
  /**
   * What FFmpeg says the source carries, for comparing with what was learnt (tracksDiffer). Null until it has opened the
   * source. `hasBFrames` is what the packets have shown so far.
   */
  reportedTracks(): SourceTrack[] | null
}
