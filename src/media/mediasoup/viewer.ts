import type { types } from 'mediasoup'
import type { MediaKind } from '../../streams/model.ts'
import { receiveCapabilities } from './payload-layout.ts'
import type { ViewerRouter } from './viewer-router.ts'
import type { OfferedCodec, WhepOffer } from './whep-offer.ts'

export interface ViewerTimes {
  /** A viewer that is not connected by then goes. */
  connectMs: number
  /** Without an answer to its consent checks for so long, a viewer counts as disconnected. */
  consentSeconds: number
  /** A disconnected viewer that is not back by then goes. */
  disconnectedMs: number
}

/** Together 30 s for a viewer that vanishes without a word; one that closes goes at once, by DTLS. */
export const viewerTimes: ViewerTimes = { connectMs: 15_000, consentSeconds: 20, disconnectedMs: 10_000 }

/**
 * One player's session: a transport and a consumer a kind, paused until the player is connected.
 *
 * FFmpeg begins its RTP timestamps at random with each process. Where they jump backwards under one SSRC, Chromium shows
 * nothing for 3 s in one of three cases, and after a jump of the audio it takes its sender reports for nonsense and
 * stretches the sound for good. So a player that takes new SSRCs is given new consumers for each process.
 */
export class Viewer {
  readonly id: string = crypto.randomUUID()
  readonly transport: types.WebRtcTransport
  readonly takesNewSsrcs: boolean
  readonly #room: ViewerRouter
  readonly #sections: Map<MediaKind, OfferedCodec>
  readonly #times: ViewerTimes
  readonly #consumers = new Map<MediaKind, types.Consumer>()
  #deadline: ReturnType<typeof setTimeout> | undefined

  static async open(
    room: ViewerRouter,
    webRtcServer: types.WebRtcServer,
    offer: WhepOffer,
    sections: Iterable<OfferedCodec>,
    times: ViewerTimes,
    onClose: () => void,
  ): Promise<Viewer> {
    const transport = await room.router.createWebRtcTransport({
      webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      iceConsentTimeout: times.consentSeconds,
    })
    const viewer = new Viewer(transport, room, offer.takesNewSsrcs, sections, times, onClose)
    try {
      const { dtls } = offer
      await transport.connect({ dtlsParameters: { role: dtls.role, fingerprints: [dtls.fingerprint] } })
      return viewer
    } catch (error) {
      viewer.close()
      throw error
    }
  }

  private constructor(
    transport: types.WebRtcTransport,
    room: ViewerRouter,
    takesNewSsrcs: boolean,
    sections: Iterable<OfferedCodec>,
    times: ViewerTimes,
    onClose: () => void,
  ) {
    this.transport = transport
    this.takesNewSsrcs = takesNewSsrcs
    this.#room = room
    this.#sections = new Map([...sections].map((section) => [section.kind, section]))
    this.#times = times
    this.#closeAfter(times.connectMs)
    transport.observer.once('close', () => {
      clearTimeout(this.#deadline)
      onClose()
    })
    transport.on('dtlsstatechange', (state) => {
      if (state === 'connected') this.#onConnected()
      if (state === 'failed' || state === 'closed') this.close()
    })
    transport.on('icestatechange', (state) => {
      if (state === 'closed') this.close()
      if (state === 'disconnected') this.#closeAfter(this.#times.disconnectedMs)
      if ((state === 'connected' || state === 'completed') && this.connected) clearTimeout(this.#deadline)
    })
  }

  get connected(): boolean {
    return this.transport.dtlsState === 'connected' && !this.transport.closed
  }

  /** Consumes the stream's producer of this kind, from here on under a new SSRC. Null where the player does not take the kind. */
  async consume(kind: MediaKind, source: types.Producer): Promise<types.RtpParameters | null> {
    const section = this.#sections.get(kind)
    if (!section) return null
    const producer = await this.#room.producerOf(kind, source)
    const consumer = await this.transport.consume({
      producerId: producer.id,
      rtpCapabilities: receiveCapabilities(section, this.#room.layout),
      mid: section.mid,
      paused: true,
    })
    this.#consumers.get(kind)?.close()
    this.#consumers.set(kind, consumer)
    consumer.observer.once('close', () => {
      if (this.#consumers.get(kind) === consumer) this.#consumers.delete(kind)
    })
    if (this.connected) await consumer.resume()
    return consumer.rtpParameters
  }

  close(): void {
    this.transport.close()
  }

  #onConnected(): void {
    clearTimeout(this.#deadline)
    // A consumer that closes meanwhile has nothing to resume.
    for (const consumer of this.#consumers.values()) consumer.resume().catch(() => {})
  }

  #closeAfter(ms: number): void {
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => this.close(), ms)
  }
}
