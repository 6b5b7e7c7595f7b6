import type { Caller } from '../caller.ts'
import type { Config } from '../config.ts'
import { createSessionBook } from '../heartbeats/book.ts'
import type { HeartbeatResult } from '../heartbeats/service.ts'
import { createHeartbeatStore } from '../heartbeats/store.ts'
import type { SessionBook } from '../heartbeats/types.ts'
import type { NodeCall } from '../nodes/call.ts'
import type { Bus } from '../platform/bus/bus.ts'
import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { startRepeating } from '../platform/repeat.ts'
import type { StallGuard } from '../platform/stall-guard.ts'
import type { RefusalCounts } from '../reservations/refusals.ts'
import { createMediaWait } from '../streams/media-wait.ts'
import { type ClosedSession, closeById } from './closing.ts'
import { SessionNodes } from './elsewhere.ts'
import { createEnded } from './ended.ts'
import { EndedStreams } from './ended-streams.ts'
import { hlsConnected, sessionsOfDeadNodes, sessionsOfNodeLost } from './lost.ts'
import type { LocalSessions, SessionMethods } from './media.ts'
import { Notices } from './notices.ts'
import { saveNotices } from './notices-store.ts'
import { Reconcile } from './reconcile.ts'
import { closeOfDeadKeys } from './revoked.ts'
import { createConsumerService } from './service.ts'
import { findNodes, findStream } from './store.ts'
import { Sweep } from './sweep.ts'
import type { ConsumerService, SessionTokens } from './types.ts'

export interface SessionsParts {
  config: Pick<
    Config,
    'heartbeatIntervalSeconds' | 'heartbeatTimeoutSeconds' | 'sessionTokenSeconds' | 'onDemandStartSeconds'
  >
  db: Database
  bus: Bus
  nodeId: string
  stalls: Pick<StallGuard, 'stalledUntil'>
  tokens: SessionTokens
  /** The sessions whose transports are here. */
  local: LocalSessions
  call: NodeCall<SessionMethods>
  refusals: Pick<RefusalCounts, 'count'>
  /** Told of each session that has ended, for the figures of this node. */
  observe: (session: ClosedSession) => void
  countHeartbeat: (result: HeartbeatResult) => void
  eventsAppended: () => void
  logger: Logger
}

export interface RunningSessions {
  service: ConsumerService
  book: SessionBook
  /** For who may end whatever sits on a thing of its own (a reservation). Idempotent. */
  closeForced(caller: Caller, id: string, message: string): Promise<void>
  /** What is noticed of the sessions here is written, as far as it can be. */
  settle(): Promise<void>
  /** The sessions here have lost their transports, and nobody closes or opens any more. */
  stop(): Promise<void>
}

const sweepEveryMs = 1000
const reconcileEveryMs = 4000

/** Starts what keeps sessions: the book of heartbeats, the sweep, the notices of the media and the looks at one's own sessions. */
export async function startSessions(parts: SessionsParts): Promise<RunningSessions> {
  const { config, db, bus, nodeId, local, logger, eventsAppended } = parts
  const monotonic = () => performance.now()
  // Before anything is answered: of the transports of an earlier process of this node there is none.
  const told = (ids: readonly string[]) => {
    if (ids.length > 0) eventsAppended()
    for (const id of ids) bus.publish('consumers', id)
  }
  told(await sessionsOfNodeLost(db, nodeId))

  const book = createSessionBook({ store: createHeartbeatStore(db), bus, logger, now: monotonic })
  const nodes = new SessionNodes({
    call: parts.call,
    selfId: nodeId,
    findNodes: (ids) => findNodes(db, ids),
    monotonic,
    logger,
  })
  const ended = createEnded({ bus, book, nodes, eventsAppended, observe: parts.observe })
  const notices = new Notices({
    save: (batch) => saveNotices(db, nodeId, batch),
    saved({ changed, closed }) {
      const gone = new Set(closed.map(({ id }) => id))
      told(changed.filter((id) => !gone.has(id)))
      ended(closed)
    },
    logger,
  })
  const forget = local.onNotice(notices.take)
  const timeoutMs = config.heartbeatTimeoutSeconds * 1000
  const stalledUntil = () => parts.stalls.stalledUntil()
  const sweep = new Sweep({ db, timeoutMs, stalledUntil, monotonic, closed: ended })
  const endedStreams = new EndedStreams({ db, bus, closed: ended, logger })
  const reconcile = new Reconcile({
    db,
    nodeId,
    list: () => local.list(),
    close: (ref) => local.close(ref),
    notice: notices.take,
    now: Date.now,
  })
  const ofDeadKeys = () => closeOfDeadKeys(db, ended)
  const stops = [
    startRepeating({
      everyMs: sweepEveryMs,
      work: ofDeadKeys,
      failure: 'sessions of revoked keys can not be closed',
      logger,
    }),
    startRepeating({
      everyMs: sweepEveryMs,
      work: async () => void (await sweep.run()),
      failure: 'sessions that are gone can not be closed',
      logger,
    }),
    startRepeating({
      everyMs: sweepEveryMs,
      work: async () => told(await hlsConnected(db)),
      failure: 'sessions by HLS can not be called connected',
      logger,
    }),
    startRepeating({
      everyMs: reconcileEveryMs,
      async work() {
        await reconcile.look()
        told(await sessionsOfDeadNodes(db))
      },
      failure: "this node's sessions can not be compared with the database",
      logger,
    }),
    () => endedStreams.stop(),
  ]
  const service = createConsumerService({
    db,
    bus,
    book,
    tokens: parts.tokens,
    nodes,
    media: createMediaWait({
      bus,
      load: (id) => findStream(db, id),
      timeoutMs: config.onDemandStartSeconds * 1000,
    }),
    refusals: parts.refusals,
    times: {
      heartbeatSeconds: config.heartbeatIntervalSeconds,
      timeoutSeconds: config.heartbeatTimeoutSeconds,
      tokenSeconds: config.sessionTokenSeconds,
    },
    ended,
    eventsAppended,
    countHeartbeat: parts.countHeartbeat,
    now: Date.now,
  })
  return {
    service,
    book,
    closeForced: async (caller, id, message) =>
      ended(await closeById(db, [id], { reason: 'FORCED', message, actor: caller.actor })),
    settle: () => notices.settle(),
    async stop() {
      forget()
      await Promise.all(stops.map((stop) => stop()))
      await notices.stop()
      await book.stop()
      await sessionsOfNodeLost(db, nodeId).catch((error: unknown) =>
        logger.warn({ error }, 'the sessions of this node can not be called lost: others will find out'),
      )
      eventsAppended()
    },
  }
}
