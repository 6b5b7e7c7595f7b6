import type { Caller } from '../caller.ts'
import { WeirError } from '../errors.ts'
import { appendEvents } from '../events/store.ts'
import { createHeartbeats, type HeartbeatResult } from '../heartbeats/service.ts'
import type { SessionBook } from '../heartbeats/types.ts'
import { requireId } from '../ids.ts'
import { PlaceRefusal } from '../places/model.ts'
import { parseSourceName } from '../places/source-name.ts'
import type { Bus } from '../platform/bus/bus.ts'
import type { Database } from '../platform/database/database.ts'
import { once } from '../platform/idempotency.ts'
import { redact } from '../platform/redact.ts'
import type { RefusalCounts } from '../reservations/refusals.ts'
import { parseName } from '../streams/input.ts'
import type { MediaWait } from '../streams/media-wait.ts'
import { startOnDemand } from '../streams/on-demand.ts'
import type { StreamRow } from '../streams/types.ts'
import { isOwn, noSuchSession, ofProject, projectOf, requirePlayer, sessionClosed } from './access.ts'
import { type ClosedSession, closeById } from './closing.ts'
import type { SessionNodes } from './elsewhere.ts'
import type { CloseReason } from './model.ts'
import { forgetKey, type NewSession, openMutation, openSession } from './opening.ts'
import * as store from './store.ts'
import type { SessionTimes } from './times.ts'
import { createTransports } from './transports.ts'
import type { ConsumerRow, ConsumerService, SessionTokens } from './types.ts'

export interface ConsumerServiceDeps {
  db: Database
  bus: Bus
  book: SessionBook
  tokens: SessionTokens
  nodes: Pick<SessionNodes, 'ask' | 'hangUp' | 'figures'>
  media: MediaWait
  times: SessionTimes
  refusals: Pick<RefusalCounts, 'count'>
  /** Told of sessions that were closed, after the commit. */
  ended: (sessions: readonly ClosedSession[]) => void
  eventsAppended: () => void
  countHeartbeat: (result: HeartbeatResult) => void
  /** ms since the epoch. */
  now: () => number
}

