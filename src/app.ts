import { availableParallelism, hostname } from 'node:os'
import { join, resolve } from 'node:path'
import type { Config } from './config.ts'
import { startNumbering } from './events/numbering.ts'
import { defaultEventRetention, deleteOldEvents } from './events/retention.ts'
import { dashboardRoutes } from './http/dashboard.ts'
import { pageBundler } from './http/dashboard-bundle.ts'
import { renderGraphiql } from './http/graphiql.ts'
import { createGraphql, type GraphqlDeps, graphqlPath } from './http/graphql.ts'
import { graphqlRoutes } from './http/graphql-route.ts'
import { createGraphqlWebSocket } from './http/graphql-ws.ts'
import { healthRoutes } from './http/health.ts'
import { metricsRoutes } from './http/metrics.ts'
import { playbackRoutes } from './http/playback.ts'
import { startServer } from './http/server.ts'
import { createWatchAccess } from './http/watch-access.ts'
import { whepRoutes } from './http/whep.ts'
import { probeSource } from './media/ffmpeg/probe.ts'
import { patternTracks } from './media/ffmpeg/probe-output.ts'
import { startIngest } from './media/ffmpeg/process.ts'
import { createMediaFiles } from './media/media-files.ts'
import { createMediasoupPool } from './media/mediasoup/pool.ts'
import { LiveSegments } from './media/segments/live-segments.ts'
import { openSegment } from './media/segments/open-segment.ts'
import { startLeaseKeeper } from './nodes/lease-keeper.ts'
import { nodeIdOf } from './nodes/node-id.ts'
import { startPresence } from './nodes/presence.ts'
import { createBus } from './platform/bus/create.ts'
import { takeFolder } from './platform/database/folder-guard.ts'
import { startHousekeeping } from './platform/database/housekeeping.ts'
import { openDatabase } from './platform/database/open.ts'
import { deleteOldIdempotencyKeys } from './platform/idempotency.ts'
import type { Logger } from './platform/logs/logger.ts'
import { createMetrics } from './platform/metrics/metrics.ts'
import { deleteOldProducers } from './producers/retention.ts'
import { createProducerService } from './producers/service.ts'
import { publicCaller } from './projects/public-caller.ts'
import { createProjectService } from './projects/service.ts'
import { createDemoStream } from './streams/demo.ts'
import { createMetricsSource } from './streams/metrics-source.ts'
import type { PlanPolicy } from './streams/plan.ts'
import { Reconciler } from './streams/reconciler.ts'
import { createStreamService } from './streams/service.ts'
import { countStreams, findWatchable } from './streams/store.ts'
import { version } from './version.ts'

/** A node that runs. */
export interface Node {
  /** Where it is reached from this machine. */
  url: string
  /** The first key, where it was made just now: the only time that it can be shown. */
  madeKey: string | null
  /** Ends everything in order: no new work, streams handed back, FFmpeg ended, connections closed, database closed. Idempotent. */
  stop(): Promise<void>
}

const startDeadlineMs = 10_000
const probeDeadlineMs = 10_000
const stableMs = 10_000
const maxAttempts = 3

