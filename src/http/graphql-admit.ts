import type { GraphqlContext, SchemaDeps } from '../../schema/context.ts'
import { createLoaders } from '../../schema/loaders.ts'
import type { Caller } from '../caller.ts'
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
}

/** The one step that every operation passes, over HTTP, SSE and WebSocket alike. Throws UNAUTHENTICATED. */
export async function admit(deps: AdmitDeps, credentials: Credentials, requestId: string): Promise<GraphqlContext> {
  const { authenticate: _authenticate, anonymous: _anonymous, ...house } = deps
  const caller = await identify(deps, credentials)
  return {
    ...house,
    caller,
    requestId,
    address: credentials.address,
    origin: credentials.origin,
    loaders: createLoaders(deps, caller),
    async readmit() {
      const current = await identify(deps, credentials)
      if (current.projectId === caller.projectId) return current
      throw new WeirError('UNAUTHENTICATED', 'This is no longer public.')
    },
  }
}

/** Who it is. Throws UNAUTHENTICATED for a key that is no good: it is never taken for no key at all. */
export async function identify(
  deps: Pick<AdmitDeps, 'authenticate' | 'anonymous'>,
  { key, address }: Pick<Credentials, 'key' | 'address'>,
): Promise<Caller> {
  const caller = key === null ? await deps.anonymous() : await deps.authenticate(key)
  if (!caller) throw new WeirError('UNAUTHENTICATED', 'The key is unknown, expired or revoked.')
  return address === null ? caller : { ...caller, actor: { ...caller.actor, address } }
}

/** The key in headers or connection parameters, looked up without regard to case: Authorization: Bearer, or X-Pulse-Key. */
export function keyFrom(lookUp: (name: string) => string | null): string | null {
  const authorization = lookUp('authorization')
  if (authorization === null) return lookUp('x-pulse-key') || null
  const key = /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1]
  if (!key) throw new WeirError('UNAUTHENTICATED', 'Authorization has to be "Bearer <key>".')
  return key
}
