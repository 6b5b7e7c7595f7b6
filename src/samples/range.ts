import { badInput } from '../errors.ts'
import { reachMs } from './tiers.ts'

/** A part of the past, in ms since the epoch: [from, to) in at most `maxPoints` buckets. */
export interface TimelineRange {
  from: number
  to: number
  maxPoints: number
}

const maxPointsAllowed = { least: 2, most: 2000 }
/** Clocks of callers are not exactly ours. */
const clockToleranceMs = 5000

/** The arguments of a timeline; `to` null is now. Throws BAD_USER_INPUT. */
export function timelineRange(
  args: { from: Date; to?: Date | null | undefined; maxPoints: number },
  now: number,
): TimelineRange {
  const from = args.from.getTime()
  const to = args.to?.getTime() ?? now
  const { least, most } = maxPointsAllowed
  if (args.maxPoints < least || args.maxPoints > most) throw badInput('maxPoints', `This must be ${least} to ${most}.`)
  refuseFuture('to', to, now)
  refuseTooOld('from', from, now)
  if (from >= to) throw badInput('from', 'This must lie before `to`.')
  return { from, to: Math.min(to, now), maxPoints: args.maxPoints }
}

/** One instant of the past. Throws BAD_USER_INPUT. */
export function pastInstant(time: Date, now: number): number {
  refuseFuture('time', time.getTime(), now)
  refuseTooOld('time', time.getTime(), now)
  return Math.min(time.getTime(), now)
}

function refuseFuture(path: string, at: number, now: number): void {
  if (at > now + clockToleranceMs) throw badInput(path, 'This lies in the future.')
}

function refuseTooOld(path: string, at: number, now: number): void {
  if (at < now - reachMs) throw badInput(path, `Samples are kept for ${reachMs / 86_400_000} days.`)
}
