import type { RtpTarget } from './types.ts'

/** One leg of FFmpeg's tee. */
export interface TeeSlave {
  format: string
  /** Numbers of the output streams that this leg gets. */
  streams: number[]
  /** Whether the process goes on without this leg. */
  mayFail: boolean
  options: Record<string, string | number>
}

/** One leg as the tee muxer wants it written. */
export function slave({ format, streams, mayFail, options }: TeeSlave, url: string): string {
  const all = { f: format, select: streams.join(','), onfail: mayFail ? 'ignore' : 'abort', ...options }
  const list = Object.entries(all).map(([name, value]) => `${name}=${escaped(String(value), /[\\':\]]/g)}`)
  return `[${list.join(':')}]${url}`
}

/** All legs in one argument. What a leg holds is read once more here, so it is escaped once more. */
export function tee(legs: string[]): string {
  return legs.map((leg) => escaped(leg, /[\\'|]/g)).join('|')
}

function escaped(text: string, special: RegExp): string {
  return text.replace(special, '\\$&')
}

/** A track that falls silent holds back the other one for so long, in the tee and once more in a queue (10 s by default). */
export const interleaveMicroseconds = 100_000

/**
 * A queue and a thread of its own for a leg. When what reads it stands still, packets are dropped and the other legs
 * don't notice.
 */
export function fifo(packets: number): Record<string, string | number> {
  const options = {
    queue_size: packets,
    drop_pkts_on_overflow: 1,
    restart_with_keyframe: 1,
    max_interleave_delta: interleaveMicroseconds,
  }
  const list = Object.entries(options).map(([name, value]) => `${name}=${value}`)
  return { use_fifo: 1, fifo_options: list.join(':') }
}

/** Fixed ports on both sides: mediasoup takes only what comes from the ports that it was told. */
export function rtpUrl(target: RtpTarget): string {
  const query = new URLSearchParams({
    rtcpport: String(target.rtcpPort),
    localrtpport: String(target.localRtpPort),
    localrtcpport: String(target.localRtcpPort),
    pkt_size: '1200',
  })
  return `rtp://127.0.0.1:${target.rtpPort}?${query}`
}
