import { Hono } from 'hono'
import type { SessionCounts } from '../consumers/reads.ts'
import { WeirError } from '../errors.ts'
import type { Component, ComponentHealth } from '../health/system/model.ts'
import type { SystemHealthReader } from '../health/system/reader.ts'
import { worst } from '../health/system/rules.ts'
import { kindOfId } from '../ids.ts'
import type { ProducerRow } from '../producers/types.ts'
import { streamStates } from '../streams/model.ts'
import { processStatus } from '../streams/process-status.ts'
import type { LiveFigures, StreamFigures, StreamRow } from '../streams/types.ts'
import type { HealthAccess } from './health-access.ts'
import { peerAddress } from './peer-address.ts'

/** The most streams or producers that one answer lists. */
export const maxListed = 1000

export interface V2HealthDeps {
  systemHealth: SystemHealthReader
  figures: LiveFigures
  access: (request: Request, address: string | null) => Promise<HealthAccess>
  /** A stream of the project that is not deleted. */
  findStream: (projectId: string, id: string) => Promise<StreamRow | null>
  /** Its producer that stands for it: an open one before a closed one, video before audio, the newest. */
  findProducer: (streamId: string) => Promise<ProducerRow | null>
  /** Its open sessions. */
  countConsumers: (streamId: string) => Promise<SessionCounts>
  /** Those that should run. */
  listStreams: (projectId: string, limit: number) => Promise<StreamRow[]>
  /** Those that are not closed. */
  listProducers: (projectId: string, limit: number) => Promise<ProducerRow[]>
  now: () => number
}

/**
 * VAS-MS's own health routes, a thin face on the same services: words in lower case, names in snake_case.
 * Recordings are not there yet, and their routes say so; those of consumers are in v2-consumers.ts.
 */
export function v2HealthRoutes(deps: V2HealthDeps): Hono {
  const app = new Hono().basePath('/v2/health')

  app.get('/system', async (context) => {
    const { projectId } = await deps.access(context.req.raw, peerAddress(context))
    return context.json(systemView(deps.systemHealth.read(projectId)))
  })

  app.get('/streams/:id', async (context) => {
    const { projectId } = await deps.access(context.req.raw, peerAddress(context))
    const id = context.req.param('id')
    const stream = kindOfId(id) === 'Stream' ? await deps.findStream(projectId, id) : null
    if (!stream) throw new WeirError('NOT_FOUND', 'There is no such stream.')
    const [producer, figures, consumers] = await Promise.all([
      deps.findProducer(id),
      deps.figures.read([id]),
      deps.countConsumers(id),
    ])
    const measured = figures.get(id) ?? null
    return context.json({
      stream_id: id,
      name: stream.name,
      state: stream.state.toLowerCase(),
      ffmpeg: ffmpegView(stream, measured),
      producer: producer && producerView(producer, deps.now()),
      consumers: { total_consumers: consumers.total, active_consumers: consumers.active },
    })
  })

  app.get('/ingestion', async (context) => {
    const { projectId } = await deps.access(context.req.raw, peerAddress(context))
    const streams = await deps.listStreams(projectId, maxListed)
    const figures = await deps.figures.read(streams.map(({ id }) => id))
    const processes = streams.map((stream) => ({
      stream_id: stream.id,
      name: stream.name,
      ...ffmpegView(stream, figures.get(stream.id) ?? null),
    }))
    return context.json({ total: processes.length, processes })
  })

  app.get('/producers', async (context) => {
    const { projectId } = await deps.access(context.req.raw, peerAddress(context))
    const rows = await deps.listProducers(projectId, maxListed)
    const producers = rows.map((row) => ({
      stream_id: row.streamId,
      kind: row.kind.toLowerCase(),
      ...producerView(row, deps.now()),
    }))
    return context.json({ total: producers.length, producers })
  })

  const notYet = (what: string) => async () => {
    throw new WeirError('NOT_FOUND', `${what} are not kept yet.`)
  }
  app.all('/recordings/*', notYet('Recordings'))
  return app
}

function systemView(health: ReturnType<SystemHealthReader['read']>) {
  const { components, activeProcesses, activeProducers, activeConsumers, streamsByState } = health
  return {
    status: health.status.toLowerCase(),
    components: {
      database: wordOf(components, 'DATABASE'),
      ffmpeg: { status: wordOf(components, 'FFMPEG'), active_processes: activeProcesses },
      mediasoup: { status: wordOf(components, 'MEDIASOUP'), active_producers: activeProducers },
    },
    streams: {
      total: streamsByState && streamStates.reduce((sum, state) => sum + streamsByState[state], 0),
      by_state:
        streamsByState && Object.fromEntries(streamStates.map((state) => [state.toLowerCase(), streamsByState[state]])),
    },
    consumers: { active: activeConsumers },
  }
}

function wordOf(found: readonly ComponentHealth[], component: Component): string {
  return worst(found.filter((each) => each.component === component).map(({ status }) => status)).toLowerCase()
}

const bytesPerMegabyte = 1024 * 1024

function ffmpegView(stream: StreamRow, figures: StreamFigures | null) {
  const process = figures?.process ?? null
  return {
    is_healthy: figures && process !== null && stream.state === 'LIVE',
    status: processStatus(process !== null, stream.desiredState, stream.lastExit !== null).toLowerCase(),
    pid: process?.pid ?? null,
    cpu_percent: process?.cpuPercent ?? null,
    memory_mb: process?.memoryBytes == null ? null : Math.round((process.memoryBytes / bytesPerMegabyte) * 10) / 10,
    uptime_seconds: process && Math.max(0, (process.measuredAt - process.startedAt) / 1000),
  }
}

function producerView(producer: ProducerRow, now: number) {
  const { id, state, ssrcs, createdAt } = producer
  return {
    producer_id: id,
    state: state.toLowerCase(),
    ssrc: ssrcs[0] ?? null,
    uptime_seconds: state === 'ACTIVE' || state === 'PAUSED' ? Math.max(0, (now - createdAt.getTime()) / 1000) : null,
  }
}
