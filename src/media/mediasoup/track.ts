import type { types } from 'mediasoup'
import type { SessionTrack } from '../../consumers/media.ts'
import type { MediaKind } from '../../streams/model.ts'
import { mediasoupKinds } from './codecs.ts'
import type { Room } from './room.ts'
import { isFoundByMid } from './rtp-capabilities.ts'

export interface TrackOptions {
  kind: MediaKind
  transport: types.WebRtcTransport
  room: Room
  rtpCapabilities: types.RtpCapabilities
  /** WHEP names the section of the player's offer; else mediasoup takes the next number. */
  mid?: string
  /** Null: known when it has been negotiated. */
  takesNewSsrcs: boolean | null
  paused: boolean
}

/**
 * One kind of media of a session. Its id stays while mediasoup's consumers beneath it come and go.
 *
 * FFmpeg begins its RTP timestamps at random with each process. Where they jump backwards under one SSRC, Chromium shows
 * nothing for 3 s in one of three cases, and after a jump of the audio it takes its sender reports for nonsense and
 * stretches the sound for good. So a player that takes new SSRCs is given a new consumer for each process.
 */
export class Track {
  readonly id: string = crypto.randomUUID()
  readonly kind: MediaKind
  readonly #options: TrackOptions
  #paused: boolean
  #consumer: types.Consumer | null = null
  /** The first one's; those that follow differ in their SSRCs alone. */
  #rtpParameters: types.RtpParameters | null = null
  #sourceId: string | null = null
  #lostBefore = 0
  #lostNow = 0

  constructor(options: TrackOptions) {
    this.kind = options.kind
    this.#options = options
    this.#paused = options.paused
  }

  get paused(): boolean {
    return this.#paused
  }

  get flows(): boolean {
    return this.#consumer !== null
  }

  /** Whether the player goes over to an SSRC that it was not told. */
  get takesNewSsrcs(): boolean {
    return this.#options.takesNewSsrcs ?? (this.#rtpParameters !== null && isFoundByMid(this.#rtpParameters))
  }

  get rtpParameters(): types.RtpParameters {
    return this.#rtpParameters!
  }

  /** Whether it carries, or has carried, this producer of the stream. */
  isOf(source: types.Producer): boolean {
    return this.#sourceId === source.id
  }

  /** Consumes the stream's producer from here on, under a new SSRC. */
  async consume(source: types.Producer): Promise<void> {
    const { room, transport, rtpCapabilities, kind } = this.#options
    const producer = await room.producerOf(kind, source)
    const mid = this.#rtpParameters?.mid ?? this.#options.mid
    const consumer = await transport.consume({
      producerId: producer.id,
      rtpCapabilities,
      ...(mid === undefined ? {} : { mid }),
      paused: this.#paused,
    })
    this.#consumer?.close()
    this.#lostBefore += this.#lostNow
    this.#lostNow = 0
    this.#consumer = consumer
    this.#sourceId = source.id
    this.#rtpParameters ??= consumer.rtpParameters
    consumer.observer.once('close', () => {
      if (this.#consumer === consumer) this.#consumer = null
    })
  }

  async setPaused(paused: boolean): Promise<void> {
    this.#paused = paused
    if (paused) await this.#consumer?.pause()
    else await this.#consumer?.resume()
  }

  close(): void {
    this.#consumer?.close()
  }

  /** Round trip and losses as they are now; a process of FFmpeg that has ended counts as far as it was last asked for. */
  async figures(): Promise<{ packetsLost: number; roundTripMs: number | null }> {
    const stats = (await this.#consumer?.getStats())?.find(({ type }) => type === 'outbound-rtp')
    this.#lostNow = stats?.packetsLost ?? this.#lostNow
    return { packetsLost: this.#lostBefore + this.#lostNow, roundTripMs: stats?.roundTripTime || null }
  }

  /** As the player has it. Whom SSRCs change under is told none: libwebrtc plays what is named to it, or what it finds by MID. */
  describe(): SessionTrack {
    const { encodings, ...rtpParameters } = this.rtpParameters
    const producerId = this.#sourceId!
    return {
      id: this.id,
      producerId,
      kind: this.kind,
      paused: this.#paused,
      consumerOptions: {
        id: this.id,
        producerId,
        kind: mediasoupKinds[this.kind],
        rtpParameters: { ...rtpParameters, encodings: this.takesNewSsrcs ? [{}] : encodings! },
      },
    }
  }
}
