import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { schema } from '../../schema/index.ts'
import type { Config } from '../config.ts'
import { countByStream, countOfProject, findOwn, listActive, noSessions, readHeartbeats } from '../consumers/reads.ts'
import type { ConsumerService } from '../consumers/types.ts'
import type { SessionBook } from '../heartbeats/types.ts'
import type { Rates } from '../limits/rates.ts'
import { openSegment } from '../media/segments/open-segment.ts'
import { type OpenDatabase, pingDatabase } from '../platform/database/database.ts'
import { derivedSecret, hmacSha256 } from '../platform/hmac.ts'
import { lastKnown } from '../platform/last-known.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { Metrics } from '../platform/metrics/metrics.ts'
import { listOpenProducers, mainProducer } from '../producers/store.ts'
import type { Elsewhere } from '../streams/elsewhere.ts'
import type { MediaNode } from '../streams/media-node.ts'
import { findStreams, findWatchable, listWantedStreams } from '../streams/store.ts'
import { type Routes, securityHeaders } from './app.ts'
import { createAddressOf } from './client-address.ts'
import { corsMiddleware } from './cors.ts'
import { dashboardRoutes } from './dashboard.ts'
import { pageBundler } from './dashboard-bundle.ts'
import { createGraphql, type GraphqlDeps, graphqlPath } from './graphql.ts'
import { type IdentifyDeps, identify, keyFrom } from './graphql-admit.ts'
import { enterRoute } from './graphql-rates.ts'
import { graphqlRoutes } from './graphql-route.ts'
import { createGraphqlWebSocket } from './graphql-ws.ts'
import { healthRoutes } from './health.ts'
import { createHealthAccess } from './health-access.ts'
import { detailedHealthRoutes } from './health-detailed.ts'
import { heartbeatConnections, type ReadConnection } from './heartbeat-connections.ts'
import { heartbeatMessages } from './heartbeat-messages.ts'
import { heartbeatPlans } from './heartbeat-plan.ts'
import { heartbeatRequests, type LookAtRequest } from './heartbeat-requests.ts'
import { createHlsSessions } from './hls-sessions.ts'
import { internalRoutes, type NodeMethods } from './internal.ts'
import { laneDoor } from './lane-door.ts'
import { metricsPaths, metricsRoutes } from './metrics.ts'
import { createMetricsAccess } from './metrics-access.ts'
import { OpenSockets } from './open-sockets.ts'
import { createJudgeOrigin } from './origins.ts'
import { playbackRoutes } from './playback.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'
import { createRouteAudit } from './route-audit.ts'
import type { ServerOptions } from './server.ts'
import { v2ConsumerRoutes } from './v2-consumers.ts'
import { v2HealthRoutes } from './v2-health.ts'
import { createWatchAccess } from './watch-access.ts'
import { whepRoutes } from './whep.ts'
import { createWhepAddresses } from './whep-address.ts'

/** Everything that a node answers over HTTP. */
export interface NodeRoutes extends Required<Pick<ServerOptions, 'headers' | 'doors' | 'addressOf'>> {
  routes: Routes[]
  /** Answer heartbeats: on connections that carry nothing else, and among other requests. Each passes on all the rest. */
  readFirst: ReadConnection | undefined
  lookAt: LookAtRequest | undefined
  /** On a server of its own where METRICS_PORT says so; else among `routes`. */
  metricsPage: Routes
  /** True where it has taken the upgrade. */
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  /** Ends the WebSockets, in order. */
  closeSockets(): Promise<void>
}

