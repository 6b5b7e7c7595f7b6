/** What is usual for a figure: its running average, and how far it strays from that as a share of it. */
export interface Norm {
  mean: number
  deviation: number
  /** How long it has been learnt. */
  seconds: number
}

export const noNorm: Norm = { mean: 0, deviation: 0, seconds: 0 }

/** Nothing is judged by a norm that has been learnt for less. */
export const warmUpSeconds = 20
/** Before this everything is taken for usual. */
const firstSeconds = 5
const meanSeconds = 60
const deviationSeconds = 300
/** What is far below the norm becomes the norm so slowly that it is told for minutes first. */
const unusualSeconds = 900
/** Below this share of the average a figure is not taken for usual. */
export const usualShare = 0.7

/** The norm after `value` has held for `seconds`; `momentary` is the same figure over a shorter time, where there is one. */
export function learn(norm: Norm, value: number, seconds: number, momentary = value): Norm {
  const learnt = norm.seconds + seconds
  const unusual = norm.seconds >= firstSeconds && value < norm.mean * usualShare && value < lowestUsual(norm)
  const weight = (span: number) => Math.min(1, seconds / (unusual ? unusualSeconds : Math.min(learnt, span)))
  const strays = norm.seconds === 0 || norm.mean === 0 ? 0 : Math.min(Math.abs(momentary - norm.mean) / norm.mean, 2)
  return {
    mean: norm.mean + (value - norm.mean) * weight(meanSeconds),
    deviation: norm.deviation + (strays - norm.deviation) * weight(deviationSeconds),
    seconds: learnt,
  }
}

export function isKnown({ seconds, mean }: Norm): boolean {
  return seconds >= warmUpSeconds && mean > 0
}

/** What strays a lot by its nature (a variable bitrate, a variable frame rate) has to fall further before it means anything. */
export function lowestUsual({ mean, deviation }: Norm): number {
  return mean * (1 - Math.min(0.97, 3 * deviation))
}
