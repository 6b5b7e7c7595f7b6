import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { Caller } from '../caller.ts'
import { callerOfClaims } from './jwt-claims.ts'

/** What public keys can verify; no secret of ours or theirs ever signs, so HS256 with a public key for secret is none. */
const algorithms = ['RS256', 'ES256', 'EdDSA']
const clockToleranceSeconds = 30
const maxLength = 8192

/**
 * Whom a JWT of the operator's own issuer stands for; null for one that is not good, whatever is wrong with it. Throws UNAVAILABLE while the issuer's
 * keys are not known.
 */
export function createJwtReader(parts: {
  keys: JWTVerifyGetKey
  issuer: string | null
  audience: string | null
  hasProject: (projectId: string) => boolean
  /** ms since the epoch. */
  now: () => number
}): (token: string) => Promise<Caller | null> {
  const { keys, issuer, audience, hasProject, now } = parts
  return async (token) => {
    if (token.length > maxLength) return null
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms,
        requiredClaims: ['exp', 'weir_project'],
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(now()),
        ...(issuer === null ? {} : { issuer }),
        ...(audience === null ? {} : { audience }),
      })
      return callerOfClaims(payload, hasProject)
    } catch (error) {
      // A key in the JWKS that is none is as good as no key.
      if (error instanceof errors.JOSEError || error instanceof TypeError) return null
      throw error
    }
  }
}