export function createConsumerService(deps: ConsumerServiceDeps): ConsumerService {
  const { db, bus, book, nodes, times, ended, eventsAppended, now } = deps
  const { attach, attachWhep, askNode } = createTransports(deps)

  function announce({ id, projectId }: ConsumerRow): void {
    book.opened(projectId, id)
    eventsAppended()
    bus.publish('consumers', id)
  }

  /** The rows of a new session: the same once more for a key that was used. Its transport comes after that. */
  async function openRows(
    projectId: string,
    streamId: string,
    session: NewSession,
    repeat: { key: string | null; input: unknown },
  ): Promise<{ consumer: ConsumerRow; stream: StreamRow }> {
    let ordered = false
    let replaced: ClosedSession[] = []
    const rows = db.transaction(async (tx) => {
      const id = await once(tx, { projectId, mutation: openMutation, ...repeat }, async () => {
        const found = await store.holdStream(tx, projectId, streamId)
        if (!found) throw new WeirError('NOT_FOUND', 'There is no such stream.')
        const started = await startOnDemand(tx, found.stream)
        requireWanted(started.stream)
        const made = await openSession(tx, { ...found, stream: started.stream }, session)
        ordered = started.ordered
        replaced = made.replaced
        return made.consumer.id
      })
      const consumer = await store.findConsumer(tx, id)
      const stream = consumer && (await store.findStream(tx, streamId))
      // Closed sessions go after a month, keys after a day.
      if (!consumer || !stream) throw noSuchSession()
      return { consumer, stream }
    })
    const opened = await rows.catch((error: unknown) => {
      if (error instanceof PlaceRefusal) deps.refusals.count(error)
      throw error
    })
    ended(replaced)
    if (ordered) {
      bus.publish('orders', streamId)
      bus.publish('streams', streamId)
    }
    if (opened.consumer.state === 'CLOSED') throw sessionClosed(opened.consumer)
    announce(opened.consumer)
    return opened
  }

  /** A session that was opened for nothing is closed, and may be opened again under the same key. */
  async function giveUp(consumer: ConsumerRow, key: string | null): Promise<void> {
    try {
      ended(await closeById(db, [consumer.id], { reason: 'TRANSPORT_FAILED' }))
      if (key !== null) await forgetKey(db, consumer.projectId, key)
    } catch {
      // The database is away: the sweep finds it.
    }
  }

  /** The session with a transport to come, in place of the one that it has or had. */
  async function renew(caller: Caller, id: string): Promise<{ consumer: ConsumerRow; stream: StreamRow }> {
    const projectId = projectOf(caller, id, 'PLAY')
    const { earlier, ...renewed } = await db.transaction(async (tx) => {
      const row = ofProject(await store.lockConsumer(tx, id), projectId)
      if (row.state === 'CLOSED') throw sessionClosed(row)
      const stream = (await store.findStream(tx, row.streamId))!
      requireWanted(stream)
      const consumer = await store.saveReopened(tx, row, row.protocol === 'HLS' ? null : stream.mediaNodeId)
      if (row.state !== 'NEW') {
        const data = { streamId: row.streamId, from: row.state, to: consumer.state }
        await appendEvents(tx, [
          { type: 'consumer.state_changed', projectId, subjectId: id, actor: caller.actor, data },
        ])
      }
      return { consumer, stream, earlier: row }
    })
    // A node that makes the new one ends the earlier by itself.
    if (earlier.mediaNodeId !== renewed.consumer.mediaNodeId) void nodes.hangUp([earlier])
    announce(renewed.consumer)
    return renewed
  }

  /** The open session, for the token or a key that may play. */
  async function find(caller: Caller, id: string): Promise<ConsumerRow> {
    const row = ofProject(await store.findConsumer(db, id), projectOf(caller, id, 'PLAY'))
    if (row.state === 'CLOSED') throw sessionClosed(row)
    return row
  }

  async function current(id: string): Promise<ConsumerRow> {
    const row = await store.findConsumer(db, id)
    if (!row) throw noSuchSession()
    return row
  }

  const beats = createHeartbeats({
    book,
    tokens: deps.tokens,
    intervalMs: times.heartbeatSeconds * 1000,
    tokenLifeMs: times.tokenSeconds * 1000,
    count: deps.countHeartbeat,
    now,
  })

  return {
    async open(caller, input, idempotencyKey = null) {
      const projectId = requirePlayer(caller)
      requireId(input.streamId, 'Stream', 'input.streamId')
      const { reservationId = null, source = null, protocol, rtpCapabilities = null } = input
      if (reservationId !== null) requireId(reservationId, 'Reservation', 'input.reservationId')
      const session = {
        clientId: parseName(input.clientId, 'input.clientId'),
        source: source === null ? null : parseSourceName(source, 'input.source'),
        reservationId,
        protocol,
        actor: caller.actor,
      }
      const { consumer, stream } = await openRows(projectId, input.streamId, session, { key: idempotencyKey, input })
      try {
        return await attach(consumer, stream, rtpCapabilities)
      } catch (error) {
        await giveUp(consumer, idempotencyKey)
        throw error
      }
    },

    async reopen(caller, id, rtpCapabilities = null) {
      const { consumer, stream } = await renew(caller, id)
      return attach(consumer, stream, rtpCapabilities)
    },

    async consume(caller, id, rtpCapabilities) {
      return askNode(await find(caller, id), 'consume', { rtpCapabilities })
    },

    async connect(caller, id, dtlsParameters) {
      await askNode(await find(caller, id), 'connect', { dtlsParameters })
      return current(id)
    },

    async setPaused(caller, id, kinds, paused) {
      await askNode(await find(caller, id), 'setPaused', { kinds, paused })
      return current(id)
    },

    async restartIce(caller, id) {
      return askNode(await find(caller, id), 'restartIce', {})
    },

    async close(caller, id, message = null) {
      const projectId = projectOf(caller, id, 'WRITE')
      const row = ofProject(await store.findConsumer(db, id), projectId)
      if (row.state === 'CLOSED') return row
      const reason: CloseReason = isOwn(caller, id) ? 'CLIENT' : 'FORCED'
      const said = message === null ? null : redact(message)
      ended(await closeById(db, [id], { reason, message: said, actor: caller.actor }))
      return current(id)
    },

    ...beats,

    figures: (rows) => nodes.figures(rows),

    async openWhep(caller, { streamId, projectId, clientId, source, offer }) {
      if (caller.session) {
        const { consumerId } = caller.session
        const row = await find(caller, consumerId)
        if (row.streamId !== streamId) throw noSuchSession()
        if (row.protocol !== 'WHEP') throw new WeirError('INVALID_STATE', 'The session is not one by WHEP.')
        const { consumer, stream } = await renew(caller, consumerId)
        return attachWhep(consumer, stream, offer)
      }
      const session = {
        clientId: parseName(clientId, 'client'),
        source: source === null ? null : parseSourceName(source, 'source'),
        reservationId: null,
        protocol: 'WHEP' as const,
        actor: caller.actor,
      }
      const { consumer, stream } = await openRows(projectId, streamId, session, { key: null, input: null })
      try {
        return await attachWhep(consumer, stream, offer)
      } catch (error) {
        await giveUp(consumer, null)
        throw error
      }
    },

    async patchWhep(caller, id, fragment, ifMatch = null) {
      const row = await find(caller, id)
      if (row.protocol !== 'WHEP') throw new WeirError('INVALID_STATE', 'The session is not one by WHEP.')
      return askNode(row, 'patchWhep', { fragment, ifMatch })
    },
  }
}

/** Throws INVALID_STATE for a stream that nobody wants to run, or that has been played to its end. */
function requireWanted(stream: StreamRow): void {
  const isOver = stream.state === 'STOPPED' && stream.generation === stream.observedGeneration
  if (stream.deletedAt || stream.desiredState === 'STOPPED' || isOver) {
    throw new WeirError('INVALID_STATE', 'The stream is stopped.')
  }
}
