import type { EventActor, Scope } from './platform/database/tables.ts'

/** On whose behalf something is done. */
export interface Caller {
  /** The key's project; for a caller without a key, the project whose public part it may read, or null. */
  projectId: string | null
  scopes: readonly Scope[]
  actor: EventActor
}
