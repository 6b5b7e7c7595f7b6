import type Hls from 'hls.js'
import { type HlsSession, openHls } from './hls.ts'
import { openWhep, type WhepSession, whepFigures } from './whep.ts'

export type Transport = 'whep' | 'hls'

/** CONNECTING: no picture yet. STALLED: there was one, and nothing new comes. WAITING: before the next attempt. */
export type PlayerPhase = 'IDLE' | 'CONNECTING' | 'PLAYING' | 'STALLED' | 'WAITING'

/** What the player shows of itself. Null is "not known". */
export interface PlayerStatus {
  phase: PlayerPhase
  transport: Transport | null
  /** By this attempt; with HLS, by the video element. */
  framesDecoded: number | null
  fps: number | null
  width: number | null
  height: number | null
  /** Why the last attempt ended. */
  reason: string | null
}

export interface PlayerOptions {
  video: HTMLVideoElement
  whepUrl: string
  hlsUrl: string
  /** Tried in this order, again and again until one plays. */
  transports: readonly Transport[]
  headers?: () => Record<string, string>
  loadHls: () => Promise<typeof Hls>
  onStatus: (status: PlayerStatus) => void
}

/** No packet for so long: this transport doesn't work. An HLS playlist may be waited for. */
const firstPacketMs: Record<Transport, number> = { whep: 4000, hls: 12_000 }
/** Packets but no picture: a source may send a keyframe every ten seconds only. */
const firstPictureMs = 12_000
const stalledMs = 2500
/** The stream is said to be live, but nothing new comes: begin anew. */
const deadMs: Record<Transport, number> = { whep: 8000, hls: 15_000 }
const pollMs = 500
const maxWaitMs = 15_000

/** One attempt's counters: what came in, and what was made a picture (or sound, where there is no picture). */
interface Progress {
  received: number
  shown: number
  framesDecoded: number | null
}

export const idleStatus: PlayerStatus = {
  phase: 'IDLE',
  transport: null,
  framesDecoded: null,
  fps: null,
  width: null,
  height: null,
  reason: null,
}

/** Keeps one stream playing on one video element until it is stopped: WHEP first, HLS where that shows nothing. */
export class Player {
  private readonly options: PlayerOptions
  private running: AbortController | null = null
  private ended: Promise<void> = Promise.resolve()
  private live = true
  private status = idleStatus

  constructor(options: PlayerOptions) {
    this.options = options
  }

  start(): void {
    if (this.running) return
    const running = new AbortController()
    this.running = running
    // The video element belongs to one run at a time.
    this.ended = this.ended.then(() => this.run(running.signal))
  }

  stop(): void {
    this.running?.abort()
    this.running = null
    this.show(idleStatus)
  }

  /** Whether the server says that media flows: while it doesn't, a still picture is no reason to begin anew. */
  setLive(live: boolean): void {
    this.live = live
  }

  private async run(signal: AbortSignal): Promise<void> {
    let reason: string | null = null
    for (let failures = 0; !signal.aborted; ) {
      for (const transport of this.options.transports) {
        this.show({ ...idleStatus, phase: 'CONNECTING', transport, reason })
        const ended: { played: boolean; reason: string } = await this.attempt(transport, signal)
        if (signal.aborted) return
        reason = ended.reason
        if (ended.played) {
          failures = 0
          break
        }
      }
      this.show({ ...this.status, phase: 'WAITING', reason })
      await delay(Math.min(maxWaitMs, 1000 * 2 ** failures++) * (0.75 + Math.random() / 2), signal)
    }
  }

