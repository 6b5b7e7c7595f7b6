import { WeirError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { WhepSessions } from './whep.ts'

export interface Viewers {
  openViewer(streamId: string, offer: string): Promise<{ id: string; answer: string }>
  closeViewer(session: string, streamId: string): Promise<boolean>
}

const maxRemembered = 10_000

/** Sessions over a pool's viewers alone: known to nobody else, and gone with this process. */
export function viewerSessions(viewers: Viewers): WhepSessions {
  const open = new Map<string, { session: string; streamId: string }>()
  const find = (id: string) => {
    const found = open.get(id)
    if (!found) throw new WeirError('NOT_FOUND', 'There is no such session.')
    return found
  }
  return {
    async openWhep(_caller, { streamId, offer }) {
      const id = newId('Consumer')
      const { id: session, answer } = await viewers.openViewer(streamId, offer)
      open.set(id, { session, streamId })
      if (open.size > maxRemembered) open.delete(open.keys().next().value!)
      return { consumer: { id }, token: '', heartbeatSeconds: 30, answer, etag: session }
    },
    async patchWhep(_caller, id) {
      find(id)
      return null
    },
    async close(_caller, id) {
      const { session, streamId } = find(id)
      open.delete(id)
      if (!(await viewers.closeViewer(session, streamId))) throw new WeirError('NOT_FOUND', 'There is no such session.')
    },
  }
}
