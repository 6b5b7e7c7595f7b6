import type { types } from 'mediasoup'
import type { SessionFigures, SessionNotice, SessionRef, SessionTrack } from '../../consumers/media.ts'
import { WeirError } from '../../errors.ts'
import type { MediaKind } from '../../streams/model.ts'
import { checkedDtlsParameters, fingerprintsKey } from './dtls-input.ts'
import type { Room } from './room.ts'
import { canConsume, checkedRtpCapabilities } from './rtp-capabilities.ts'
import { noticesOf, phaseOf, type SessionPhase } from './session-phase.ts'
import { Track, type TrackOptions } from './track.ts'

export interface SessionTimes {
  /** A player by WHEP that is not connected by then goes. By mediasoup's signalling its heartbeats decide. */
  connectMs: number
  /** Without an answer to its consent checks for so long, a player counts as disconnected. */
  consentSeconds: number
  /** A transport that has been disconnected for so long goes; its player can open another. */
  disconnectedMs: number
}

export const sessionTimes: SessionTimes = { connectMs: 15_000, consentSeconds: 20, disconnectedMs: 120_000 }

/** What waits at a session for its turn. */
const maxWaiting = 32

export interface SessionOptions {
  ref: SessionRef
  room: Room
  times: SessionTimes
  now: () => number
  /** The stream's open producers now. */
  sources: () => Map<MediaKind, types.Producer>
  onNotice: (notice: SessionNotice) => void
  onClose: () => void
}

/** How a player receives one kind; null: it does not. */
export type Receiver = (
  kind: MediaKind,
  source: types.Producer,
) => Pick<TrackOptions, 'rtpCapabilities' | 'mid' | 'takesNewSsrcs' | 'paused'> | null

/** One player's session: a transport, and a track for each kind that it receives. */
export class Session {
  readonly ref: SessionRef
  readonly room: Room
  readonly transport: types.WebRtcTransport
  readonly #options: SessionOptions
  readonly #tracks = new Map<MediaKind, Track>()
  #receiver: Receiver | null = null
  #capabilitiesKey: string | null = null
  #connecting: { key: string; done: Promise<void> } | null = null
  #phase: SessionPhase = 'NEW'
  #askedToPause = false
  #closed = false
  #deadline: ReturnType<typeof setTimeout> | undefined
  #queue: Promise<unknown> = Promise.resolve()
  #waiting = 0

  static async open(options: SessionOptions): Promise<Session> {
    const { room, times } = options
    const transport = await room.router.createWebRtcTransport({
      webRtcServer: room.place.running.webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      iceConsentTimeout: times.consentSeconds,
    })
    return new Session(options, transport)
  }

