import type { Caller } from '../caller.ts'
import { WeirError } from '../errors.ts'
import { hasScope, requireScope } from '../projects/scopes.ts'
import { type AdmitDeps, identify, keyFrom } from './graphql-admit.ts'

export interface WatchAccessDeps extends Pick<AdmitDeps, 'authenticate' | 'anonymous' | 'readSession'> {
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

/** May this request watch this stream, by WHEP or HLS? Throws UNAUTHENTICATED, FORBIDDEN or NOT_FOUND. */
export function createWatchAccess(deps: WatchAccessDeps): (request: Request, streamId: string) => Promise<Watchable> {
  return async (request, streamId) => {
    const key = keyFrom((name) => request.headers.get(name))
    const caller = await identify(deps, { key, address: null })
    const stream = await deps.find(streamId)
    if (!deps.publicPlayback) {
      const own = hasScope(caller, 'READ')
        ? caller.projectId
        : (sessionOn(caller, streamId) ?? requireScope(caller, 'PLAY'))
      if (stream?.projectId !== own) throw new WeirError('NOT_FOUND', 'There is no such stream.')
    }
    if (!stream) throw new WeirError('NOT_FOUND', 'There is no such stream.')
    return stream
  }
}

/** The project of a session on this stream; null for one on another. */
function sessionOn({ session }: Caller, streamId: string): string | null {
  return session?.streamId === streamId ? session.projectId : null
}
