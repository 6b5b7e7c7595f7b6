import { createSocket, type Socket } from 'node:dgram'
import { EventEmitter, once } from 'node:events'
import type { RtpTarget } from '../../src/media/ffmpeg/types.ts'
import { freeUdpPorts } from './free-ports.ts'

const h264Names: Record<number, string> = { 1: 'slice', 5: 'idr', 6: 'sei', 7: 'sps', 8: 'pps', 9: 'aud' }

/** What one RTP sender has sent so far. */
export interface ReceivedRtp {
  packets: number
  ssrcs: Set<number>
  payloadTypes: Set<number>
  firstSequence: number | null
  lastSequence: number | null
  /** Packets that did not bear the number after the one before. */
  jumps: number
  largestPacketBytes: number
  /** Ports that RTP and RTCP came from. */
  fromPorts: Set<number>
  rtcpFromPorts: Set<number>
  senderReports: { ssrc: number; ntpSeconds: number; rtpTimestamp: number }[]
  /** One entry an access unit, by RTP timestamp, at most 500: the kinds of NAL units in it, in order, repeats left out. */
  accessUnits: { timestamp: number; units: string[] }[]
  /** ms since the epoch at which packets came, at most the last 1000. */
  arrivals: number[]
}

/** Stands where mediasoup stands: two UDP ports that take what FFmpeg sends, and look at it. */
export class RtpReceiver extends EventEmitter<{ packet: []; report: [] }> implements AsyncDisposable {
  readonly received: ReceivedRtp = {
    packets: 0,
    ssrcs: new Set(),
    payloadTypes: new Set(),
    firstSequence: null,
    lastSequence: null,
    jumps: 0,
    largestPacketBytes: 0,
    fromPorts: new Set(),
    rtcpFromPorts: new Set(),
    senderReports: [],
    accessUnits: [],
    arrivals: [],
  }
  readonly #rtp: Socket
  readonly #rtcp: Socket
  readonly target: RtpTarget

  private constructor(rtp: Socket, rtcp: Socket, target: RtpTarget) {
    super()
    this.#rtp = rtp
    this.#rtcp = rtcp
    this.target = target
    rtp.on('message', (packet, { port }) => this.#onRtp(packet, port))
    rtcp.on('message', (packet, { port }) => this.#onRtcp(packet, port))
  }

  static async open(wanted: Partial<Pick<RtpTarget, 'ssrc' | 'payloadType' | 'sequence'>> = {}): Promise<RtpReceiver> {
    const [localRtpPort, localRtcpPort] = await freeUdpPorts(2)
    const rtp = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 }).bind(0, '127.0.0.1')
    const rtcp = createSocket('udp4').bind(0, '127.0.0.1')
    await Promise.all([once(rtp, 'listening'), once(rtcp, 'listening')])
    return new RtpReceiver(rtp, rtcp, {
      ssrc: wanted.ssrc ?? 0xf0000001,
      payloadType: wanted.payloadType ?? 101,
      sequence: wanted.sequence ?? 1000,
      rtpPort: rtp.address().port,
      rtcpPort: rtcp.address().port,
      localRtpPort: localRtpPort!,
      localRtcpPort: localRtcpPort!,
    })
  }

  #onRtp(packet: Buffer, port: number): void {
    const received = this.received
    const sequence = packet.readUInt16BE(2)
    if (received.lastSequence !== null && ((received.lastSequence + 1) & 0xffff) !== sequence) received.jumps += 1
    received.packets += 1
    received.ssrcs.add(packet.readUInt32BE(8))
    received.payloadTypes.add(packet[1]! & 0x7f)
    received.firstSequence ??= sequence
    received.lastSequence = sequence
    received.largestPacketBytes = Math.max(received.largestPacketBytes, packet.length)
    received.fromPorts.add(port)
    received.arrivals.push(Date.now())
    if (received.arrivals.length > 1000) received.arrivals.shift()
    this.#noteUnits(packet.readUInt32BE(4), unitTypes(packet.subarray(12)))
    this.emit('packet')
  }

  #noteUnits(timestamp: number, types: number[]): void {
    const { accessUnits } = this.received
    let last = accessUnits.at(-1)
    if (last?.timestamp !== timestamp) {
      if (accessUnits.length >= 500) accessUnits.shift()
      last = { timestamp, units: [] }
      accessUnits.push(last)
    }
    for (const type of types) {
      const name = h264Names[type] ?? String(type)
      if (last.units.at(-1) !== name) last.units.push(name)
    }
  }

  #onRtcp(packet: Buffer, port: number): void {
    this.received.rtcpFromPorts.add(port)
    if (packet[1] !== 200) return
    this.received.senderReports.push({
      ssrc: packet.readUInt32BE(4),
      ntpSeconds: packet.readUInt32BE(8) + packet.readUInt32BE(12) / 2 ** 32,
      rtpTimestamp: packet.readUInt32BE(16),
    })
    this.emit('report')
  }

  /** Resolves when so many packets have come in all. */
  async packets(count: number): Promise<void> {
    while (this.received.packets < count) await once(this, 'packet')
  }

  /** Resolves when so many more packets have come. */
  more(count: number): Promise<void> {
    return this.packets(this.received.packets + count)
  }

  /** Resolves when so many sender reports have come in all. */
  async reports(count: number): Promise<void> {
    while (this.received.senderReports.length < count) await once(this, 'report')
  }

  /** Resolves at the first whole IDR after this call; gives the access units so far, the last, unfinished one left out. */
  async keyframes(count: number): Promise<string[][]> {
    const whole = () => this.received.accessUnits.slice(0, -1).map(({ units }) => units)
    while (whole().filter((units) => units.includes('idr')).length < count) await once(this, 'packet')
    return whole()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = [this.#rtp, this.#rtcp].map((socket) => once(socket, 'close'))
    this.#rtp.close()
    this.#rtcp.close()
    await Promise.all(closed)
  }
}

/** Types of the NAL units in one RTP payload (RFC 6184): single, STAP-A, or the piece of one that FU-A carries. */
function unitTypes(payload: Buffer): number[] {
  const type = payload[0]! & 0x1f
  if (type === 28) return [payload[1]! & 0x1f]
  if (type !== 24) return [type]
  const types: number[] = []
  for (let at = 1; at + 2 < payload.length; at += 2 + payload.readUInt16BE(at)) types.push(payload[at + 2]! & 0x1f)
  return types
}
