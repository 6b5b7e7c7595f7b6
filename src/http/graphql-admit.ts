import type { GraphqlContext, SchemaDeps } from '../../schema/context.ts'
import { createLoaders } from '../../schema/loaders.ts'
import type { Caller, SessionClaims } from '../caller.ts'
import { WeirError } from '../errors.ts'
import { isSessionToken } from '../heartbeats/tokens.ts'

/** What a request, or a socket, shows of who sends it. */
export interface Credentials {
  key: string | null
  address: string | null
  /** Scheme, host and port by which it reached us, such as http://weir.example:8080; null where that isn't known. */
  origin: string | null
}

export interface AdmitDeps extends SchemaDeps {
  /** The caller that a key stands for; null for one that is unknown, expired or revoked. Throws RATE_LIMITED where its address has sent too many of those. */
  authenticate: (key: string, address?: string | null) => Promise<Caller | null>
  /** The caller without a key: the project whose public part it may read, or none. */
  anonymous: () => Promise<Caller> | Caller
  /**
   * What a session's token says, which players send in place of a key; null for one that is not good, or was not any more `at` that time (ms since
   * the epoch; now, where none is said).
   */
  readSessionToken: (token: string, at?: number) => SessionClaims | null
}

/** What it takes to know who somebody is. */
export type IdentifyDeps = Pick<AdmitDeps, 'authenticate' | 'anonymous' | 'readSessionToken'>

/** The one step that every operation passes, over HTTP, SSE and WebSocket alike; `known` where the door has seen who it is. Throws UNAUTHENTICATED. */
export async function admit(
  deps: AdmitDeps,
  credentials: Credentials,
  requestId: string,
  known?: Caller,
): Promise<GraphqlContext> {
  const { authenticate: _authenticate, anonymous: _anonymous, readSessionToken: _readSessionToken, ...house } = deps
  const admittedAt = deps.now()
  const caller = known ?? (await identify(deps, credentials))
  return {
    ...house,
    caller,
    requestId,
    address: credentials.address,
    origin: credentials.origin,
    loaders: createLoaders(deps, caller),
    mutationNotes: new Map(),
    async readmit() {
      // A token lasts for what was let in by it as long as its session is open, which whatever watches sees to by itself.
      const readSessionToken = (token: string) => deps.readSessionToken(token, admittedAt)
      const current = await identify({ ...deps, readSessionToken }, credentials)
      if (current.projectId === caller.projectId) return current
      throw new WeirError('UNAUTHENTICATED', 'This is no longer public.')
    },
    tokenRenewed(token) {
      credentials.key = token
    },
  }
}

/** Who it is. Throws UNAUTHENTICATED for a key or a session's token that is no good: it is never taken for none at all. */
export async function identify(
  deps: IdentifyDeps,
  { key, address }: Pick<Credentials, 'key' | 'address'>,
): Promise<Caller> {
  const caller =
    key === null
      ? await deps.anonymous()
      : isSessionToken(key)
        ? sessionCaller(deps, await deps.anonymous(), key)
        : await deps.authenticate(key, address)
  if (!caller) throw new WeirError('UNAUTHENTICATED', 'The key is unknown, expired or revoked.')
  return address === null ? caller : { ...caller, actor: { ...caller.actor, address } }
}

/**
 * Whom a session's token stands for: it opens its own session, and what is public, to which it adds nothing. Throws UNAUTHENTICATED for one that has
 * expired or was never ours.
 */
export function sessionCaller(deps: Pick<IdentifyDeps, 'readSessionToken'>, anonymous: Caller, token: string): Caller {
  const session = deps.readSessionToken(token)
  if (!session) throw new WeirError('UNAUTHENTICATED', "The session's token is not good, or has expired.")
  return { ...anonymous, actor: { kind: 'SESSION', name: session.consumerId }, session }
}

/** The key in headers or connection parameters, looked up without regard to case: Authorization: Bearer, or X-Pulse-Key. */
export function keyFrom(lookUp: (name: string) => string | null): string | null {
  const authorization = lookUp('authorization')
  if (authorization === null) return lookUp('x-pulse-key') || null
  const key = /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1]
  if (!key) throw new WeirError('UNAUTHENTICATED', 'Authorization has to be "Bearer <key>".')
  return key
}
