import type { MediaKind } from '../../streams/model.ts'
import type { StreamPolicy } from '../../streams/policy.ts'
import type { HealthIssueType, Severity } from '../model.ts'
import type { Seen } from '../seen.ts'

/** The figures that a rule judges by, units in their names; they become the issue's evidence. */
export type Evidence = Record<string, number | string | null>

/** BAD raises, GOOD clears, EDGE keeps what is. */
export type Level = 'BAD' | 'EDGE' | 'GOOD'

/** One rule: pure functions of what is seen. */
export interface Rule<E extends Evidence = Evidence> {
  type: HealthIssueType
  /** Judged for each of these tracks that is sent, or for the stream as a whole (null). */
  of: readonly MediaKind[] | null
  /** Raised when it has been BAD for so long without a break, */
  raiseAfterMs: number
  /** cleared when it has been GOOD for so long without a break. */
  clearAfterMs: number
  /** What it judges by; null is not measured, and then it says nothing. */
  measure(seen: Seen, track: MediaKind | null): E | null
  level(evidence: E, policy: StreamPolicy): Level
  severity(evidence: E, policy: StreamPolicy): Severity
  /** Since when, where that is known better than by when it was seen first. ms since the epoch. */
  since?(evidence: E, at: number): number
  /** A sentence for everybody, with the figures. */
  reason(evidence: E, policy: StreamPolicy): string
}

/** Keeps the evidence's type between a rule's own functions; the watch reads all alike. */
export function rule<E extends Evidence>(made: Rule<E>): Rule {
  return made as unknown as Rule
}

export const trackName = (track: string | number | null | undefined) => (track === 'AUDIO' ? 'audio' : 'video')

/** A figure as a sentence has it: three digits at most behind the point where it is small. */
export function round(value: number, digits = 1): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}
