import type { MediaKind } from '../../streams/model.ts'
import type { RtpTarget } from '../ffmpeg/types.ts'

/** A producer to make: the id is the stored row's, the SSRC is ours. */
export interface ProducerSpec {
  id: string
  kind: MediaKind
  ssrc: number
}

/** Statistics of one producer, read from mediasoup. Null is "not measured". */
export interface ProducerFigures {
  producerId: string
  kind: MediaKind
  packets: number
  bitrateBps: number | null
  packetsLost: number | null
  jitterMs: number | null
  score: number | null
  measuredAt: number
}

/** A way out of a stream's video to a program on this machine: RTP to a free pair of ports on 127.0.0.1. */
export interface VideoTap {
  rtpPort: number
  payloadType: number
  /** Resolves when it has gone, its producer closed or its worker dead. */
  readonly closed: Promise<void>
  close(): void
}

/**
 * A stream's place in mediasoup: a router with one plain transport and one producer a track.
 * It lives as long as the stream is wanted to run; FFmpeg processes come and go beneath it.
 */
export interface StreamMedia {
  readonly streamId: string
  readonly workerPid: number
  /**
   * Where the FFmpeg process that starts now has to send this kind, `sequence` continued from what the producer has received.
   * Ask once a process, after the one before has ended. Null where there is no such producer.
   */
  rtpTarget(kind: MediaKind): Promise<RtpTarget | null>
  /** Calls back once for each kind whose first RTP packet arrives after this call. Returns the way to cancel. */
  onFirstPacket(listener: (kind: MediaKind) => void): () => void
  /** Adds a producer of a kind that is not there. */
  addProducer(spec: ProducerSpec): Promise<void>
  /** Closes one producer and its transport. */
  closeProducer(id: string): Promise<void>
  figures(): Promise<ProducerFigures[]>
  /** Opens a way out of the video; null where there is no video producer. */
  tapVideo(): Promise<VideoTap | null>
  /** Resolves when it has gone without having been asked to: its worker died. Never rejects. */
  readonly lost: Promise<void>
  /** Players by WebRTC that are connected. */
  viewerCount(): number
  close(): Promise<void>
}

/** The pool of mediasoup workers, one a core by default; a dead worker is replaced by itself. */
export interface MediasoupPool {
  /** Opens a stream on the least loaded worker. */
  openStream(streamId: string, producers: ProducerSpec[]): Promise<StreamMedia>
  workers(): { index: number; pid: number; streams: number; webRtcPort: number }[]
  close(): Promise<void>
}
