import { sql } from 'drizzle-orm'
import type { Caller } from '../../../src/caller.ts'
import type { SessionFigures } from '../../../src/consumers/media.ts'
import { SystemHealthService } from '../../../src/health/system/service.ts'
import { createGraphql } from '../../../src/http/graphql.ts'
import { newId } from '../../../src/ids.ts'
import { eventLog, events, mediaNodes, projects, type Scope } from '../../../src/platform/database/tables.ts'
import { silentLogger } from '../../../src/platform/logs/logger.ts'
import { type ApiError, createTestApi, type TestApi } from '../../support/api.ts'
import { operate, serveTestApi, type TestApiServer } from '../../support/api-server.ts'
import { openTestPglite, type TestDatabase } from '../../support/databases.ts'
import { observationOf, openPast, record, systemSampleOf } from '../../support/past.ts'
import { addEvents, addMediaNode, figuresOf } from '../../support/rows.ts'
import { until } from '../../support/until.ts'
import { addFullProject, type FullProject, issueOf } from './project.ts'
import type { CallerName } from './verdicts.ts'

export interface Told {
  data: Record<string, unknown> | null
  errors: ApiError[]
}

/** A server with three full projects on one database: the operator's, which is the first, and two others. */
export interface MatrixBed {
  database: TestDatabase
  first: FullProject
  own: FullProject
  other: FullProject
  /** A time of which there are samples, and one before it. */
  past: { from: string; time: string }
  /** Whose things a caller calls its own. */
  projectOf(name: CallerName): FullProject
  /** An operation over HTTP; `project`: whose caller of that name asks. */
  ask(name: CallerName, query: string, variables?: object, project?: FullProject): Promise<Told>
  /** Messages of a subscription until one is as wanted, or it has ended; the last is that one. */
  watch(name: CallerName, query: string, wanted: (data: Record<string, unknown>) => boolean): Promise<Told[]>
  close(): Promise<void>
}

const minuteMs = 60_000

