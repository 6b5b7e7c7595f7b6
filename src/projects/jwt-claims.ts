import type { Caller } from '../caller.ts'
import { kindOfId } from '../ids.ts'
import { type Scope, scopes } from '../platform/database/tables.ts'

const maxNameLength = 200

/** A JWT has three parts and begins with the JSON of a header; no key of ours does. */
export function isJwt(text: string): boolean {
  return /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/.test(text)
}

/**
 * Whom the claims of a JWT stand for that has been verified: `weir_project`, and the words READ, WRITE … (or weir:READ …) in `scope` or
 * `weir_scopes`; other words are other servers'. Null where they name no project that `hasProject` knows, or no end.
 */
export function callerOfClaims(
  claims: Record<string, unknown>,
  hasProject: (projectId: string) => boolean,
): Caller | null {
  const { weir_project: projectId, exp, sub } = claims
  if (typeof projectId !== 'string' || kindOfId(projectId) !== 'Project' || !hasProject(projectId)) return null
  if (typeof exp !== 'number') return null
  const name = typeof sub === 'string' ? sub.slice(0, maxNameLength).toWellFormed() : ''
  return {
    projectId,
    scopes: scopesOf(claims),
    actor: { kind: 'JWT', ...(name ? { name } : {}) },
    goodUntil: exp * 1000,
  }
}

function scopesOf({ scope, weir_scopes: own }: Record<string, unknown>): Scope[] {
  const words = new Set([...wordsOf(scope), ...wordsOf(own)])
  return scopes.filter((name) => words.has(name) || words.has(`weir:${name}`))
}

function wordsOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ')
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : []
}
