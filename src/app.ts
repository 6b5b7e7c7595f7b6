import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { createAuditTrail } from './audit/trail.ts'
import { Closers } from './closers.ts'
import type { Config } from './config.ts'
import { sessionsOfStreamsLost } from './consumers/lost.ts'
import { sessionMethods } from './consumers/methods.ts'
import { deleteOldConsumers } from './consumers/retention.ts'
import { type RunningSessions, startSessions } from './consumers/start.ts'
import { createEventHub } from './events/hub.ts'
import { startNumbering } from './events/numbering.ts'
import { defaultEventRetention, deleteOldEvents } from './events/retention.ts'
import { startSystemHealth } from './health/system/start.ts'
import { createSessionTokens } from './heartbeats/tokens.ts'
import { createGraphiqlPage } from './http/graphiql.ts'
import type { GraphqlDeps } from './http/graphql.ts'
import { createNodeRoutes } from './http/node-routes.ts'
import { type HttpServer, startServer } from './http/server.ts'
import { startRates } from './limits/start.ts'
import { createMediaFiles } from './media/media-files.ts'
import { createNodeCall } from './nodes/call.ts'
import { joinNodes, knownSecret } from './nodes/join.ts'
import { nodeIdOf } from './nodes/node-id.ts'
import { createNodeService } from './nodes/service.ts'
import { otherOwners, saveNodeUrl } from './nodes/store.ts'
import { deleteEmptyPlaces } from './places/store.ts'
import { createBus } from './platform/bus/create.ts'
import { createCpuMeter } from './platform/cpu.ts'
import type { Database } from './platform/database/database.ts'
import { takeFolder } from './platform/database/folder-guard.ts'
import { startHousekeeping } from './platform/database/housekeeping.ts'
import { openDatabase } from './platform/database/open.ts'
import { derivedSecret, hmacSha256 } from './platform/hmac.ts'
import { deleteOldIdempotencyKeys } from './platform/idempotency.ts'
import { createErrorCounts, type ErrorCounts } from './platform/logs/error-counts.ts'
import type { Logger } from './platform/logs/logger.ts'
import { createMetrics } from './platform/metrics/metrics.ts'
import { startStallGuard } from './platform/stall-guard.ts'
import { deleteOldProducers } from './producers/retention.ts'
import { createProducerService } from './producers/service.ts'
import { publicCaller } from './projects/public-caller.ts'
import { deleteOldKeys } from './projects/retention.ts'
import { startProjects } from './projects/start.ts'
import { deleteOldAttempts } from './recovery/retention.ts'
import { startReservationExpiry } from './reservations/expiry.ts'
import { createRefusalCounts } from './reservations/refusals.ts'
import { deleteOldReservations } from './reservations/retention.ts'
import { createReservationService } from './reservations/service.ts'
import { startSamples } from './samples/start.ts'
import { keyFileIn } from './secrets/key-file.ts'
import { openSecretBox } from './secrets/open.ts'
import { createRulesReader } from './sources/rules-reader.ts'
import { findSourcePolicy } from './sources/store.ts'
import { defaultPolicy } from './streams/default-policy.ts'
import { createDemoStream } from './streams/demo.ts'
import { Elsewhere } from './streams/elsewhere.ts'
import { startIdleStop } from './streams/idle-stop.ts'
import { startMediaNode } from './streams/media-node.ts'
import { createMetricsSource } from './streams/metrics-source.ts'
import { streamsLostTheirNode } from './streams/node-lost.ts'
import type { Reconciler } from './streams/reconciler.ts'
import { deleteOldStreams } from './streams/retention.ts'
import { sealSources } from './streams/sealing.ts'
import { createStreamService } from './streams/service.ts'
import { countStreams } from './streams/store.ts'
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

/** Starts a whole node: the API and the media. Throws errors whose messages say what to do. */
export async function startNode(config: Config, logger: Logger, onProgress: (what: string) => void): Promise<Node> {
  const closers = new Closers(logger)
  try {
    const errors = createErrorCounts()
    const { url, madeKey } = await start(config, errors.count(logger), errors, onProgress, closers)
    return { url, madeKey, stop: () => closers.closeAll() }
  } catch (error) {
    await closers.closeAll()
    throw error
  }
}

