import { schema } from '../../schema/index.ts'
import type { ConsumerService } from '../../src/consumers/types.ts'
import { createSessionBook } from '../../src/heartbeats/book.ts'
import { createHeartbeats } from '../../src/heartbeats/service.ts'
import { createHeartbeatStore } from '../../src/heartbeats/store.ts'
import { createSessionTokens } from '../../src/heartbeats/tokens.ts'
import { createGraphql } from '../../src/http/graphql.ts'
import { graphqlRoutes } from '../../src/http/graphql-route.ts'
import { createGraphqlWebSocket } from '../../src/http/graphql-ws.ts'
import { heartbeatConnections } from '../../src/http/heartbeat-connections.ts'
import { heartbeatMessages } from '../../src/http/heartbeat-messages.ts'
import { heartbeatPlans } from '../../src/http/heartbeat-plan.ts'
import { heartbeatRequests } from '../../src/http/heartbeat-requests.ts'
import { startServer } from '../../src/http/server.ts'
import { createBus } from '../../src/platform/bus/create.ts'
import { openDatabase } from '../../src/platform/database/open.ts'
import { hmacSha256 } from '../../src/platform/hmac.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { createMetrics } from '../../src/platform/metrics/metrics.ts'
import { createProjectService } from '../../src/projects/service.ts'
import { createTestApi } from '../../test/support/api.ts'

/**
 * The process of heartbeats.ts that is measured: `node heartbeat-server.ts DATABASE_URL SECRET`, the server's parts that a heartbeat passes, put together as a node
 * does it. Says its port by IPC; told anything, answers with its memory and the sessions that it knows; ends with its parent.
 */
const [databaseUrl = '', secret = ''] = process.argv.slice(2)
const logger = silentLogger
const database = await openDatabase({ databaseUrl, dataDir: '', logger })
const bus = await createBus({ redisUrl: null, databaseUrl, logger })
const projects = createProjectService({ db: database.db, logger })
const sessionTokens = createSessionTokens(hmacSha256(secret))
const metrics = createMetrics({ source: () => Promise.reject(new Error('nobody scrapes')), logger } as never)
const book = createSessionBook({
  store: createHeartbeatStore(database.db),
  bus,
  logger,
  now: () => performance.now(),
})
const heartbeats = createHeartbeats({
  book,
  tokens: sessionTokens,
  intervalMs: 30_000,
  tokenLifeMs: 600_000,
  count: () => {},
  now: Date.now,
})
const { deps: base } = await createTestApi(
  { ...database, url: databaseUrl, countStatements: () => Promise.reject(new Error('unused')) },
  {
    authenticate: projects.authenticate,
    readSessionToken: (token) => sessionTokens.read(token, Date.now()),
    observe: metrics.observeRequest,
  },
)
const services = { ...base.services, consumers: heartbeats as ConsumerService }
const deps = { ...base, services, heartbeats, findPlan: heartbeatPlans(schema), observe: metrics.observeRequest }
const graphql = createGraphql(deps)
const sockets = createGraphqlWebSocket(graphql, deps, heartbeatMessages(deps))
const server = await startServer({
  host: '127.0.0.1',
  port: 0,
  logger,
  routes: [graphqlRoutes(graphql)],
  readFirst: heartbeatConnections(deps),
  lookAt: heartbeatRequests(deps),
  onUpgrade(request, socket, head) {
    sockets.handleUpgrade(request, socket, head)
    return true
  },
})
process.send!({ port: server.port })
process.on('message', () => {
  globalThis.gc?.()
  process.send!({ sessions: book.size, heapBytes: process.memoryUsage().heapUsed })
})
process.on('disconnect', () => process.exit())
