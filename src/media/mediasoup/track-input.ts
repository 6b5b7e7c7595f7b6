import type { types } from 'mediasoup'
import type { MediaKind } from '../../streams/model.ts'
import type { RtpTarget } from '../ffmpeg/types.ts'
import { codecs, mediasoupKinds, producerRtpParameters } from './codecs.ts'
import type { LoopbackPorts, PortPair, PortRange } from './loopback-ports.ts'
import { receiveBufferBytes } from './receive-buffer.ts'
import { firstEpoch, isStraggler, nextEpoch, realLost, type SequenceEpoch } from './sequence.ts'
import type { ProducerFigures, ProducerSpec } from './types.ts'

export interface TrackInputOptions {
  router: types.Router
  streamId: string
  ports: LoopbackPorts
  mediaPorts: PortRange
  now: () => number
}

/** One track's way in: a plain transport tied to FFmpeg's fixed ports, and the producer on it. Outlives FFmpeg processes. */
export class TrackInput {
  readonly kind: MediaKind
  readonly producer: types.Producer
  readonly #transport: types.PlainTransport
  readonly #local: PortPair
  readonly #options: TrackInputOptions
  #epoch: SequenceEpoch = firstEpoch
  readonly #firstPacketListeners = new Set<() => void>()

  static async open(spec: ProducerSpec, options: TrackInputOptions): Promise<TrackInput> {
    const local = await options.ports.allocate()
    let transport: types.PlainTransport | undefined
    try {
      const listenInfo = {
        protocol: 'udp',
        ip: '127.0.0.1',
        portRange: options.mediaPorts,
        recvBufferSize: receiveBufferBytes,
      } as const
      // RTCP on its own port and a fixed peer: FFmpeg sends its reports from a second socket, and what locks on to the
      // first sender it sees (comedia) never hears the process that comes after a crash.
      transport = await options.router.createPlainTransport({ listenInfo, rtcpMux: false, comedia: false })
      await transport.connect({ ip: '127.0.0.1', port: local.rtp, rtcpPort: local.rtcp })
      const producer = await transport.produce({
        id: spec.id,
        kind: mediasoupKinds[spec.kind],
        rtpParameters: producerRtpParameters(spec.kind, spec.ssrc, options.streamId),
      })
      return new TrackInput(spec, transport, producer, local, options)
    } catch (error) {
      transport?.close()
      options.ports.release(local)
      throw error
    }
  }

  private constructor(
    spec: ProducerSpec,
    transport: types.PlainTransport,
    producer: types.Producer,
    local: PortPair,
    options: TrackInputOptions,
  ) {
    this.kind = spec.kind
    this.producer = producer
    this.#transport = transport
    this.#local = local
    this.#options = options
    transport.observer.once('close', () => options.ports.release(local))
    producer.on('trace', ({ type, info }) => {
      if (type !== 'rtp') return
      const { sequenceNumber } = info.rtpPacket as { sequenceNumber: number }
      if (!isStraggler(this.#epoch, sequenceNumber)) this.#firstPacket()
    })
  }

  /** Where the next FFmpeg process sends to, its sequence numbers above all that the producer has received; and whether another has sent before it. */
  async target(): Promise<{ target: RtpTarget; isNewProcess: boolean }> {
    const stats = await this.#stats()
    const last = this.#epoch
    if (stats) this.#epoch = nextEpoch(last, { received: stats.packetCount, lost: stats.packetsLost })
    const target = {
      ssrc: this.producer.rtpParameters.encodings![0]!.ssrc!,
      payloadType: codecs[this.kind].payloadType,
      rtpPort: this.#transport.tuple.localPort,
      rtcpPort: this.#transport.rtcpTuple!.localPort,
      localRtpPort: this.#local.rtp,
      localRtcpPort: this.#local.rtcp,
      sequence: this.#epoch.sequence,
    }
    return { target, isNewProcess: this.#epoch !== last }
  }

  /** Calls back once, at the next packet. Tracing costs a message a packet, so it is on only while somebody waits. */
  onFirstPacket(listener: () => void): () => void {
    this.#firstPacketListeners.add(listener)
    if (this.#firstPacketListeners.size === 1) this.#trace(true)
    return () => {
      if (this.#firstPacketListeners.delete(listener) && this.#firstPacketListeners.size === 0) this.#trace(false)
    }
  }

  async figures(): Promise<ProducerFigures> {
    const stats = await this.#stats()
    const base = { producerId: this.producer.id, kind: this.kind, measuredAt: this.#options.now() }
    if (!stats) {
      return { ...base, packets: 0, bitrateBps: null, packetsLost: null, jitterMs: null, score: null }
    }
    return {
      ...base,
      packets: stats.packetCount,
      bitrateBps: stats.bitrate,
      packetsLost: realLost(this.#epoch, stats.packetsLost),
      jitterMs: (stats.jitter * 1000) / codecs[this.kind].clockRate,
      score: stats.score,
    }
  }

  close(): void {
    this.#firstPacketListeners.clear()
    this.#transport.close()
  }

  /** Null until the first packet has come. */
  async #stats(): Promise<types.ProducerStat | null> {
    return (await this.producer.getStats())[0] ?? null
  }

  #firstPacket(): void {
    if (this.#firstPacketListeners.size === 0) return
    const listeners = [...this.#firstPacketListeners]
    this.#firstPacketListeners.clear()
    this.#trace(false)
    for (const listener of listeners) listener()
  }

  #trace(on: boolean): void {
    if (this.producer.closed) return
    // It fails only when the worker is gone, and then nobody waits for packets any more.
    this.producer.enableTraceEvent(on ? ['rtp'] : []).catch(() => {})
  }
}
