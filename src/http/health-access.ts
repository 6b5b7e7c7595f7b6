import { WeirError } from '../errors.ts'
import { databaseAway } from '../platform/database/away.ts'
import { hasScope } from '../projects/scopes.ts'
import { type IdentifyDeps, identify, keyFrom } from './graphql-admit.ts'

export interface HealthAccess {
  projectId: string
  /** Whether details may be told: what holds addresses, figures of the machine, texts of errors. */
  details: boolean
}

/** A database that does not say by then whose a key is counts as away. */
const deadlineMs = 1500

/**
 * Whose health a request may read. Throws UNAUTHENTICATED for a bad key, and without one where health is not public.
 * While the database can not tell whose a key is, it is good for what everybody may read.
 */
export function createHealthAccess(
  deps: IdentifyDeps,
): (request: Request, address?: string | null) => Promise<HealthAccess> {
  return async (request, address = null) => {
    const key = keyFrom((name) => request.headers.get(name))
    const caller = await identify({ ...deps, authenticate: bounded(deps.authenticate) }, { key, address }).catch(
      async (error: unknown) => {
        const away = databaseAway(error) ?? (error instanceof WeirError && error.code === 'UNAVAILABLE' ? error : null)
        if (!away) throw error
        const anonymous = await deps.anonymous()
        if (anonymous.projectId === null) throw away
        return anonymous
      },
    )
    if (caller.projectId === null)
      throw new WeirError('UNAUTHENTICATED', 'This needs a key: send it as "Authorization: Bearer <key>".')
    return { projectId: caller.projectId, details: hasScope(caller, 'READ') }
  }
}

function bounded(authenticate: IdentifyDeps['authenticate']) {
  return async (key: string, address?: string | null) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      const error = new WeirError('UNAVAILABLE', 'The database does not answer; try again.', { retryAfterSeconds: 2 })
      timer = setTimeout(() => reject(error), deadlineMs)
    })
    try {
      return await Promise.race([authenticate(key, address), late])
    } finally {
      clearTimeout(timer)
    }
  }
}
