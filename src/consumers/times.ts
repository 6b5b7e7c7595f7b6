import type { ConsumerRow, SessionTokens } from './types.ts'

/** How long things last, from the settings. */
export interface SessionTimes {
  /** How often players are told to send heartbeats. */
  heartbeatSeconds: number
  /** Not heard of for so long, a session is closed. */
  timeoutSeconds: number
  tokenSeconds: number
}

/** A fresh token for a session, and until when it is good (ms since the epoch). */
export function tokenFor(
  tokens: SessionTokens,
  { tokenSeconds }: SessionTimes,
  { id, streamId, projectId }: Pick<ConsumerRow, 'id' | 'streamId' | 'projectId'>,
  now: number,
): { token: string; tokenExpiresAt: number } {
  const tokenExpiresAt = now + tokenSeconds * 1000
  return { token: tokens.make({ consumerId: id, streamId, projectId, expiresAt: tokenExpiresAt }), tokenExpiresAt }
}
