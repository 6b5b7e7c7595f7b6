import type { ErrorCode } from '../errors.ts'
import type { NewEvent } from '../events/model.ts'
import type { EventActor } from '../platform/database/tables.ts'

/** A mutation that was asked for, and what came of it. Nothing of its input but ids. */
export interface AuditEntry {
  projectId: string
  actor: EventActor
  mutation: string
  result: 'OK' | ErrorCode
  subjectIds: readonly string[]
  transport: 'HTTP' | 'WEBSOCKET'
  requestId: string
}

/** The most ids that one event names. */
export const maxSubjects = 20

/** Signs of life are no changes: there are thousands a second of them. */
export function isAudited(mutation: string): boolean {
  return mutation !== 'recordHeartbeat' && mutation !== 'recordHeartbeats'
}

export function auditEvent({ projectId, actor, subjectIds, ...entry }: AuditEntry): NewEvent {
  const data = { ...entry, subjectIds: [...new Set(subjectIds)].slice(0, maxSubjects) }
  return { type: 'audit.mutation', projectId, subjectId: projectId, actor, data }
}

/** Whether anybody at all can cause it as often as they like: refused for want of a key, or for asking too often. */
export function isCheap({ actor, result }: AuditEntry): boolean {
  return result === 'RATE_LIMITED' || (actor.kind === 'ANONYMOUS' && result !== 'OK')
}
