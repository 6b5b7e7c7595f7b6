import { lossWindowMs } from '../track-memory.ts'
import { isFlowing } from './freeze.ts'
import { type Evidence, round, rule, trackName } from './rule.ts'

/** A share of fewer packets says nothing. */
const fewestPackets = 50
/** From so much on a picture falls apart. */
export const severeLossPercent = 10

interface Loss extends Evidence {
  lossPercent: number
  lostPackets: number
  packets: number
  windowSeconds: number
  track: string
}

export const packetLoss = rule<Loss>({
  type: 'PACKET_LOSS',
  of: ['VIDEO', 'AUDIO'],
  raiseAfterMs: 3_000,
  clearAfterMs: 10_000,
  measure(seen, kind) {
    const arrived = kind && seen.tracks[kind]?.memory.arrived()
    if (!arrived || arrived.packets + arrived.lost < fewestPackets) return null
    const { packets, lost: lostPackets } = arrived
    const lossPercent = round((lostPackets * 100) / (packets + lostPackets), 2)
    return { lossPercent, lostPackets, packets, windowSeconds: lossWindowMs / 1000, track: kind }
  },
  level({ lossPercent }, { packetLossPercent }) {
    if (lossPercent > packetLossPercent) return 'BAD'
    return lossPercent < packetLossPercent / 2 ? 'GOOD' : 'EDGE'
  },
  severity: ({ lossPercent }) => (lossPercent > severeLossPercent ? 'ERROR' : 'WARNING'),
  reason: ({ lossPercent, windowSeconds, track }) =>
    `${lossPercent} % of the ${trackName(track)} packets of the last ${windowSeconds} s did not arrive at mediasoup.`,
})

interface Jitter extends Evidence {
  jitterMs: number
  track: string
}

/** The estimate carries a jump of the times on over so many packets (RFC 3550: a sixteenth a packet). */
const packetsAfterJump = 400

export const jitterHigh = rule<Jitter>({
  type: 'JITTER_HIGH',
  of: ['VIDEO', 'AUDIO'],
  raiseAfterMs: 5_000,
  clearAfterMs: 10_000,
  measure(seen, kind) {
    const track = kind && seen.tracks[kind]
    if (!track || track.producer.jitterMs === null || !seen.settled || !isFlowing(seen, track)) return null
    if (track.memory.packetsByThisClock < packetsAfterJump) return null
    return { jitterMs: round(track.producer.jitterMs), track: kind }
  },
  level({ jitterMs }, policy) {
    if (jitterMs > policy.jitterMs) return 'BAD'
    return jitterMs < policy.jitterMs * 0.7 ? 'GOOD' : 'EDGE'
  },
  severity: () => 'WARNING',
  reason: ({ jitterMs, track }) =>
    `The ${trackName(track)} packets arrive unevenly: ${jitterMs} ms away from their time on average.`,
})
