import type { MediaKind } from '../streams/model.ts'
import type { StreamPolicy } from '../streams/policy.ts'
import { type HealthIssue, type Severity, severities } from './model.ts'
import type { Evidence, Rule } from './rules/rule.ts'

/** What one rule has come to for one track. Plain data. */
export interface Standing {
  badSince: number | null
  goodSince: number | null
  measuredAt: number
  issue: HealthIssue | null
}

export const clear: Standing = { badSince: null, goodSince: null, measuredAt: 0, issue: null }

/** An issue that nothing has been measured of for so long is not told any more. */
const forgottenAfterMs = 10_000

/** The standing at `at`, by what was measured (null: nothing was, and then nothing is raised). */
export function next(
  before: Standing,
  rule: Rule,
  track: MediaKind | null,
  measured: Evidence | null,
  policy: StreamPolicy,
  at: number,
): Standing {
  if (measured === null) return forget(before, at)
  const level = rule.level(measured, policy)
  const { issue } = before
  if (level === 'BAD') {
    const badSince = before.badSince ?? at
    if (!issue && at - badSince < rule.raiseAfterMs) return { badSince, goodSince: null, measuredAt: at, issue: null }
    const since = issue?.since ?? Math.min(badSince, rule.since?.(measured, at) ?? badSince)
    const severity = worse(rule.severity(measured, policy), issue?.severity)
    const reason = rule.reason(measured, policy)
    const raised = { type: rule.type, severity, track, reason, since, evidence: measured }
    return { badSince, goodSince: null, measuredAt: at, issue: raised }
  }
  if (!issue) return before.badSince === null && before.goodSince === null ? before : clear
  const goodSince = level === 'GOOD' ? (before.goodSince ?? at) : null
  if (goodSince !== null && at - goodSince >= rule.clearAfterMs) return clear
  return { badSince: null, goodSince, measuredAt: at, issue }
}

/** The node stood still: what was being counted up is counted anew, what is known stays known. */
export function afterStandStill(before: Standing, at: number): Standing {
  return before.issue ? { ...before, goodSince: null, measuredAt: at } : clear
}

function forget(before: Standing, at: number): Standing {
  if (!before.issue) return before.badSince === null ? before : clear
  if (at - before.measuredAt >= forgottenAfterMs) return clear
  return before.goodSince === null ? before : { ...before, goodSince: null }
}

/** An issue gets worse while it is open, and never better: a figure on the edge between two severities would flap. */
function worse(now: Severity, before: Severity | undefined): Severity {
  return before && severities.indexOf(before) > severities.indexOf(now) ? before : now
}
