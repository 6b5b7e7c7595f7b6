import { isKnown, lowestUsual } from '../norm.ts'
import type { Seen, SeenTrack } from '../seen.ts'
import { isFlowing } from './freeze.ts'
import { type Evidence, round, rule } from './rule.ts'

/** Of the threshold: what has come back so far is well again. */
const clearedShare = 0.6

interface Drop extends Evidence {
  dropPercent: number
  bitrateBps: number | null
  averageBps: number | null
  packetsPerSecond: number | null
  averagePacketsPerSecond: number | null
  /** As much as it falls by itself. */
  usualDropPercent: number
}

/** Coders that send less, or nothing, while it is silent: a silent room is no fault. */
const silenceCoders = /^(opus|amr|amrnb|amrwb|g729|speex|evs|gsm|silk|iac|ilbc)/

const percent = (share: number) => round(share * 100)

/** By what its frames would bring on average: that there are fewer of them is another issue, or how the source works. */
function video(track: SeenTrack): Drop | null {
  const { bitrateBps, packetRate, bitrate, frameRate, bitrateIsKnown } = track.memory
  if (bitrateBps === null || packetRate === null || !bitrateIsKnown || !isKnown(frameRate)) return null
  const averageBps = bitrate.mean * Math.min(1, packetRate / frameRate.mean)
  if (averageBps <= 0) return null
  // Where frames come as the picture moves, what they weigh differs as well.
  const strays = bitrate.deviation + frameRate.deviation / 2
  return {
    dropPercent: percent(1 - bitrateBps / averageBps),
    bitrateBps: Math.round(bitrateBps),
    averageBps: Math.round(averageBps),
    packetsPerSecond: null,
    averagePacketsPerSecond: null,
    usualDropPercent: percent(1 - lowestUsual({ ...bitrate, deviation: strays }) / bitrate.mean),
  }
}

/** By packets: each carries the same time, and its size only tells how loud it is. */
function audio({ declared, log, memory: { frameRate, bitrateBps, bitrate } }: SeenTrack): Drop | null {
  if (!log || log.fps === null || !isKnown(frameRate) || !declared || silenceCoders.test(declared.codec)) return null
  return {
    dropPercent: percent(1 - log.fps / frameRate.mean),
    bitrateBps: bitrateBps === null ? null : Math.round(bitrateBps),
    averageBps: isKnown(bitrate) ? Math.round(bitrate.mean) : null,
    packetsPerSecond: round(log.fps),
    averagePacketsPerSecond: round(frameRate.mean),
    usualDropPercent: percent(1 - lowestUsual(frameRate) / frameRate.mean),
  }
}

export const bitrateDrop = rule<Drop>({
  type: 'BITRATE_DROP',
  of: ['VIDEO', 'AUDIO'],
  raiseAfterMs: 5_000,
  clearAfterMs: 10_000,
  measure(seen: Seen, kind) {
    const track = kind && seen.tracks[kind]
    if (!track?.log || !seen.settled || !isFlowing(seen, track)) return null
    return kind === 'VIDEO' ? video(track) : audio(track)
  },
  level({ dropPercent, usualDropPercent }, { bitrateDropPercent }) {
    if (dropPercent > bitrateDropPercent && dropPercent > usualDropPercent) return 'BAD'
    return dropPercent < bitrateDropPercent * clearedShare ? 'GOOD' : 'EDGE'
  },
  severity: () => 'WARNING',
  reason: ({ dropPercent, bitrateBps, averageBps, packetsPerSecond, averagePacketsPerSecond }) =>
    packetsPerSecond === null
      ? `The video's bitrate is ${kbps(bitrateBps)} kbit/s, ${dropPercent} % below its average of ${kbps(averageBps)} kbit/s.`
      : `Audio brings ${packetsPerSecond} packets a second, ${dropPercent} % below its average of ${averagePacketsPerSecond}.`,
})

const kbps = (bps: number | null) => (bps === null ? '?' : round(bps / 1000))
