import type { GraphqlContext, SchemaDeps } from '../../schema/context.ts'
import { createLoaders } from '../../schema/loaders.ts'
import type { Caller, SessionClaims } from '../caller.ts'
import { sessionTokenPrefix } from '../consumers/types.ts'
import { WeirError } from '../errors.ts'

/** What a request shows of who sends it. */
export interface Credentials {
  key: string | null
  address: string | null
  /** Scheme, host and port by which it reached us, such as http://weir.example:8080; null where that isn't known. */
  origin: string | null
}

export interface AdmitDeps extends SchemaDeps {
  /** The caller that a key stands for; null for one that is unknown, expired or revoked. */
  authenticate: (key: string) => Promise<Caller | null>
  /** The caller without a key: the project whose public part it may read, or none. */
  anonymous: () => Promise<Caller> | Caller
  /** Whose token it is, as of `at` (ms since the epoch; now where it is not said); null for one that is altered or has expired by then. */
  readSession: (token: string, at?: number) => SessionClaims | null
}

/** The one step that every operation passes, over HTTP, SSE and WebSocket alike. Throws UNAUTHENTICATED. */
export async function admit(deps: AdmitDeps, credentials: Credentials, requestId: string): Promise<GraphqlContext> {
  const { authenticate: _authenticate, anonymous: _anonymous, readSession: _readSession, ...house } = deps
  const admittedAt = deps.now()
  const caller = await identify(deps, credentials)
  return {
    ...house,
    caller,
    requestId,
    address: credentials.address,
    origin: credentials.origin,
    loaders: createLoaders(deps, caller),
    async readmit() {
      // A session that has been let in stays so as long as it is open, which whatever it watches sees to.
      const current = await identify(deps, credentials, admittedAt)
      if (current.projectId === caller.projectId) return current
      throw new WeirError('UNAUTHENTICATED', 'This is no longer public.')
    },
  }
}

/**
 * Who it is, by a key or by a session's token, which makes of nobody in particular the player of its session. Throws UNAUTHENTICATED for what is no
 * good: it is never taken for no key at all.
 */
export async function identify(
  deps: Pick<AdmitDeps, 'authenticate' | 'anonymous' | 'readSession'>,
  { key, address }: Pick<Credentials, 'key' | 'address'>,
  at?: number,
): Promise<Caller> {
  const caller = key === null ? await deps.anonymous() : await callerOf(deps, key, at)
  return address === null ? caller : { ...caller, actor: { ...caller.actor, address } }
}

async function callerOf(
  { authenticate, anonymous, readSession }: Pick<AdmitDeps, 'authenticate' | 'anonymous' | 'readSession'>,
  key: string,
  at: number | undefined,
): Promise<Caller> {
  if (!key.startsWith(sessionTokenPrefix)) {
    const caller = await authenticate(key)
    if (!caller) throw new WeirError('UNAUTHENTICATED', 'The key is unknown, expired or revoked.')
    return caller
  }
  const session = readSession(key, at)
  if (!session) throw new WeirError('UNAUTHENTICATED', "The session's token is altered or has expired.")
  return { ...(await anonymous()), actor: { kind: 'SESSION', name: session.consumerId }, session }
}

/** The key in headers or connection parameters, looked up without regard to case: Authorization: Bearer, or X-Pulse-Key. */
export function keyFrom(lookUp: (name: string) => string | null): string | null {
  const authorization = lookUp('authorization')
  if (authorization === null) return lookUp('x-pulse-key') || null
  const key = /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1]
  if (!key) throw new WeirError('UNAUTHENTICATED', 'Authorization has to be "Bearer <key>".')
  return key
}