export function createNodeRoutes(parts: {
  config: Config
  database: OpenDatabase
  media: MediaNode
  elsewhere: Elsewhere
  methods: NodeMethods
  sessions: { service: ConsumerService; book: SessionBook }
  nodeSecret: string
  graphqlDeps: GraphqlDeps & { rates: Rates }
  /** GraphiQL's Content-Security-Policy. */
  pagePolicy: () => string | null
  /** Of the first project. */
  operatorProjectId: string
  metrics: Metrics
  isStopping: () => boolean
  logger: Logger
}): NodeRoutes {
  const { config, graphqlDeps, logger } = parts
  const { db } = parts.database
  const { pool, segments, reconciler } = parts.media
  const { authenticate, anonymous, readSessionToken, rates } = graphqlDeps
  const judgeOrigin = createJudgeOrigin({ ...config, isProduction: config.environment === 'production' })
  const headers = securityHeaders(config.publicUrl)
  const graphql = createGraphql(graphqlDeps)
  const addressOf = createAddressOf(config.trustedProxies ?? [])
  const connections = { addressOf, openSockets: new OpenSockets(config.maxSocketsPerAddress) }
  const fast = {
    ...graphqlDeps,
    // What is looked up there was good before: bad ones go the usual way, and are counted there.
    authenticate: (key: string) => authenticate(key),
    judgeOrigin,
    headers,
    heartbeats: graphqlDeps.services.consumers,
    findPlan: heartbeatPlans(schema),
    log: logger.child({ logger: 'http' }),
  }
  const sockets = createGraphqlWebSocket(graphql, graphqlDeps, heartbeatMessages(fast), connections)
  const mayReadMetrics = createMetricsAccess({
    allowed: config.metricsAllowCidrs,
    identify: (key, address) => identify({ authenticate, anonymous, readSessionToken }, { key, address }),
    operatorProjectId: parts.operatorProjectId,
  })
  const metricsPage = metricsRoutes(parts.metrics, config.metricsPath, mayReadMetrics)
  // Who watches goes on watching while the database is away.
  const find = lastKnown((streamId: string) => findWatchable(db, streamId))
  const lastKnownKey = lastKnown((key: string) => authenticate(key))
  const watchers: IdentifyDeps = {
    authenticate: (key, address = null) => rates.guarded(key, address, () => lastKnownKey(key)),
    anonymous,
    readSessionToken,
  }
  const authorize = createWatchAccess({
    ...watchers,
    publicPlayback: config.publicPlayback,
    find,
  })
  const health = healthRoutes({
    checks: {
      database: async () => {
        await pingDatabase(db)
        return { status: 'healthy' }
      },
      mediasoup: async () => {
        const workers = pool.workers().length
        return { status: workers > 0 ? 'healthy' : 'critical', details: { workers } }
      },
    },
    ffmpegProcesses: () => reconciler.processes().length,
    stopping: parts.isStopping,
    logger,
  })
  const { elsewhere, methods, sessions } = parts
  const openHere = async (streamId: string, token: string, run: string, name: string) => {
    const path = segments.file(streamId, token, run, name)
    return path === null ? null : openSegment(path)
  }
  const access = createHealthAccess({ authenticate, anonymous, readSessionToken })
  const { systemHealth } = graphqlDeps
  const v2Health = v2HealthRoutes({
    systemHealth,
    figures: graphqlDeps.figures,
    access,
    async findStream(projectId, id) {
      const [stream] = await findStreams(db, projectId, [id])
      return stream && stream.deletedAt === null ? stream : null
    },
    findProducer: (streamId) => mainProducer(db, streamId),
    countConsumers: async (id) => (await countByStream(db, [id])).get(id) ?? noSessions,
    listStreams: (projectId, limit) => listWantedStreams(db, projectId, limit),
    listProducers: (projectId, limit) => listOpenProducers(db, projectId, limit),
    now: Date.now,
  })
  const v2Consumers = v2ConsumerRoutes({
    identify: (request, address) =>
      identify(
        { authenticate, anonymous, readSessionToken },
        { key: keyFrom((name) => request.headers.get(name)), address },
      ),
    consumers: graphqlDeps.services.consumers,
    list: (projectId, limit) => listActive(db, projectId, limit),
    count: (projectId) => countOfProject(db, projectId),
    find: (projectId, id) => findOwn(db, projectId, id),
    signsOfLife: (ids) => readHeartbeats(db, ids),
    now: Date.now,
  })
  const playback = playbackRoutes({
    authorize,
    sessions: createHlsSessions({
      readSession: (token, at) => readSessionToken(token, at),
      book: sessions.book,
      beatEveryMs: Math.min(5000, (config.heartbeatTimeoutSeconds * 1000) / 4),
      now: Date.now,
    }),
    async playlist(streamId, signal) {
      const owner = await elsewhere.ownerOf(streamId)
      return owner ? elsewhere.playlist(owner, streamId) : segments.playlist(streamId, signal)
    },
    async open(streamId, token, run, name) {
      const here = await openHere(streamId, token, run, name)
      if (here) return here
      const owner = await elsewhere.ownerOf(streamId)
      return owner && elsewhere.openSegment(owner, `/hls/${streamId}/${token}/${run}/${name}`)
    },
  })
  const whep = whepRoutes({
    async authorize(request, streamId, address) {
      await enterRoute({ ...watchers, rates }, request, address)
      return authorize(request, streamId, address)
    },
    projectOf: async (streamId) => (await find(streamId))?.projectId ?? null,
    addresses: createWhepAddresses(hmacSha256(derivedSecret(parts.nodeSecret, 'WHEP addresses'))),
    sessions: sessions.service,
    audit: createRouteAudit({ ...graphqlDeps.audit, newRequestId: graphqlDeps.newRequestId }),
    onFault: (error: unknown) => logger.error({ error }, 'a WHEP request failed'),
  })
  const internal = internalRoutes({
    secret: parts.nodeSecret,
    methods,
    playback: playbackRoutes({
      authorize: async () => ({ isPublic: false }),
      sessions: null,
      playlist: async () => null,
      open: openHere,
    }),
  })
  return {
    headers,
    doors: [corsMiddleware(judgeOrigin), laneDoor(rates, metricsPaths(config.metricsPath))],
    addressOf,
    readFirst: heartbeatConnections(fast),
    lookAt: heartbeatRequests(fast),
    routes: [
      graphqlRoutes(graphql, connections, parts.pagePolicy),
      whep,
      playback,
      internal,
      health,
      detailedHealthRoutes({ systemHealth, access, stopping: parts.isStopping }),
      v2Health,
      v2Consumers,
      ...(config.metricsPort === null ? [metricsPage] : []),
      dashboardRoutes(pageBundler()),
    ],
    metricsPage,
    onUpgrade(request, socket, head) {
      if (new URL(request.url ?? '/', 'http://localhost').pathname !== graphqlPath) return false
      const { origin, host } = request.headers
      if (judgeOrigin(origin, host) === 'REFUSED') refuseUpgrade(socket, 403)
      else sockets.handleUpgrade(request, socket, head)
      return true
    },
    closeSockets: () => sockets.close(),
  }
}
