import { createAuditTrail } from '../../src/audit/trail.ts'
import type { Caller } from '../../src/caller.ts'
import type { TypedDocumentString } from '../../src/client/generated/graphql.ts'
import { readConfig } from '../../src/config.ts'
import { closeById } from '../../src/consumers/closing.ts'
import type { SessionFigures } from '../../src/consumers/media.ts'
import type { SessionTokens } from '../../src/consumers/types.ts'
import type { ErrorCode, FieldError } from '../../src/errors.ts'
import { createEventHub } from '../../src/events/hub.ts'
import { SystemHealthService } from '../../src/health/system/service.ts'
import { createSessionTokens } from '../../src/heartbeats/tokens.ts'
import { createGraphql, type GraphqlDeps, type GraphqlServer } from '../../src/http/graphql.ts'
import { newId } from '../../src/ids.ts'
import { createNodeService } from '../../src/nodes/service.ts'
import type { Bus } from '../../src/platform/bus/bus.ts'
import { createInProcessBus } from '../../src/platform/bus/in-process.ts'
import { projects, type Scope } from '../../src/platform/database/tables.ts'
import { hmacSha256 } from '../../src/platform/hmac.ts'
import { type Logger, silentLogger } from '../../src/platform/logs/logger.ts'
import { createProducerService } from '../../src/producers/service.ts'
import { createProjectService } from '../../src/projects/service.ts'
import { createRefusalCounts } from '../../src/reservations/refusals.ts'
import { createReservationService } from '../../src/reservations/service.ts'
import { createSampleReaders } from '../../src/samples/reader.ts'
import { createSampleStore } from '../../src/samples/store.ts'
import { defaultPolicy } from '../../src/streams/default-policy.ts'
import { createStreamService } from '../../src/streams/service.ts'
import { noMediaFiles } from '../../src/streams/source.ts'
import type { StreamFigures } from '../../src/streams/types.ts'
import { createTestSessions } from './consumer-service.ts'
import type { TestDatabase } from './databases.ts'
import { testBox } from './secret-box.ts'

/** An answer as a client sees it. */
export interface Answer<Data> {
  status: number
  data: Data | null
  errors: ApiError[]
  headers: Headers
}
export interface ApiError {
  message: string
  path?: (string | number)[]
  extensions: { code: ErrorCode; fields?: FieldError[]; requestId?: string; [detail: string]: unknown }
}

export interface TestApi {
  graphql: GraphqlServer
  deps: GraphqlDeps
  projectId: string
  /** What LiveFigures answers with; a test sets it. */
  figures: Map<string, StreamFigures>
  /** How often LiveFigures was asked. */
  figureReads: string[][]
  /** What the nodes measure of sessions; a test sets it. */
  sessionFigures: Map<string, SessionFigures>
  /** How often that was asked. */
  sessionFigureReads: string[][]
  /** What was logged as an error. */
  logged: { context: object; message: string }[]
  sessionTokens: SessionTokens
  /** A key of the project with these scopes. */
  key(...scopes: Scope[]): string
  revoke(key: string): void
  /** A session's token; good for 10 min, where no time (ms since the epoch) is said. */
  token(consumer: { id: string; streamId: string; projectId: string }, expiresAt?: number): string
  /** Listeners that are subscribed to the bus right now. */
  listeners(): number
  /** Sends a document as a client would. `key` null is without a key; READ, WRITE where nothing is said. */
  query<Data, Variables>(
    document: TypedDocumentString<Data, Variables> | string,
    variables?: Variables,
    options?: { key?: string | null },
  ): Promise<Answer<Data>>
}

