import type { EventActor, Scope } from './platform/database/tables.ts'

/** On whose behalf something is done. */
export interface Caller {
  /** The key's project; for a caller without a key, the project whose public part it may read, or null. */
  projectId: string | null
  scopes: readonly Scope[]
  actor: EventActor
  /** When the key, or the JWT, ends, in ms since the epoch; absent: not by itself. */
  goodUntil?: number
  /** The session that its token stands for: with it and nothing else it may do what a player does. */
  session?: SessionClaims
}

/** What a session's token says. */
export interface SessionClaims {
  consumerId: string
  streamId: string
  /** The session's project. The token opens nothing else of it. */
  projectId: string
  /** ms since the epoch. */
  expiresAt: number
}
