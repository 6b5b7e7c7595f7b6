import type { SessionClaims } from '../caller.ts'
import { isRenewalDue } from '../heartbeats/tokens.ts'
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

/** When the next heartbeat should come, and a new token where the one that was sent has less than half of its life left. Times in ms. */
export function nextHeartbeat(
  tokens: SessionTokens,
  { heartbeatSeconds, tokenSeconds }: SessionTimes,
  sent: SessionClaims | null,
  at: number,
  accepted: boolean,
): { nextBefore: number | null; token: string | null } {
  const lifeMs = tokenSeconds * 1000
  return {
    nextBefore: accepted ? at + heartbeatSeconds * 1000 : null,
    token: sent && isRenewalDue(sent, lifeMs, at) ? tokens.make({ ...sent, expiresAt: at + lifeMs }) : null,
  }
}
