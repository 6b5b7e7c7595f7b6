import type { SessionClaims } from '../caller.ts'
import { type SessionTokens, sessionTokenPrefix } from '../consumers/types.ts'
import { type IdKind, idPrefixes, kindOfId } from '../ids.ts'

/**
 * A token is `weir_s_`, the three ids without their prefixes (26 characters each), the expiry in ms in base 36 (9), and the HMAC of all that (43): every
 * field has its place, so there is nothing to parse and one way only to write a token.
 */
const idLength = 26
const expiryLength = 9
const macLength = 43
const claimsEnd = sessionTokenPrefix.length + 3 * idLength + expiryLength
const tokenLength = claimsEnd + macLength
/** The claims' characters; what is signed is nothing else. */
const shape = /^weir_s_[0-7][0-9a-hjkmnp-tv-z]{25}[0-7][0-9a-hjkmnp-tv-z]{25}[0-7][0-9a-hjkmnp-tv-z]{25}[0-9a-z]{9}$/

/** Is this a session's token, good or not? Then it is never looked for among the keys. */
export function isSessionToken(text: string): boolean {
  return text.startsWith(sessionTokenPrefix)
}

/** Tokens that are signed by `hmac`: a text's HMAC-SHA256 in base64url. `make` throws RangeError for ids of another kind. */
export function createSessionTokens(hmac: (text: string) => string): SessionTokens {
  return {
    make({ consumerId, streamId, projectId, expiresAt }) {
      const expiry = Math.floor(expiresAt).toString(36).padStart(expiryLength, '0')
      if (!(expiresAt >= 0) || expiry.length > expiryLength) throw new RangeError('no time that a token can expire at')
      const ids = suffix(consumerId, 'Consumer') + suffix(streamId, 'Stream') + suffix(projectId, 'Project')
      const claims = sessionTokenPrefix + ids + expiry
      return claims + hmac(claims)
    },
    read(token, now) {
      if (token.length !== tokenLength) return null
      const claims = token.slice(0, claimsEnd)
      if (!shape.test(claims) || !sameText(token.slice(claimsEnd), hmac(claims))) return null
      const expiresAt = Number.parseInt(claims.slice(-expiryLength), 36)
      if (expiresAt <= now) return null
      return {
        consumerId: idAt(claims, 0, 'Consumer'),
        streamId: idAt(claims, 1, 'Stream'),
        projectId: idAt(claims, 2, 'Project'),
        expiresAt,
      }
    },
  }
}

/** Is it time for a new one? When less than half of its life is left. Times in ms. */
export function isRenewalDue({ expiresAt }: Pick<SessionClaims, 'expiresAt'>, lifeMs: number, now: number): boolean {
  return expiresAt - now < lifeMs / 2
}

function suffix(id: string, kind: IdKind): string {
  if (kindOfId(id) !== kind) throw new RangeError(`not the id of a ${kind}`)
  return id.slice(-idLength)
}

function idAt(claims: string, place: number, kind: IdKind): string {
  const start = sessionTokenPrefix.length + place * idLength
  return `${idPrefixes[kind]}_${claims.slice(start, start + idLength)}`
}

/** Takes as long whatever two texts of one length have in common. */
function sameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return difference === 0
}
