import { Hono } from 'hono'
import { requireAccess } from '../../schema/access.ts'
import type { Caller } from '../caller.ts'
import type { SessionFigures } from '../consumers/media.ts'
import type { SessionCounts, SignOfLife } from '../consumers/reads.ts'
import type { ConsumerRow, ConsumerService, HeartbeatAnswer } from '../consumers/types.ts'
import { WeirError } from '../errors.ts'
import { kindOfId } from '../ids.ts'
import { peerAddress } from './peer-address.ts'

export interface V2ConsumersDeps {
  /** Who asks, by a key or a session's token. Throws UNAUTHENTICATED. */
  identify: (request: Request, address: string | null) => Promise<Caller>
  consumers: Pick<ConsumerService, 'figures' | 'heartbeat'>
  /** Active ones, newest first. */
  list: (projectId: string, limit: number) => Promise<ConsumerRow[]>
  count: (projectId: string) => Promise<SessionCounts>
  find: (projectId: string, id: string) => Promise<ConsumerRow | null>
  signsOfLife: (ids: readonly string[]) => Promise<Map<string, SignOfLife>>
  now: () => number
}

/** The most sessions that one answer lists; `total` counts all. */
export const maxListedConsumers = 1000

/**
 * VAS-MS's own routes of consumers: words in lower case, names in snake_case. Sessions need a key, or of its own session a token: they are no part of
 * what is public.
 */
export function v2ConsumerRoutes(deps: V2ConsumersDeps): Hono {
  const app = new Hono().basePath('/v2/health/consumers')

  app.get('/', async (context) => {
    const caller = await deps.identify(context.req.raw, peerAddress(context))
    requireAccess(caller, 'READ', 'the list of consumers')
    const projectId = caller.projectId!
    const [rows, counts] = await Promise.all([deps.list(projectId, maxListedConsumers), deps.count(projectId)])
    const signs = await deps.signsOfLife(rows.map(({ id }) => id))
    const consumers = rows.map((row) => sessionView(row, signs.get(row.id), deps.now()))
    return context.json({ total: counts.active, consumers })
  })

  app.get('/:id', async (context) => {
    const caller = await deps.identify(context.req.raw, peerAddress(context))
    requireAccess(caller, 'SESSION_OR_READ', 'a consumer')
    const row = await findFor(caller, context.req.param('id'))
    const [signs, figures] = await Promise.all([deps.signsOfLife([row.id]), figuresOf(row)])
    return context.json({
      ...sessionView(row, signs.get(row.id), deps.now()),
      statistics: statisticsView(figures),
      player_stats: (row.state === 'CLOSED' ? row.playerStats : signs.get(row.id)?.stats) ?? null,
    })
  })

  app.post('/:id/heartbeat', async (context) => {
    const caller = await deps.identify(context.req.raw, peerAddress(context))
    requireAccess(caller, 'SESSION', 'a heartbeat')
    const id = context.req.param('id')
    if (kindOfId(id) !== 'Consumer') throw notFound()
    const answer = await deps.consumers.heartbeat(caller, id)
    if (answer.refusal === 'UNKNOWN') throw notFound()
    return context.json(heartbeatView(answer), answer.accepted ? 200 : 409)
  })

  async function findFor({ session, projectId }: Caller, id: string): Promise<ConsumerRow> {
    const isReadable = kindOfId(id) === 'Consumer' && (!session || session.consumerId === id)
    const within = session?.projectId ?? projectId
    const row = isReadable && within !== null ? await deps.find(within, id) : null
    if (!row) throw notFound()
    return row
  }

  /** A node that does not answer leaves the figures out, not the session. */
  async function figuresOf(row: ConsumerRow): Promise<SessionFigures | null> {
    if (row.state === 'CLOSED' || row.protocol === 'HLS') return null
    const figures = await deps.consumers.figures([row]).catch(() => null)
    return figures?.get(row.id) ?? null
  }

  return app
}

const notFound = () => new WeirError('NOT_FOUND', 'There is no such consumer.')

function sessionView(row: ConsumerRow, sign: SignOfLife | undefined, now: number) {
  const { openedAt, closedAt } = row
  const lastHeartbeatAt = row.state === 'CLOSED' ? row.lastHeartbeatAt : (sign?.at ?? null)
  return {
    consumer_id: row.id,
    stream_id: row.streamId,
    client_id: row.clientId,
    source: row.source,
    state: row.state.toLowerCase(),
    protocol: row.protocol.toLowerCase(),
    opened_at: openedAt.toISOString(),
    last_heartbeat_at: lastHeartbeatAt?.toISOString() ?? null,
    closed_at: closedAt?.toISOString() ?? null,
    close_reason: row.closeReason?.toLowerCase() ?? null,
    session_seconds: Math.max(0, ((closedAt?.getTime() ?? now) - openedAt.getTime()) / 1000),
  }
}

function statisticsView(figures: SessionFigures | null) {
  return {
    bitrate_bps: figures?.bitrateBps == null ? null : Math.round(figures.bitrateBps),
    bytes_sent: figures?.bytesSent ?? null,
    packets_lost: figures?.packetsLost ?? null,
    round_trip_ms: figures?.roundTripMs ?? null,
    measured_at: figures ? new Date(figures.measuredAt).toISOString() : null,
  }
}

function heartbeatView(answer: HeartbeatAnswer) {
  return {
    consumer_id: answer.consumerId,
    accepted: answer.accepted,
    refusal: answer.refusal?.toLowerCase() ?? null,
    close_reason: answer.closeReason?.toLowerCase() ?? null,
    close_message: answer.closeMessage,
    at: new Date(answer.at).toISOString(),
    next_before: answer.nextBefore === null ? null : new Date(answer.nextBefore).toISOString(),
    token: answer.token,
  }
}
