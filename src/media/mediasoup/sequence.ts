/**
 * How far the next process starts above what its producer is known to have received. mediasoup counts losses up to 5 s
 * late, and a process that starts below its predecessor's last number loses its first packets, the keyframe among them.
 * A gap costs nothing but retransmission requests that FFmpeg ignores.
 */
export const sequenceMargin = 64

const modulus = 65_536

/** Where one FFmpeg process began on a producer. */
export interface SequenceEpoch {
  /** The sequence number that the process was told. */
  sequence: number
  /** The producer's counters at that time; `lost` without the gaps that we made. */
  received: number
  lost: number
  /** Sequence numbers that we have skipped on this producer so far, margin by margin. */
  skipped: number
}

/** Starts low, so that a producer's first process never wraps within its first minute. */
export const firstEpoch: SequenceEpoch = { sequence: 1, received: 0, lost: 0, skipped: 0 }

/** The epoch of the process that starts now, from the producer's counters (`lost` as mediasoup has it, with our gaps in it). */
export function nextEpoch(last: SequenceEpoch, counters: { received: number; lost: number }): SequenceEpoch {
  const receivedSince = counters.received - last.received
  if (receivedSince <= 0) return last
  const lost = realLost(last, counters.lost)
  return {
    sequence: (last.sequence + receivedSince + (lost - last.lost) + sequenceMargin) % modulus,
    received: counters.received,
    lost,
    skipped: last.skipped + sequenceMargin,
  }
}

/** Packets really lost: mediasoup's count less the gaps that we made. Never falls, since mediasoup sees a gap late. */
export function realLost(epoch: SequenceEpoch, lost: number): number {
  return Math.max(epoch.lost, lost - epoch.skipped)
}

/** How far below an epoch's start a packet still counts as its predecessor's: what a killed process had on its way. */
const stragglers = 256

/** Whether a packet was sent by the process before this epoch's. */
export function isStraggler(epoch: SequenceEpoch, sequence: number): boolean {
  const below = (epoch.sequence - sequence + modulus) % modulus
  return below > 0 && below <= stragglers
}
