import type { StreamPolicy, StreamPolicyOverrides } from '../streams/policy.ts'
import { type HealthIssue, type HealthView, type HealthWatch, type StreamObservation, unknownHealth } from './model.ts'

/** A watch of one stream; `defaults` is what the server sets. */
export function createHealthWatch(_defaults: StreamPolicy): HealthWatch {
  return {
    observe: (observation: StreamObservation, _overrides: StreamPolicyOverrides): HealthView => judge(observation),
  }
}

function judge({ state, at }: StreamObservation): HealthView {
  if (state === 'STOPPED' || state === 'STARTING' || state === 'STOPPING') return unknownHealth
  if (state === 'LIVE') return { status: 'HEALTHY', issues: [] }
  const down: HealthIssue = {
    type: 'PROCESS_DOWN',
    severity: 'CRITICAL',
    track: null,
    reason: 'No FFmpeg brings media.',
    since: at,
    evidence: {},
  }
  return { status: 'CRITICAL', issues: [down] }
}
