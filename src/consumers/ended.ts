import type { SessionBook } from '../heartbeats/types.ts'
import type { Bus } from '../platform/bus/bus.ts'
import type { ClosedSession } from './closing.ts'
import type { SessionNodes } from './elsewhere.ts'

export interface EndedDeps {
  bus: Pick<Bus, 'publish'>
  book: Pick<SessionBook, 'closed'>
  nodes: Pick<SessionNodes, 'hangUp'>
  eventsAppended: () => void
  /** For the figures of sessions that have ended. */
  observe: (session: ClosedSession) => void
}

/** What follows once sessions are closed and that is committed: whoever heard of them learns it, and their transports end. */
export function createEnded(deps: EndedDeps): (sessions: readonly ClosedSession[]) => void {
  const { bus, book, nodes, eventsAppended, observe } = deps
  return (sessions) => {
    if (sessions.length === 0) return
    eventsAppended()
    for (const session of sessions) {
      book.closed(session.projectId, session.id, session.reason, session.message)
      bus.publish('consumers', session.id)
      observe(session)
    }
    void nodes.hangUp(sessions)
  }
}
