import { parse, subscribe } from 'graphql'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { schema } from '../../schema/index.ts'
import { graphql } from '../../src/client/generated/gql.ts'
import type { HealthStatus } from '../../src/health/model.ts'
import type { Check } from '../../src/health/system/check.ts'
import { SystemHealthService } from '../../src/health/system/service.ts'
import { admit } from '../../src/http/graphql-admit.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { nextData, operate, serveTestApi, type TestApiServer } from '../support/api-server.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { addMediaNode, addStream } from '../support/rows.ts'
import { addConsumer } from '../support/sessions.ts'

const Summary = graphql(/* GraphQL */ `
  query SystemHealthSummary {
    systemHealth {
      status
      message
      at
      durationMs
      components {
        component
        name
        status
        message
        responseTimeMs
        checkedAt
      }
      summary {
        total
        healthy
        warning
        critical
        unknown
      }
      streams {
        total
        byState {
          state
          count
        }
      }
      activeProcesses
      activeProducers
      activeConsumers
    }
  }
`)

const Watch = graphql(/* GraphQL */ `
  subscription WatchSystemHealth {
    systemHealth {
      status
      message
    }
  }
`)

let database: TestDatabase
let api: TestApi
let server: TestApiServer
let systemHealth: SystemHealthService
let disk: HealthStatus = 'HEALTHY'

const checks: Check[] = [
  {
    component: 'DISK',
    name: 'disk',
    check: async () => ({ status: disk, message: 'Some of it is used.', details: { error: 'on 10.1.2.3' } }),
  },
  { component: 'EXTERNAL', name: 'radio', check: () => Promise.reject(new Error('connect to 10.1.2.3')) },
]

beforeAll(async () => {
  database = await openTestDatabase()
  const { id: nodeId } = await addMediaNode(database.db, 'node-a')
  systemHealth = new SystemHealthService({
    db: database.db,
    nodeId,
    checks,
    intervalMs: 3_600_000,
    deadlineMs: 1000,
    cacheMs: 60_000,
    activeProcesses: () => 2,
    activeConsumers: () => 0,
    logger: silentLogger,
  })
  api = await createTestApi(database, { systemHealth })
  const stream = await addStream(database.db, api.projectId, { state: 'LIVE' })
  for (let count = 0; count < 3; count++) await addConsumer(database.db, stream)
  server = await serveTestApi(api)
})
afterAll(async () => {
  await server.close()
  await systemHealth.stop()
  await database.close()
})
beforeEach(async () => {
  disk = 'HEALTHY'
  await systemHealth.round()
})

test('the summary needs no key and holds no addresses', async () => {
  const answer = await api.query(Summary, {}, { key: null })
  expect(answer.errors).toEqual([])
  expect(answer.data!.systemHealth).toMatchObject({
    status: 'CRITICAL',
    message: 'Critical: radio.',
    durationMs: expect.any(Number),
    components: [
      { component: 'DISK', name: 'disk', status: 'HEALTHY', message: 'Some of it is used.' },
      { component: 'EXTERNAL', name: 'radio', status: 'CRITICAL', message: 'It does not work.' },
    ],
    summary: { total: 2, healthy: 1, warning: 0, critical: 1, unknown: 0 },
    streams: {
      total: 1,
      byState: expect.arrayContaining([
        { state: 'LIVE', count: 1 },
        { state: 'ERROR', count: 0 },
      ]),
    },
    activeProcesses: 2,
    activeProducers: 0,
    activeConsumers: 3,
  })
  expect(JSON.stringify(answer)).not.toContain('10.1.2.3')
})

test('details and nodes need READ; what stands beside them is answered', async () => {
  const operation = '{ systemHealth { status components { name details mediaNode { name } } } }'
  const refused = await api.query(operation, undefined, { key: null })
  expect(refused.data).toMatchObject({
    systemHealth: { status: 'CRITICAL', components: [{ name: 'disk', details: null, mediaNode: null }, {}] },
  })
  expect(new Set(refused.errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['UNAUTHENTICATED']))
  expect(JSON.stringify(refused)).not.toContain('10.1.2.3')
  const answer = await api.query(operation, undefined, { key: api.key('READ') })
  expect(answer.errors).toEqual([])
  expect(answer.data).toMatchObject({
    systemHealth: {
      components: [
        { details: { error: 'on 10.1.2.3' }, mediaNode: { name: 'node-a' } },
        { details: { error: 'connect to 10.1.2.3' } },
      ],
    },
  })
})

test('PUBLIC_HEALTH=false closes it', async () => {
  const closed = await createTestApi(database, { publicHealth: false, systemHealth })
  const answer = await closed.query(Summary, {}, { key: null })
  expect(answer.data).toEqual({ systemHealth: null })
  expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
})

test('asking sends no statement', async () => {
  const { statements } = await database.countStatements(() => api.query(Summary, {}, { key: null }))
  expect(statements).toEqual([])
})

test.each([null, 'READ' as const])('the subscription tells all at first, then what is new (key: %s)', async (scope) => {
  const messages = operate(server.client(scope && api.key(scope)), Watch)
  expect(await nextData(messages)).toMatchObject({ systemHealth: { message: 'Critical: radio.' } })
  disk = 'WARNING'
  const round = systemHealth.round()
  expect(await nextData(messages)).toMatchObject({
    systemHealth: { status: 'CRITICAL', message: 'Critical: radio; warning: disk.' },
  })
  await round
  await messages.return?.()
})

test('a reader that takes its time gets the latest alone', async () => {
  const contextValue = await admit(api.deps, { key: null, address: null, origin: null }, 'request')
  const messages = (await subscribe({ schema, document: parse(Watch.toString()), contextValue })) as AsyncGenerator<{
    data: { systemHealth: { message: string } }
  }>
  expect((await messages.next()).value.data.systemHealth.message).toBe('Critical: radio.')
  for (const status of ['WARNING', 'CRITICAL', 'UNKNOWN'] as const) {
    disk = status
    await systemHealth.round()
  }
  expect((await messages.next()).value.data.systemHealth.message).toBe('Critical: radio; unknown: disk.')
  const waiting = messages.next()
  await messages.return(undefined)
  expect(await waiting).toMatchObject({ done: true })
})
