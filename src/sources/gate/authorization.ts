import { createHash } from 'node:crypto'
import type { Credentials } from './source-url.ts'

/** One way to say who asks, as a WWW-Authenticate header offers it. */
export interface Challenge {
  /** In lower case: basic, digest … */
  scheme: string
  /** Names in lower case, values without their quotes. */
  parameters: Record<string, string>
}

const mostChallenges = 8
const longestValue = 1024

/** Reads the challenges of all WWW-Authenticate headers of an answer; what can't be read is left out. */
export function parseChallenges(headers: readonly string[]): Challenge[] {
  return headers.flatMap(challengesIn).slice(0, mostChallenges)
}

function challengesIn(header: string): Challenge[] {
  const found: Challenge[] = []
  // Either `name = value`, or a scheme before its first parameter; in this order, for a scheme has no equals sign behind it.
  const token = /([\w!#$%&'*+.^`|~-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g
  for (const [whole, name = '', quoted, bare] of header.slice(0, 8192).matchAll(token)) {
    if (!whole.includes('=')) found.push({ scheme: name.toLowerCase(), parameters: {} })
    else if (found.length > 0) {
      const value = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? ''
      const { parameters } = found.at(-1)!
      if (value.length <= longestValue && !Object.hasOwn(parameters, name.toLowerCase()))
        parameters[name.toLowerCase()] = value
    }
  }
  return found
}

export interface AuthorizedRequest {
  method: string
  /** As it stands in the request's first line. */
  uri: string
}

/** Remembers what a server asked for, and answers each request by it. */
export interface Authorizer {
  /** The value of the Authorization header for this request; null where nothing was asked for or can be given. */
  header(request: AuthorizedRequest): string | null
  /**
   * Takes the challenges of an answer with 401. True where the same request may be tried again: there is something new to say. A second
   * refusal of the same credentials is final, except where the server says that only its nonce is stale.
   */
  refused(challenges: readonly Challenge[]): boolean
}

const hashes: Record<string, string> = { md5: 'md5', 'sha-256': 'sha256' }

/** Digest before Basic, SHA-256 before MD5. `random` makes so many bytes as hexadecimal digits. */
export function createAuthorizer(credentials: Credentials | null, random: (bytes: number) => string): Authorizer {
  let chosen: Challenge | null = null
  let uses = 0

  return {
    header({ method, uri }) {
      if (!credentials || !chosen) return null
      if (chosen.scheme === 'basic')
        return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`
      uses += 1
      return digest(credentials, chosen.parameters, { method, uri }, uses, random(8))
    },
    refused(challenges) {
      if (!credentials) return false
      const best = bestOf(challenges)
      if (!best) return false
      const isStale = best.scheme === 'digest' && best.parameters.stale?.toLowerCase() === 'true'
      // Some servers change their nonce without saying so: what was refused under another nonce has not been judged yet.
      const isNew =
        !chosen || isStale || (best.scheme === 'digest' && best.parameters.nonce !== chosen.parameters.nonce)
      chosen = best
      uses = 0
      return isNew
    },
  }
}

function bestOf(challenges: readonly Challenge[]): Challenge | null {
  const rank = ({ scheme, parameters }: Challenge): number => {
    if (scheme === 'basic') return 1
    if (scheme !== 'digest' || parameters.realm === undefined || parameters.nonce === undefined) return 0
    const algorithm = parameters.algorithm?.toLowerCase() ?? 'md5'
    const knowsQop = parameters.qop === undefined || qopsOf(parameters).includes('auth')
    if (!knowsQop || !Object.hasOwn(hashes, algorithm)) return 0
    return algorithm === 'md5' ? 2 : 3
  }
  const known = challenges.filter((challenge) => rank(challenge) > 0)
  return known.sort((a, b) => rank(b) - rank(a))[0] ?? null
}

function qopsOf(parameters: Record<string, string>): string[] {
  return (parameters.qop ?? '').split(',').map((word) => word.trim().toLowerCase())
}

/** RFC 7616 and, without qop, RFC 2069. */
function digest(
  { user, password }: Credentials,
  { realm = '', nonce = '', opaque, algorithm, qop }: Record<string, string>,
  { method, uri }: AuthorizedRequest,
  uses: number,
  cnonce: string,
): string {
  const hash = (text: string) =>
    createHash(hashes[algorithm?.toLowerCase() ?? 'md5'] ?? 'md5')
      .update(text)
      .digest('hex')
  const count = uses.toString(16).padStart(8, '0')
  const [a1, a2] = [hash(`${user}:${realm}:${password}`), hash(`${method}:${uri}`)]
  const withQop = qop !== undefined
  const response = hash(withQop ? `${a1}:${nonce}:${count}:${cnonce}:auth:${a2}` : `${a1}:${nonce}:${a2}`)
  return `Digest ${[
    ...Object.entries({ username: user, realm, nonce, uri, response }).map(
      ([name, value]) => `${name}=${quoted(value)}`,
    ),
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(withQop ? ['qop=auth', `nc=${count}`, `cnonce=${quoted(cnonce)}`] : []),
  ].join(', ')}`
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}
