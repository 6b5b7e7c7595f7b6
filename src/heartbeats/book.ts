import type { CloseReason, PlayerStats } from '../consumers/model.ts'
import { WeirError } from '../errors.ts'
import { kindOfId } from '../ids.ts'
import type { Bus } from '../platform/bus/bus.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { RecentMap } from '../platform/recent-map.ts'
import { LookUps } from './look-ups.ts'
import type { HeartbeatStore, KnownSession } from './store.ts'
import type { BeatResult, SessionBook } from './types.ts'
import { type BeatSource, createBeatWriter } from './writer.ts'

/** Open sessions; about 200 bytes each. */
const maxSessions = 500_000
const maxClosed = 20_000
const maxUnknown = 20_000
/** Who asks again for a session that there isn't is told so without a look-up. */
const unknownForMs = 2000
/** How many are looked at for one that can be forgotten. */
const maxTriedToForget = 100

interface Session extends BeatSource {
  readonly projectId: string
}
interface ClosedSession {
  projectId: string
  result: BeatResult
}

const open: BeatResult = { state: 'OPEN' }
const unknown: BeatResult = { state: 'UNKNOWN' }

export interface SessionBookDeps {
  store: HeartbeatStore
  bus: Pick<Bus, 'subscribe'>
  logger: Logger
  /** ms, only ever forward. */
  now: () => number
}

export function createSessionBook({ store, bus, logger, now }: SessionBookDeps): SessionBook {
  const sessions = new Map<string, Session>()
  const closed = new RecentMap<string, ClosedSession>(maxClosed)
  /** By id, when it was not found. */
  const notFound = new RecentMap<string, number>(maxUnknown)
  const lookUps = new LookUps({ find: store.find, onFound })
  const writer = createBeatWriter({
    write: store.write,
    onMissing(ids) {
      for (const id of ids) changed(id)
    },
    logger,
  })
  const unsubscribe = bus.subscribe('consumers', changed)
  /** One string for all sessions of a project. */
  let lastProjectId = ''
  const shared = (projectId: string) => {
    if (projectId !== lastProjectId) lastProjectId = projectId
    return lastProjectId
  }

  function known(projectId: string, consumerId: string, at: number, stats: PlayerStats | null): BeatResult | null {
    const session = sessions.get(consumerId)
    if (session?.projectId !== projectId) return seen(projectId, consumerId)
    if (at > session.at) session.at = at
    if (stats) session.stats = stats
    writer.add(session)
    return open
  }

  /** Null where it has to be looked up. */
  function seen(projectId: string, consumerId: string): BeatResult | null {
    const session = sessions.get(consumerId)
    if (session) return session.projectId === projectId ? open : unknown
    const gone = closed.get(consumerId)
    if (gone) return gone.projectId === projectId ? gone.result : unknown
    const missedAt = notFound.get(consumerId)
    return missedAt !== undefined && now() - missedAt < unknownForMs ? unknown : null
  }

  function enter(projectId: string, consumerId: string): void {
    notFound.delete(consumerId)
    if (sessions.has(consumerId) || closed.get(consumerId)) return
    sessions.set(consumerId, { consumerId, projectId: shared(projectId), at: 0, stats: null, isWaiting: false })
  }

  /** Makes room for one more, by forgetting one that has nothing to write; false where there is none. */
  function hasRoom(): boolean {
    if (sessions.size < maxSessions) return true
    let tried = 0
    for (const [id, { isWaiting }] of sessions) {
      if (!isWaiting) return sessions.delete(id)
      if (++tried === maxTriedToForget) return false
    }
    return false
  }

  function close(projectId: string, consumerId: string, reason: CloseReason | null, message: string | null): void {
    notFound.delete(consumerId)
    sessions.delete(consumerId)
    closed.set(consumerId, { projectId: shared(projectId), result: { state: 'CLOSED', reason, message } })
  }

  function onFound(consumerId: string, session: KnownSession | null): void {
    if (session?.isClosed) close(session.projectId, consumerId, session.closeReason, session.closeMessage)
    else if (session) {
      if (sessions.has(consumerId) || hasRoom()) enter(session.projectId, consumerId)
    } else if (!closed.get(consumerId)) {
      sessions.delete(consumerId)
      notFound.set(consumerId, now())
    }
  }

  function changed(consumerId: string): void {
    notFound.delete(consumerId)
    if (sessions.has(consumerId) || lookUps.isRunning(consumerId)) lookUps.refresh(consumerId)
  }

  function lookUp(consumerId: string, answer: () => BeatResult | null): BeatResult | Promise<BeatResult> {
    if (kindOfId(consumerId) !== 'Consumer') return unknown
    return lookUps.ask(consumerId).then(() => {
      const found = answer()
      if (found) return found
      throw new WeirError('UNAVAILABLE', 'There is no room for one more session now; try again.', {
        retryAfterSeconds: 2,
      })
    })
  }

  return {
    get size() {
      return sessions.size
    },
    beat(projectId, consumerId, at, stats) {
      const result = known(projectId, consumerId, at, stats)
      return result ?? lookUp(consumerId, () => known(projectId, consumerId, at, stats))
    },
    look(projectId, consumerId) {
      return seen(projectId, consumerId) ?? lookUp(consumerId, () => seen(projectId, consumerId))
    },
    opened(projectId, consumerId) {
      if (lookUps.isRunning(consumerId)) lookUps.refresh(consumerId)
      if (hasRoom()) enter(projectId, consumerId)
    },
    closed: close,
    changed,
    async stop() {
      unsubscribe()
      await lookUps.stop()
      await writer.stop()
    },
  }
}
