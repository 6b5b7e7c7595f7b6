import type { CheckOutcome, Component } from './model.ts'

/** One thing that is looked at again and again. */
export interface Check {
  component: Component
  /** Its own among all checks of a node. */
  name: string
  /** Its good answers are kept for HEALTH_CHECK_CACHE_DURATION; a bad one is always looked at anew. */
  costly?: boolean
  /** Of its own; never above HEALTH_CHECK_TIMEOUT. */
  deadlineMs?: number
  /** Throws or rejects where it can not tell: then the component is critical, and why stands in its details. */
  check(signal: AbortSignal): Promise<CheckOutcome>
}

export function healthy(message: string, details: Record<string, unknown> = {}): CheckOutcome {
  return { status: 'HEALTHY', message, details }
}

export function warning(message: string, details: Record<string, unknown> = {}): CheckOutcome {
  return { status: 'WARNING', message, details }
}

export function critical(message: string, details: Record<string, unknown> = {}): CheckOutcome {
  return { status: 'CRITICAL', message, details }
}