  /** Plays until it fails or `signal` is aborted. */
  private async attempt(transport: Transport, signal: AbortSignal): Promise<{ played: boolean; reason: string }> {
    const { video } = this.options
    const headers = this.options.headers?.() ?? {}
    let played = false
    let close = () => {}
    const left = () => close()
    try {
      let progress: () => Promise<Progress>
      let failed: Promise<string>
      if (transport === 'whep') {
        const session = await openWhep({ url: this.options.whepUrl, headers, signal })
        close = () => session.close()
        video.srcObject = session.media
        progress = () => whepProgress(session)
        failed = peerFailed(session)
      } else {
        const session: HlsSession = await openHls({
          url: this.options.hlsUrl,
          video,
          headers,
          load: this.options.loadHls,
        })
        close = () => session.close()
        progress = async () => hlsProgress(video)
        failed = session.failed
      }
      window.addEventListener('pagehide', left)
      void video.play().catch(() => {})
      const reason = await this.watch(transport, progress, failed, signal, () => {
        played = true
      })
      return { played, reason }
    } catch (error) {
      return { played, reason: error instanceof Error ? error.message : String(error) }
    } finally {
      window.removeEventListener('pagehide', left)
      close()
      video.srcObject = null
    }
  }

  /** Looks at the counters until the attempt must end; resolves with the reason. */
  private async watch(
    transport: Transport,
    progress: () => Promise<Progress>,
    failed: Promise<string>,
    signal: AbortSignal,
    onPlayed: () => void,
  ): Promise<string> {
    let failure: string | null = null
    void failed.then((reason) => {
      failure = reason
    })
    const beganAt = performance.now()
    let last: Progress = { received: 0, shown: 0, framesDecoded: null }
    let lastShownAt: number | null = null
    let liveSince = beganAt
    const rate = new Rate()
    while (!signal.aborted) {
      const now = performance.now()
      const current = await progress()
      if (failure !== null) return failure
      if (current.shown > last.shown) {
        lastShownAt = now
        onPlayed()
      }
      if (!this.live) liveSince = now
      last = current
      const stillMs = now - (lastShownAt ?? beganAt)
      const { videoWidth, videoHeight } = this.options.video
      this.show({
        ...this.status,
        phase: lastShownAt === null ? 'CONNECTING' : stillMs > stalledMs ? 'STALLED' : 'PLAYING',
        framesDecoded: current.framesDecoded,
        fps: rate.next(current.framesDecoded, now),
        width: videoWidth || null,
        height: videoHeight || null,
      })
      if (lastShownAt === null && stillMs > (current.received > 0 ? firstPictureMs : firstPacketMs[transport]))
        return 'no picture'
      if (lastShownAt !== null && Math.min(stillMs, now - liveSince) > deadMs[transport])
        return 'the picture stood still'
      await delay(pollMs, signal)
    }
    return 'stopped'
  }

  private show(status: PlayerStatus): void {
    this.status = status
    this.options.onStatus(status)
  }
}

/** Frames a second over the last few looks. */
class Rate {
  private looks: { frames: number; at: number }[] = []

  next(frames: number | null, at: number): number | null {
    if (frames === null) return null
    this.looks = [...this.looks.slice(-6), { frames, at }]
    const first = this.looks[0]!
    return at - first.at < 1000 ? null : Math.max(0, ((frames - first.frames) * 1000) / (at - first.at))
  }
}

async function whepProgress(session: WhepSession): Promise<Progress> {
  const { framesDecoded, videoPackets, audioPackets } = await whepFigures(session)
  const withVideo = session.peer
    .getTransceivers()
    .some((transceiver) => transceiver.receiver.track.kind === 'video' && transceiver.currentDirection === 'recvonly')
  return withVideo
    ? { received: videoPackets ?? 0, shown: framesDecoded ?? 0, framesDecoded }
    : { received: audioPackets ?? 0, shown: audioPackets ?? 0, framesDecoded: null }
}

function hlsProgress(video: HTMLVideoElement): Progress {
  const framesDecoded = video.videoWidth > 0 ? video.getVideoPlaybackQuality().totalVideoFrames : null
  return { received: video.buffered.length, shown: framesDecoded ?? video.currentTime, framesDecoded }
}

/** A lost connection may come back by itself within seconds; a failed one never does. */
function peerFailed({ peer }: WhepSession): Promise<string> {
  return new Promise((resolve) => {
    peer.addEventListener('connectionstatechange', () => {
      if (peer.connectionState === 'failed' || peer.connectionState === 'closed') resolve('the connection was lost')
    })
  })
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