export async function openMatrixBed(): Promise<MatrixBed> {
  const database = await openTestPglite()
  const { db } = database
  const node = await addMediaNode(db, 'shared-node')
  const check = async () => ({ status: 'HEALTHY' as const, message: 'well', details: { free: 1 } })
  const systemHealth = new SystemHealthService({
    db,
    nodeId: node.id,
    checks: [{ component: 'DISK', name: 'disk', check }],
    intervalMs: 3_600_000,
    deadlineMs: 10_000,
    cacheMs: 3_600_000,
    activeProcesses: () => 1,
    activeConsumers: () => 1,
    logger: silentLogger,
  })
  const api = await createTestApi(database, { systemHealth })
  await db.update(projects).set({ createdAt: sql`now() - interval '1 day'` })
  // The log has let go of its beginning, so that who asks from there is told of a gap.
  await addEvents(db, { id: api.projectId, projectId: api.projectId }, 1)
  const first = await addFullProject(db, { word: 'wordoffirst', mediaNodeId: node.id, id: api.projectId })
  const own = await addFullProject(db, { word: 'wordofown', mediaNodeId: node.id })
  const other = await addFullProject(db, { word: 'wordofother', mediaNodeId: node.id })
  const all = [first, own, other]
  await db.delete(events).where(sql`cursor = 1`)
  await db.update(eventLog).set({ firstCursor: 2 })
  await db.update(mediaNodes).set({ lastSeenAt: sql`now()` })
  measure(api, all)
  // A round waits for a check that takes long no longer than it has to: on a busy machine the next one sees its answer.
  await until('the system has been looked at', async () => {
    await systemHealth.round()
    const { components } = systemHealth.read(own.ids.Project!)
    return components.length > 0 && components.every(({ status }) => status === 'HEALTHY')
  })
  const past = await addPast(database, all, node.id)

  const callers = new Map<string, Caller>()
  const keyOf = (name: CallerName, project: FullProject): string | null => {
    if (name === 'NOBODY' || name === 'NOBODY_CLOSED') return null
    if (name === 'SESSION' || name === 'SESSION_CLOSED') return api.token(project.session)
    const key = `${name} of ${project.word}`.replaceAll(' ', '-')
    const scope = (name === 'OPERATOR' ? 'ADMIN' : name) as Scope
    const actor = { kind: 'API_KEY' as const, apiKeyId: newId('ApiKey'), name: 'a key' }
    if (!callers.has(key)) callers.set(key, { projectId: project.ids.Project!, scopes: [scope], actor })
    return key
  }
  const projectOf = (name: CallerName) => (name === 'OPERATOR' ? first : own)

  /** The same server as it is for those without a key of a project: closed where that is null. */
  const serverFor = (project: FullProject | null): TestApi => {
    const anonymous: Caller = { projectId: project?.ids.Project ?? null, scopes: [], actor: { kind: 'ANONYMOUS' } }
    const deps = {
      ...api.deps,
      // What a node has measured is of no use after a few seconds.
      figures: {
        async read(ids: string[]) {
          const now = Date.now()
          const read = await api.deps.figures.read(ids)
          return new Map([...read].map(([id, figures]) => [id, { ...figures, healthAt: now }]))
        },
      },
      anonymous: () => anonymous,
      authenticate: async (key: string) => callers.get(key) ?? null,
    }
    return { ...api, deps, graphql: createGraphql(deps) }
  }
  const open = new Map(all.map((project) => [project, serverFor(project)]))
  const closed = serverFor(null)
  const serverOf = (name: CallerName, project: FullProject) => (name.endsWith('_CLOSED') ? closed : open.get(project)!)
  const sockets = new Map<TestApi, Promise<TestApiServer>>()
  const clients = new Map<CallerName, ReturnType<TestApiServer['client']>>()

  async function clientOf(name: CallerName) {
    const server = serverOf(name, projectOf(name))
    const serving = sockets.get(server) ?? serveTestApi(server)
    sockets.set(server, serving)
    const client = clients.get(name) ?? (await serving).client(keyOf(name, projectOf(name)))
    clients.set(name, client)
    return client
  }

  return {
    database,
    first,
    own,
    other,
    past,
    projectOf,
    async ask(name, query, variables = {}, project = projectOf(name)) {
      const key = keyOf(name, project)
      const response = await serverOf(name, project).graphql.fetch('http://weir.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
        body: JSON.stringify({ query, variables }),
      })
      const { data = null, errors = [] } = (await response.json()) as Partial<Told>
      return { data, errors }
    },
    async watch(name, query, wanted) {
      const messages = operate<Record<string, unknown>, Record<string, unknown>>(await clientOf(name), query)
      const told: Told[] = []
      for await (const { data, errors } of messages) {
        told.push({ data: data ?? null, errors: errors ?? [] })
        if (!data || wanted(data)) break
      }
      await messages.return?.()
      return told
    },
    async close() {
      for (const server of sockets.values()) await (await server).close()
      await systemHealth.stop()
      await database.close()
    },
  }
}

/** What nodes measure of all that runs. */
function measure(api: TestApi, all: readonly FullProject[]): void {
  for (const { streamId, producerIds, session, word } of all) {
    const figures = figuresOf(streamId, producerIds)
    const issue = issueOf(word, Date.now())
    api.figures.set(streamId, { ...figures, health: { status: 'CRITICAL', issues: [issue] } })
    const track = {
      id: newId('Consumer'),
      producerId: producerIds[0]!,
      kind: 'VIDEO' as const,
      paused: false,
      consumerOptions: { id: word } as never,
    }
    const measured: SessionFigures = {
      consumerId: session.id,
      bitrateBps: 1,
      bytesSent: 2,
      packetsLost: 3,
      roundTripMs: 4,
      tracks: [track],
      measuredAt: Date.now(),
    }
    api.sessionFigures.set(session.id, measured)
  }
}

async function addPast({ db }: TestDatabase, all: readonly FullProject[], nodeId: string) {
  const from = Math.floor(Date.now() / minuteMs) * minuteMs - 10 * minuteMs
  const bed = openPast(db, from)
  for (const { streamId, ids, word } of all) {
    const issue = issueOf(word, from)
    await record(bed, from, from + minuteMs, (at) => {
      if (streamId === all[0]!.streamId) bed.recorder.system(systemSampleOf(nodeId, at))
      const observation = observationOf(streamId, at, { projectId: ids.Project! })
      return { observation, view: { status: 'CRITICAL', issues: [issue] } }
    })
  }
  // Later than the end of the five minutes that it is in.
  bed.clock.now = from + 10 * minuteMs
  await bed.recorder.flush()
  return { from: new Date(from - minuteMs).toISOString(), time: new Date(from + 30_000).toISOString() }
}
