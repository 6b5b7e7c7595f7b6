import { expect, it } from 'vitest'
import { type CheckResult, type HealthOptions, healthRoutes } from '../../src/http/health.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'

const at = new Date('2026-01-02T03:04:05Z')

function routes(options: Partial<HealthOptions> = {}) {
  return healthRoutes({
    checks: {
      database: async () => ({ status: 'healthy', details: { kind: 'pglite' } }),
      workers: async () => ({ status: 'healthy', details: { running: 2 } }),
    },
    ffmpegProcesses: () => 3,
    stopping: () => false,
    logger: silentLogger,
    now: () => at,
    ...options,
  })
}

async function read(options: Partial<HealthOptions>, path = '/health/readiness') {
  const response = await routes(options).request(path)
  return { status: response.status, body: await response.json(), headers: response.headers }
}

it.each(['/health/readiness', '/health'])('%s says that the node can work', async (path) => {
  const { status, body, headers } = await read({}, path)
  expect(status).toBe(200)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(body).toEqual({
    status: 'healthy',
    message: 'Ready.',
    timestamp: '2026-01-02T03:04:05.000Z',
    details: {
      database: { status: 'healthy', kind: 'pglite' },
      workers: { status: 'healthy', running: 2 },
      ffmpeg_running: true,
      ffmpeg_processes: 3,
    },
  })
})

it('liveness asks nothing but the process', async () => {
  const { status, body } = await read(
    { checks: { database: () => new Promise(() => {}) }, stopping: () => true },
    '/health/liveness',
  )
  expect(status).toBe(200)
  expect(body).toEqual({
    status: 'healthy',
    message: 'The process is running.',
    timestamp: at.toISOString(),
    details: {},
  })
})

it('is 503 with a critical part, and tells no text of its error', async () => {
  const warnings: object[] = []
  const { status, body } = await read({
    checks: {
      database: () => Promise.reject(new Error('connect ECONNREFUSED 10.1.2.3:5432')),
      workers: async () => ({ status: 'healthy' }),
    },
    logger: { ...silentLogger, warn: (context) => warnings.push(context) },
  })
  expect(status).toBe(503)
  expect(body).toMatchObject({
    status: 'critical',
    message: 'Not ready: database.',
    details: { database: { status: 'critical' } },
  })
  expect(JSON.stringify(body)).not.toContain('10.1.2.3')
  expect(warnings).toMatchObject([{ component: 'database' }])
})

it('is 503 with a check that throws at once', async () => {
  const { status } = await read({
    checks: {
      database: () => {
        throw new Error('no')
      },
    },
  })
  expect(status).toBe(503)
})

it('stays ready with a warning, and with no FFmpeg', async () => {
  const { status, body } = await read({
    checks: { workers: async () => ({ status: 'warning' }) },
    ffmpegProcesses: () => 0,
  })
  expect(status).toBe(200)
  expect(body).toMatchObject({
    status: 'warning',
    message: 'Ready, with warnings: workers.',
    details: { ffmpeg_running: false },
  })
})

it('says null where nobody knows', async () => {
  const { body } = await read({ ffmpegProcesses: () => null })
  expect(body).toMatchObject({ details: { ffmpeg_running: null, ffmpeg_processes: null } })
})

it('is 503 while the node stops', async () => {
  const { status, body } = await read({ stopping: () => true })
  expect(status).toBe(503)
  expect(body).toMatchObject({ status: 'critical', message: 'The node is stopping.' })
})

it('waits no longer than the deadline, and starts a hanging check once', async () => {
  let started = 0
  let answer: (result: CheckResult) => void = () => {}
  const app = routes({
    deadlineMs: 10,
    checks: {
      database: () => {
        started += 1
        return new Promise((resolve) => {
          answer = resolve
        })
      },
    },
  })
  const late = await Promise.all([app.request('/health'), app.request('/health'), app.request('/health')])
  expect(late.map(({ status }) => status)).toEqual([503, 503, 503])
  expect(await late[0]!.json()).toMatchObject({ details: { database: { status: 'critical', timed_out: true } } })
  expect(started).toBe(1)
  const next = app.request('/health')
  answer({ status: 'healthy' })
  expect((await next).status).toBe(200)
  const again = app.request('/health')
  answer({ status: 'healthy' })
  expect((await again).status).toBe(200)
  expect(started).toBe(2)
})