/** The API on a database of the test's own, called through its `fetch`. */
export async function createTestApi(
  database: TestDatabase,
  options: Partial<GraphqlDeps> & { publicHealth?: boolean } = {},
): Promise<TestApi> {
  const { publicHealth = true, ...overrides } = options
  const projectId = newId('Project')
  await database.db.insert(projects).values({ id: projectId, name: 'Test' })

  const keys = new Map<string, Caller>()
  const figures = new Map<string, StreamFigures>()
  const figureReads: string[][] = []
  const sessionFigures = new Map<string, SessionFigures>()
  const sessionFigureReads: string[][] = []
  const logged: TestApi['logged'] = []
  const log: Logger = { ...silentLogger, error: (context, message) => logged.push({ context, message }) }
  const inProcess = createInProcessBus(log)
  const { bus, listeners } = countingBus(inProcess)
  const anonymous: Caller = { projectId: publicHealth ? projectId : null, scopes: [], actor: { kind: 'ANONYMOUS' } }
  const sessionTokens = createSessionTokens(hmacSha256('of the tests'))
  const projectService = createProjectService({ db: database.db, logger: log, now: () => deps.now() })
  const deps: GraphqlDeps = {
    db: database.db,
    services: {
      streams: createStreamService({
        db: database.db,
        bus,
        secrets: testBox,
        files: noMediaFiles,
        eventsAppended: () => {},
      }),
      producers: createProducerService({ db: database.db, bus, eventsAppended: () => {} }),
      nodes: createNodeService({ db: database.db, eventsAppended: () => {} }),
      consumers: createTestSessions({
        db: database.db,
        bus: inProcess,
        tokens: sessionTokens,
        now: () => deps.now(),
        figures(ids) {
          sessionFigureReads.push(ids)
          return new Map([...sessionFigures].filter(([id]) => ids.includes(id)))
        },
      }),
      projects: projectService,
      reservations: createReservationService({
        db: database.db,
        closeSession: ({ actor }, id) => closeById(database.db, [id], { reason: 'FORCED', actor }),
        refusals: createRefusalCounts(),
        eventsAppended: () => {},
      }),
    },
    figures: {
      read: async (ids) => {
        figureReads.push(ids)
        return new Map([...figures].filter(([id]) => ids.includes(id)))
      },
    },
    systemHealth: new SystemHealthService({
      db: database.db,
      nodeId: newId('MediaNode'),
      checks: [],
      intervalMs: 5000,
      deadlineMs: 10_000,
      cacheMs: 60_000,
      activeProcesses: () => 0,
      activeConsumers: () => 0,
      logger: log,
    }),
    samples: createSampleReaders({
      store: createSampleStore(database.db),
      memory: { unwritten: () => [] },
      now: () => deps.now(),
    }),
    bus,
    eventHub: createEventHub({ db: database.db, bus, logger: log }),
    policy: defaultPolicy(readConfig({})),
    playback: ({ id }) => ({ whepUrl: `http://media.test/whep/${id}`, hlsUrl: null }),
    now: Date.now,
    authenticate: async (key) => keys.get(key) ?? projectService.authenticate(key),
    anonymous: () => anonymous,
    readSessionToken: (token, at = deps.now()) => sessionTokens.read(token, at),
    log,
    audit: {
      trail: createAuditTrail({ db: database.db, logger: log, eventsAppended: () => {} }),
      fallbackProjectId: projectId,
    },
    newRequestId: () => crypto.randomUUID(),
    development: false,
    ...overrides,
  }
  const graphql = createGraphql(deps)

  function key(...scopes: Scope[]): string {
    const name = `key-${keys.size}`
    keys.set(name, { projectId, scopes, actor: { kind: 'API_KEY', apiKeyId: newId('ApiKey'), name } })
    return name
  }
  const usual = key('READ', 'WRITE')

  return {
    graphql,
    deps,
    projectId,
    figures,
    figureReads,
    sessionFigures,
    sessionFigureReads,
    logged,
    sessionTokens,
    key,
    revoke: (name) => keys.delete(name),
    token: ({ id: consumerId, streamId, projectId }, expiresAt = deps.now() + 600_000) =>
      sessionTokens.make({ consumerId, streamId, projectId, expiresAt }),
    listeners,
    async query(document, variables, { key = usual } = {}) {
      const response = await graphql.fetch('http://weir.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
        body: JSON.stringify({ query: document.toString(), variables }),
      })
      const body = await response.json()
      return { status: response.status, data: body.data ?? null, errors: body.errors ?? [], headers: response.headers }
    },
  }
}

/** Tells how many listen, so that a test sees whether they let go. */
function countingBus(bus: Bus): { bus: Bus; listeners: () => number } {
  let count = 0
  const subscribe: Bus['subscribe'] = (topic, listener) => {
    count += 1
    const stop = bus.subscribe(topic, listener)
    return () => {
      count -= 1
      stop()
    }
  }
  return { bus: { ...bus, subscribe }, listeners: () => count }
}
