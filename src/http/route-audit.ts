import type { Context } from 'hono'
import type { AuditTrail } from '../audit/trail.ts'
import type { Caller } from '../caller.ts'
import type { ErrorCode } from '../errors.ts'
import { publicError } from './error-answer.ts'
import { peerAddress } from './peer-address.ts'

/** What a route tells of a request while it handles it: as much as it has come to know. */
export interface RouteNote {
  /** The mutation that does the same. */
  mutation: string
  /** Null: nobody whose key is good. */
  caller: Caller | null
  /** Of the thing, where that is known; else the caller's. */
  projectId: string | null
  ids: string[]
}

export type AuditRoute = (
  context: Context,
  mutation: string,
  handle: (note: RouteNote) => Promise<Response>,
) => Promise<Response>

/** Lets a route handle a request that changes something, and writes down what came of it before the answer leaves. */
export function createRouteAudit(deps: {
  trail: Pick<AuditTrail, 'write'>
  fallbackProjectId: string
  newRequestId: () => string
}): AuditRoute {
  return async (context, mutation, handle) => {
    const note: RouteNote = { mutation, caller: null, projectId: null, ids: [] }
    const write = (result: 'OK' | ErrorCode) => {
      const { caller } = note
      const address = peerAddress(context)
      const anonymous = { kind: 'ANONYMOUS' as const, ...(address === null ? {} : { address }) }
      const entry = {
        projectId: note.projectId ?? caller?.session?.projectId ?? caller?.projectId ?? deps.fallbackProjectId,
        actor: caller?.actor ?? anonymous,
        mutation: note.mutation,
        result,
        subjectIds: note.ids,
        transport: 'HTTP' as const,
        requestId: context.get('requestId') ?? deps.newRequestId(),
      }
      return deps.trail.write([entry])
    }
    try {
      const response = await handle(note)
      await write(response.ok ? 'OK' : 'BAD_USER_INPUT')
      return response
    } catch (error) {
      const { code } = publicError(error)
      // Refused before it was looked at: what a flood sends is counted, and not written down.
      if (code !== 'RATE_LIMITED') await write(code)
      throw error
    }
  }
}
