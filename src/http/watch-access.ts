import type { Caller } from '../caller.ts'
import { WeirError } from '../errors.ts'
import { hasScope, requireScope } from '../projects/scopes.ts'
import { type IdentifyDeps, identify, keyFrom } from './graphql-admit.ts'

export interface WatchAccessDeps extends IdentifyDeps {
  /** Pictures are open to everybody who reaches the server (PUBLIC_PLAYBACK). */
  publicPlayback: boolean
  /** A stream that is not deleted; null where there is no such stream. */
  find: (streamId: string) => Promise<Watchable | null>
}

/** What has to be known of a stream before somebody watches it. */
export interface Watchable {
  projectId: string
  maxConsumers: number | null
}

/** Who watches what. */
export interface Watching extends Watchable {
  caller: Caller
  /** Whether anybody else may see the same: shared caches too. */
  isPublic: boolean
}

/** May this request watch this stream, by WHEP or HLS? Throws UNAUTHENTICATED, FORBIDDEN or NOT_FOUND. */
export function createWatchAccess(
  deps: WatchAccessDeps,
): (request: Request, streamId: string, address?: string | null) => Promise<Watching> {
  return async (request, streamId, address = null) => {
    const key = keyFrom((name) => request.headers.get(name))
    const caller = await identify(deps, { key, address })
    const stream = await deps.find(streamId)
    if (caller.session) {
      // A session's token opens its own stream, public or not, and no other.
      if (caller.session.streamId !== streamId) throw new WeirError('NOT_FOUND', 'There is no such stream.')
    } else if (!deps.publicPlayback) {
      const own = hasScope(caller, 'READ') ? caller.projectId : requireScope(caller, 'PLAY')
      if (stream?.projectId !== own) throw new WeirError('NOT_FOUND', 'There is no such stream.')
    }
    if (!stream) throw new WeirError('NOT_FOUND', 'There is no such stream.')
    return { ...stream, caller, isPublic: deps.publicPlayback }
  }
}