async function start(
  config: Config,
  logger: Logger,
  errors: ErrorCounts,
  onProgress: (what: string) => void,
  closers: Closers,
) {
  const { databaseUrl, redisUrl } = config
  const dataDir = resolve(config.dataDir)
  const database = await openDatabase({ databaseUrl, dataDir, logger, onProgress })
  const { db, kind } = database
  closers.add(database.close)
  // The embedded database guards its folder by itself; live segments and the node's id need the same.
  if (kind === 'POSTGRESQL') closers.add(takeFolder(dataDir).release)
  const bus = await createBus({ redisUrl, databaseUrl, logger })
  closers.add(() => bus.close())
  const numbering = startNumbering({ db, bus, logger })
  closers.add(() => numbering.stop())
  const eventsAppended = () => numbering.wake()
  const samples = startSamples({ db, logger })
  const housekeeping = startHousekeeping({
    database,
    deleteOld: [
      (now) => deleteOldEvents(db, defaultEventRetention[kind], now),
      (now) => deleteOldIdempotencyKeys(db, now),
      (now) => deleteOldProducers(db, now),
      (now) => deleteOldAttempts(db, now),
      (now) => deleteOldReservations(db, now),
      () => deleteEmptyPlaces(db),
      (now) => deleteOldConsumers(db, now),
      (now) => deleteOldStreams(db, now),
      (now) => deleteOldKeys(db, now),
      samples.keepHouse,
    ],
    logger,
  })
  closers.add(() => housekeeping.stop())
  closers.add(() => samples.recorder.stop())

  const asking = await startProjects({ config, db, bus, eventsAppended, logger, closers })
  const { service: projects, first: project, madeKey, standing, authenticate } = asking

  const trail = createAuditTrail({ db, logger, eventsAppended })
  closers.add(() => trail.stop())
  await knownSecret(db)
  const { secretKey, secretKeyPrevious: previous } = config
  const secrets = await openSecretBox({ db, kind, secretKey, previous, keyFile: keyFileIn(dataDir), logger })
  await sealSources(db, secrets, { givesUp: previous === 'lost', logger })

  const nodeId = nodeIdOf(dataDir)
  const node = { id: nodeId, name: config.nodeName ?? hostname(), version, capacity: config.maxStreams }
  const stalls = startStallGuard()
  closers.add(() => stalls.stop())
  const cpuPercent = createCpuMeter()
  let running: Reconciler | null = null
  const figures = () => ({ consumers: running?.viewers() ?? 0, cpuPercent: cpuPercent() })
  const freed = async (tx: Database, streamIds: string[]) => {
    await streamsLostTheirNode(tx, streamIds)
    await sessionsOfStreamsLost(tx, streamIds)
  }
  const nodeParts = { db, kind, bus, node, projectId: project.id, figures, freed }
  const joined = await joinNodes({ ...nodeParts, eventsAppended, stalls, logger, closers })
  const { leases, neighbours } = joined
  const files = createMediaFiles(resolve(config.mediaDir))
  const { recorder } = samples
  const sourceRules = createRulesReader({
    always: config.sourceAllowCidrs ?? [],
    allowPrivate: config.sourceAllowPrivate,
    read: async (projectId) => {
      const found = await findSourcePolicy(db, projectId)
      return found && { policy: found.policy, isAlone: kind === 'PGLITE' && found.projectCount === 1 }
    },
    monotonicMs: () => performance.now(),
  })
  const mediaParts = {
    config,
    dataDir,
    db,
    bus,
    leases,
    stalls,
    neighbours,
    nodeId,
    files,
    secrets,
    recorder,
    sourceRules,
    eventsAppended,
    logger,
    closers,
  }
  const media = await startMediaNode(mediaParts)
  const { reconciler } = media
  running = reconciler
  let sessions: RunningSessions | null = null
  const local = media.pool.sessions
  const methods = { ...media.methods, ...sessionMethods(local, async () => sessions?.settle()) }
  const call = createNodeCall({ selfId: nodeId, methods, secret: joined.secret, fetch })
  const sessionTokens = createSessionTokens(hmacSha256(derivedSecret(joined.secret, 'session tokens')))
  const refusals = createRefusalCounts()
  const metrics = createMetrics({
    source: createMetricsSource({
      db,
      nodeId,
      figures: reconciler,
      processes: () => reconciler.processes(),
      components: () => systemHealth.own(),
      refusals,
      errors,
      freezeMs: config.streamFreezeTimeoutSeconds * 1000,
      maxConsumerSeries: config.metricsMaxConsumerSeries,
      now: Date.now,
    }),
    logger,
  })
  sessions = await startSessions({
    ...{ config, db, bus, nodeId, stalls, local, call, refusals, eventsAppended, logger },
    tokens: sessionTokens,
    observe: metrics.observeEndedSession,
    countHeartbeat: metrics.countHeartbeat,
  })
  closers.add(sessions.stop)
  const elsewhere = new Elsewhere({
    call,
    owners: (streamIds) => (kind === 'PGLITE' ? Promise.resolve(new Map()) : otherOwners(db, nodeId, streamIds)),
    monotonic: () => performance.now(),
  })
  const systemHealth = startSystemHealth({
    config,
    dataDir,
    database,
    bus,
    media,
    nodeId,
    record: recorder.system,
    logger,
    closers,
  })

  const services = {
    streams: createStreamService({ db, bus, secrets, files, sourceRules, eventsAppended }),
    producers: createProducerService({ db, bus, eventsAppended }),
    nodes: createNodeService({ db, eventsAppended }),
    projects,
    reservations: createReservationService({
      db,
      closeSession: (caller, id) => sessions.closeForced(caller, id, 'Its reservation was released.'),
      refusals,
      eventsAppended,
    }),
    consumers: sessions.service,
  }
  closers.add(startReservationExpiry({ db, eventsAppended, logger }))
  const idleStop = { db, bus, afterSeconds: config.onDemandCloseSeconds, eventsAppended, logger }
  closers.add(startIdleStop(idleStop))
  if (config.demo && (await countStreams(db)) === 0) await createDemoStream(services.streams, project.id)

  const monotonic = () => performance.now()
  const rates = startRates({
    config,
    db,
    nodes: () => neighbours.running,
    refused: metrics.countRateLimited,
    monotonic,
    logger,
    closers,
  })
  const graphiql = createGraphiqlPage()
  let url = ''
  const graphqlDeps = {
    db,
    bus,
    eventHub: createEventHub({ db, bus, logger }),
    services,
    figures: elsewhere.figures(reconciler),
    systemHealth,
    samples: samples.readers,
    policy: defaultPolicy(config),
    playback({ id }, origin) {
      const base = config.publicUrl ?? origin ?? url
      return { whepUrl: `${base}/whep/${id}`, hlsUrl: `${base}/hls/${id}/index.m3u8` }
    },
    now: Date.now,
    rates,
    authenticate: (key, address) =>
      address === undefined ? authenticate(key) : rates.guarded(key, address, () => authenticate(key)),
    anonymous(named) {
      const projectId = named ?? project.id
      return publicCaller(projectId, config.publicHealth && standing.isPublic(projectId))
    },
    watchCaller: (caller, end) => standing.live.watch(caller, end),
    readSessionToken: (token, at = Date.now()) => sessionTokens.read(token, at),
    log: logger,
    audit: { trail, fallbackProjectId: project.id },
    newRequestId: () => crypto.randomUUID(),
    development: config.environment !== 'production',
    executionMs: config.executionSeconds * 1000,
    ...(config.introspection === null ? {} : { introspection: config.introspection }),
    ...(config.graphiql === null ? {} : { graphiql: config.graphiql }),
    renderGraphiql: graphiql.render,
    observe: metrics.observeRequest,
  } satisfies GraphqlDeps
  let isStopping = false
  const nodeSecret = joined.secret
  const asked = { standing, config, database, media, elsewhere, methods, nodeSecret, graphqlDeps, metrics, logger }
  const { service, book } = sessions
  const routesParts = {
    ...asked,
    sessions: { service, book },
    operatorProjectId: project.id,
    pagePolicy: graphiql.policy,
    isStopping: () => isStopping,
  }
  const nodeRoutes = createNodeRoutes(routesParts)
  const { routes, readFirst, lookAt, metricsPage, onUpgrade, closeSockets } = nodeRoutes
  const { headers, doors, addressOf } = nodeRoutes
  const everywhere = { headers, doors, addressOf, logger }
  const { host, port, metricsPort } = config
  const server = await startServer({ host, port, routes, readFirst, lookAt, onUpgrade, ...everywhere })
  closers.add(() => server.close())
  url = urlOf(server, 'localhost')
  await saveNodeUrl(db, nodeId, config.nodeUrl ?? urlOf(server, hostname()))
  if (metricsPort !== null) {
    const portSetting = 'METRICS_PORT'
    const metricsServer = await startServer({
      host,
      port: metricsPort,
      portSetting,
      routes: [metricsPage],
      ...everywhere,
    })
    closers.add(() => metricsServer.close())
  }
  closers.add(closeSockets)
  await neighbours.start()
  closers.add(() => neighbours.stop())
  reconciler.start()
  closers.add(() => reconciler.stop())
  closers.add(() => {
    isStopping = true
  })
  return { url, madeKey }
}

/** Where it is reached, by this name where it listens on every address. */
function urlOf({ host, port }: HttpServer, everywhere: string): string {
  const name = host === '0.0.0.0' || host === '::' ? everywhere : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