/** Starts a whole node: the API and the media. Throws errors whose messages say what to do. */
export async function startNode(config: Config, logger: Logger, onProgress: (what: string) => void): Promise<Node> {
  const closers: (() => Promise<unknown> | unknown)[] = []
  const closing = (close: () => Promise<unknown> | unknown) => closers.push(close)
  let stopping: Promise<void> | null = null
  async function stop(): Promise<void> {
    for (const close of closers.reverse()) {
      try {
        await close()
      } catch (error) {
        logger.error({ error }, 'a part did not end well')
      }
    }
  }
  const stopOnce = () => (stopping ??= stop())
  try {
    return await start()
  } catch (error) {
    await stopOnce()
    throw error
  }

  async function start(): Promise<Node> {
    const dataDir = resolve(config.dataDir)
    const { databaseUrl, redisUrl } = config
    const { db, kind, close } = await openDatabase({ databaseUrl, dataDir, logger, onProgress })
    closing(close)
    if (kind === 'POSTGRESQL') {
      // The embedded database guards its folder by itself; live segments and the node's id need the same.
      closing(takeFolder(dataDir).release)
    }
    const bus = await createBus({ redisUrl, databaseUrl, logger })
    closing(() => bus.close())
    const numbering = startNumbering({ db, bus, logger })
    closing(() => numbering.stop())
    const eventsAppended = () => numbering.wake()

    const housekeeping = startHousekeeping({
      database: { db, kind },
      deleteOld: [
        (now) => deleteOldEvents(db, defaultEventRetention[kind], now),
        (now) => deleteOldIdempotencyKeys(db, now),
        (now) => deleteOldProducers(db, now),
      ],
      logger,
    })
    closing(() => housekeeping.stop())

    const projects = createProjectService({ db, logger })
    const project = await projects.ensureDefaultProject()
    const madeKey = await projects.ensureFirstAdminKey(project.id, config.adminKey)
    const anonymous = () => publicCaller(project.id, config.publicHealth)

    const pool = await createMediasoupPool({
      workers: config.mediasoupWorkers ?? availableParallelism(),
      webRtcPort: config.webrtcPort,
      announcedAddresses: config.webrtcAnnouncedAddresses ? [...config.webrtcAnnouncedAddresses] : null,
      ...(config.webrtcListenIp ? { listenAddress: config.webrtcListenIp } : {}),
      log: logger,
    })
    closing(() => pool.close())
    const segments = new LiveSegments({
      root: join(dataDir, 'segments'),
      logger,
      segmentSeconds: config.segmentSeconds,
    })
    await segments.start()
    closing(() => segments.close())

    const nodeId = nodeIdOf(dataDir)
    const name = config.nodeName ?? hostname()
    const node = { id: nodeId, name, version, capacity: config.maxStreams }
    closing(await startPresence({ db, kind, node, projectId: project.id, logger }))
    const leases = startLeaseKeeper({ db, nodeId, logger })
    closing(() => leases.stop())
    const files = createMediaFiles(resolve(config.mediaDir))
    const policy: PlanPolicy = {
      startDeadlineMs,
      freezeMs: config.streamFreezeTimeoutSeconds * 1000,
      maxAttempts,
      stableMs,
    }
    const reconciler = new Reconciler({
      db,
      bus,
      leases,
      nodeId,
      capacity: config.maxStreams,
      checkIntervalMs: config.ffmpegCheckIntervalSeconds * 1000,
      logger,
      ports: {
        pool,
        startIngest: (spec) => startIngest(spec, { logger, now: Date.now, ffmpeg: config.ffmpegPath }),
        probe: async (source, signal) =>
          source.kind === 'TEST_PATTERN'
            ? patternTracks(source)
            : probeSource(source, probeDeadlineMs, { logger, now: Date.now, ffprobe: config.ffprobePath, signal }),
        segments,
        segmentSeconds: config.segmentSeconds,
        files,
        policy,
        now: Date.now,
        random: Math.random,
        logger,
        changed(streamId) {
          eventsAppended()
          bus.publish('streams', streamId)
        },
      },
    })

    const services = {
      streams: createStreamService({ db, bus, files, eventsAppended }),
      producers: createProducerService({ db, bus, eventsAppended }),
    }
    if (config.demo && (await countStreams(db)) === 0) await createDemoStream(services.streams, project.id)

    const metrics = createMetrics({ source: createMetricsSource(db, () => reconciler.processes()), logger })
    const authorize = createWatchAccess({
      authenticate: projects.authenticate,
      anonymous,
      publicPlayback: config.publicPlayback,
      find: (streamId) => findWatchable(db, streamId),
    })
    const newRequestId = () => crypto.randomUUID()
    let url = ''
    const graphqlDeps: GraphqlDeps = {
      db,
      bus,
      services,
      figures: reconciler,
      playback({ id }, origin) {
        const base = config.publicUrl ?? origin ?? url
        return { whepUrl: `${base}/whep/${id}`, hlsUrl: `${base}/hls/${id}/index.m3u8` }
      },
      now: Date.now,
      authenticate: projects.authenticate,
      anonymous,
      log: logger,
      newRequestId,
      development: config.environment !== 'production',
      renderGraphiql,
      observe: metrics.observeRequest,
    }
    const graphql = createGraphql(graphqlDeps)
    const sockets = createGraphqlWebSocket(graphql, graphqlDeps)
    let isStopping = false
    const health = healthRoutes({
      checks: {
        database: async () => {
          await db.execute('select 1')
          return { status: 'healthy' }
        },
        mediasoup: async () => {
          const workers = pool.workers().length
          return { status: workers > 0 ? 'healthy' : 'critical', details: { workers } }
        },
      },
      ffmpegProcesses: () => reconciler.processes().length,
      stopping: () => isStopping,
      logger,
    })
    const metricsPage = metricsRoutes(metrics, config.metricsPath)
    const server = await startServer({
      host: config.host,
      port: config.port,
      routes: [
        graphqlRoutes(graphql),
        whepRoutes({ media: pool, authorize, onFault: (error) => logger.error({ error }, 'a WHEP request failed') }),
        playbackRoutes({
          authorize,
          playlist: (streamId, signal) => segments.playlist(streamId, signal),
          async open(streamId, token, run, name) {
            const path = segments.file(streamId, token, run, name)
            return path === null ? null : openSegment(path)
          },
        }),
        health,
        ...(config.metricsPort === null ? [metricsPage] : []),
        dashboardRoutes(pageBundler()),
      ],
      onUpgrade(request, socket, head) {
        if (new URL(request.url ?? '/', 'http://localhost').pathname !== graphqlPath) return false
        sockets.handleUpgrade(request, socket, head)
        return true
      },
      logger,
      newRequestId,
    })
    url = `http://${config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host}:${server.port}`
    closing(() => server.close())
    if (config.metricsPort !== null) {
      const { host, metricsPort: port } = config
      const metricsServer = await startServer({
        host,
        port,
        portSetting: 'METRICS_PORT',
        routes: [metricsPage],
        logger,
      })
      closing(() => metricsServer.close())
    }
    closing(() => sockets.close())
    reconciler.start()
    closing(() => reconciler.stop())
    closing(() => {
      isStopping = true
    })
    return { url, madeKey, stop: stopOnce }
  }
}