  private constructor(options: SessionOptions, transport: types.WebRtcTransport) {
    this.ref = options.ref
    this.room = options.room
    this.transport = transport
    this.#options = options
    transport.observer.once('close', () => this.#end('DISCONNECTED'))
    transport.on('dtlsstatechange', (state) => {
      if (state === 'failed' || state === 'closed') this.#end('ENDED')
      else this.#look()
    })
    transport.on('icestatechange', () => this.#look())
  }

  get connected(): boolean {
    return this.#phase === 'CONNECTED' || this.#phase === 'PAUSED'
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Tracks for a player of mediasoup's signalling. The same capabilities give the same tracks, and those that the stream has since. */
  consume(input: unknown): Promise<SessionTrack[]> {
    const rtpCapabilities = checkedRtpCapabilities(input)
    const key = JSON.stringify(rtpCapabilities)
    return this.#exclusive(async () => {
      const sources = [...this.#options.sources().values()]
      if (sources.length > 0 && !sources.some((source) => canConsume(source, rtpCapabilities))) {
        throw new WeirError('UNSUPPORTED_MEDIA', 'The player can receive nothing that the stream has.')
      }
      if (this.#capabilitiesKey !== key) this.#dropTracks()
      this.#capabilitiesKey = key
      this.#receiver = (_kind, source) =>
        canConsume(source, rtpCapabilities) ? { rtpCapabilities, takesNewSsrcs: null, paused: true } : null
      await this.#receiveAll()
      return this.tracks()
    })
  }

  /** Tracks for a player that has said in its offer what it receives. */
  async receive(receiver: Receiver): Promise<Track[]> {
    await this.#exclusive(() => {
      this.#receiver = receiver
      return this.#receiveAll()
    })
    return [...this.#tracks.values()]
  }

  /**
   * Gives a producer to a player that takes new SSRCs. To others a new one comes by the next `consume`; who can't ask for it, by WHEP, has
   * to come again.
   */
  renew(kind: MediaKind, source: types.Producer): Promise<void> {
    return this.#exclusive(async () => {
      const track = this.#tracks.get(kind)
      if (track?.takesNewSsrcs) await track.consume(source)
      else if (track && !track.isOf(source) && this.#capabilitiesKey === null) this.lose()
    })
  }

  tracks(): SessionTrack[] {
    return [...this.#tracks.values()].filter((track) => track.flows).map((track) => track.describe())
  }

  /** Throws BAD_USER_INPUT, and CONFLICT where it has been connected with other fingerprints. */
  async connect(input: unknown): Promise<void> {
    const dtlsParameters = checkedDtlsParameters(input)
    const key = fingerprintsKey(dtlsParameters)
    if (this.#connecting && this.#connecting.key !== key) {
      throw new WeirError('CONFLICT', 'The session has been connected with another DTLS fingerprint.')
    }
    this.#connecting ??= { key, done: this.transport.connect({ dtlsParameters }) }
    await this.#connecting.done
  }

  setPaused(kinds: MediaKind[] | null, paused: boolean): Promise<void> {
    return this.#exclusive(async () => {
      const tracks = [...this.#tracks.values()]
      await Promise.all(
        tracks.filter(({ kind }) => kinds?.includes(kind) ?? true).map((track) => track.setPaused(paused)),
      )
      const allPaused = tracks.length > 0 && tracks.every((track) => track.paused)
      if (paused) this.#askedToPause ||= allPaused
      else this.#askedToPause &&= allPaused
      this.#look()
    })
  }

  restartIce(): Promise<types.IceParameters> {
    return this.transport.restartIce()
  }

  async figures(): Promise<SessionFigures> {
    const tracks = [...this.#tracks.values()]
    const [[transport], ofTracks] = await Promise.all([
      this.transport.getStats(),
      Promise.all(tracks.map((track) => track.figures())),
    ])
    const roundTrips = ofTracks.flatMap(({ roundTripMs }) => roundTripMs ?? [])
    const measured = transport && this.#phase !== 'NEW' ? transport : null
    return {
      consumerId: this.ref.consumerId,
      bitrateBps: measured && measured.rtpSendBitrate + measured.rtxSendBitrate,
      bytesSent: measured && measured.rtpBytesSent + measured.rtxBytesSent,
      packetsLost: measured && ofTracks.reduce((sum, { packetsLost }) => sum + packetsLost, 0),
      roundTripMs: roundTrips.length > 0 ? Math.max(...roundTrips) : null,
      tracks: this.tracks(),
      measuredAt: this.#options.now(),
    }
  }

  /** Told to nobody: whoever asks knows. */
  close(): void {
    this.#end(null)
  }

  /** Its connection is gone through no wish of anybody; the player may open it again. */
  lose(): void {
    this.#end('DISCONNECTED')
  }

  /** Ends by itself where the player is not connected in time. */
  expectConnection(): void {
    this.#endAfter(this.#options.times.connectMs, 'ENDED')
  }

  async #receiveAll(): Promise<void> {
    for (const [kind, source] of this.#options.sources()) {
      const known = this.#tracks.get(kind)
      if (known?.flows && known.isOf(source)) continue
      const receive = this.#receiver!(kind, source)
      if (!receive) continue
      const track =
        known && (known.flows || known.takesNewSsrcs)
          ? known
          : new Track({ ...receive, kind, transport: this.transport, room: this.room })
      try {
        await track.consume(source)
        this.#tracks.set(kind, track)
      } catch (error) {
        // A producer that closes meanwhile is one that the stream does not have.
        if (!source.closed || this.#closed) throw error
      }
    }
  }

  #dropTracks(): void {
    for (const track of this.#tracks.values()) track.close()
    this.#tracks.clear()
  }

  /** One after another: two that look for a track at once would make two. */
  async #exclusive<T>(task: () => Promise<T>): Promise<T> {
    if (this.#waiting >= maxWaiting) {
      throw new WeirError('RATE_LIMITED', 'Too much is being asked of this session at once.', { retryAfterSeconds: 1 })
    }
    this.#waiting++
    const result = this.#queue.then(() => {
      if (this.#closed) throw new WeirError('NOT_FOUND', 'The session has ended.')
      return task()
    })
    this.#queue = result.catch(() => {})
    try {
      return await result
    } finally {
      this.#waiting--
    }
  }

  #look(): void {
    const { dtlsState, iceState } = this.transport
    const iceUp = iceState === 'connected' || iceState === 'completed'
    const phase = phaseOf({ dtlsConnected: dtlsState === 'connected', iceUp, paused: this.#askedToPause })
    if (this.#closed || phase === this.#phase) return
    const notices = noticesOf(this.#phase, phase)
    this.#phase = phase
    if (phase === 'DISCONNECTED') this.#endAfter(this.#options.times.disconnectedMs, 'DISCONNECTED')
    else clearTimeout(this.#deadline)
    for (const what of notices) this.#notice(what)
  }

  #end(what: 'DISCONNECTED' | 'ENDED' | null): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#deadline)
    this.transport.close()
    this.#options.onClose()
    const known = what === 'DISCONNECTED' && this.#phase === 'DISCONNECTED'
    if (what && !known) this.#notice(what)
  }

  #endAfter(ms: number, what: 'DISCONNECTED' | 'ENDED'): void {
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => this.#end(what), ms)
  }

  #notice(what: SessionNotice['what']): void {
    this.#options.onNotice({ ...this.ref, what, at: this.#options.now() })
  }
}
