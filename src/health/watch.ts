import { policyOf, type StreamPolicy, type StreamPolicyOverrides } from '../streams/policy.ts'
import { afterStandStill, clear, next, type Standing } from './hysteresis.ts'
import { type HealthIssue, type HealthStatus, type HealthView, type HealthWatch, unknownHealth } from './model.ts'
import { rules } from './rules/index.ts'
import { type Seen, StreamMemory } from './seen.ts'

export interface WatchOptions {
  /** How many cores FFmpeg may use. */
  usableCores: number
  /** How often it is observed. */
  intervalMs: number
}

const healthy: HealthView = { status: 'HEALTHY', issues: [] }

/** Each rule with each track that it is judged for, or the stream as a whole. */
const judged = rules.flatMap((rule) => (rule.of ?? [null]).map((track) => ({ rule, track })))

/** A watch of one stream; `defaults` is what the server sets. */
export function createHealthWatch(
  defaults: StreamPolicy,
  { usableCores, intervalMs }: WatchOptions = { usableCores: 1, intervalMs: 1000 },
): HealthWatch {
  let memory = new StreamMemory(intervalMs)
  let standings: Standing[] = judged.map(() => clear)
  let known: { overrides: StreamPolicyOverrides; policy: StreamPolicy } | null = null

  return {
    observe(observation, overrides) {
      if (known?.overrides !== overrides) known = { overrides, policy: policyOf(defaults, overrides) }
      const { policy } = known
      if (observation.state === 'STOPPED' || observation.state === 'STARTING' || observation.state === 'STOPPING') {
        memory = new StreamMemory(intervalMs)
        standings = standings.fill(clear)
        return unknownHealth
      }
      const seen = memory.take(observation, policy, usableCores)
      const issues: HealthIssue[] = []
      judged.forEach(({ rule, track }, index) => {
        const before = seen.stoodStill ? afterStandStill(standings[index]!, seen.at) : standings[index]!
        const isSent = track === null || seen.tracks[track] !== undefined
        const after = isSent ? next(before, rule, track, rule.measure(seen, track), policy, seen.at) : clear
        standings[index] = after
        if (after.issue) issues.push(after.issue)
      })
      return viewOf(seen, issues)
    },
  }
}

function viewOf({ measured, observation }: Seen, issues: HealthIssue[]): HealthView {
  if (issues.length === 0) return measured && observation.state === 'LIVE' ? healthy : unknownHealth
  const status = statusOf(issues)
  return { status: status === 'HEALTHY' && !measured ? 'UNKNOWN' : status, issues }
}

/** By the worst of them: CRITICAL from ERROR on; what is only worth knowing (INFO) leaves a stream HEALTHY. */
export function statusOf(issues: readonly HealthIssue[]): HealthStatus {
  let status: HealthStatus = 'HEALTHY'
  for (const { severity } of issues) {
    if (severity === 'ERROR' || severity === 'CRITICAL') return 'CRITICAL'
    if (severity === 'WARNING') status = 'WARNING'
  }
  return status
}
