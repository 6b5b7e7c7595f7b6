import { Hono } from 'hono'
import type { Logger } from '../platform/logs/logger.ts'

export type HealthWord = 'healthy' | 'warning' | 'critical'

/** What a check found. `details` are public: no addresses, URLs or texts of errors. Words and figures in snake_case. */
export interface CheckResult {
  status: HealthWord
  details?: Record<string, unknown>
}

export interface HealthOptions {
  /** By component, as readiness names it. One that throws or is late is critical; why stands in the log alone. */
  checks: Record<string, () => Promise<CheckResult>>
  /** How many FFmpegs run on this node; null where that isn't known. */
  ffmpegProcesses: () => number | null
  /** True from the order to stop on: readiness is 503 from then, so that nobody sends new work. */
  stopping: () => boolean
  logger: Logger
  now?: () => Date
  /** How long a check may take. */
  deadlineMs?: number
}

/**
 * For orchestrators and load balancers: `/health/liveness` (the process answers), `/health/readiness` (it can work) and
 * `/health`, the same. Each is {status, message, timestamp, details}, 503 when critical. A stream that is down makes no
 * node unready.
 */
export function healthRoutes({
  checks,
  ffmpegProcesses,
  stopping,
  logger,
  now = () => new Date(),
  deadlineMs = 2000,
}: HealthOptions): Hono {
  const run = Object.entries(checks).map(([name, check]) => boundedCheck(name, check, deadlineMs, logger))
  const app = new Hono()

  const answer = (status: HealthWord, message: string, details: Record<string, unknown>) =>
    Response.json(
      { status, message, timestamp: now().toISOString(), details },
      { status: status === 'critical' ? 503 : 200, headers: { 'cache-control': 'no-store' } },
    )
  const readiness = async () => {
    const results = await Promise.all(run.map((check) => check()))
    const running = ffmpegProcesses()
    const components = Object.fromEntries(results.map(({ name, status, details }) => [name, { status, ...details }]))
    const details = {
      ...components,
      ffmpeg_running: running === null ? null : running > 0,
      ffmpeg_processes: running,
    }
    if (stopping()) return answer('critical', 'The node is stopping.', details)
    const named = (word: HealthWord) => results.filter(({ status }) => status === word).map(({ name }) => name)
    const [critical, warning] = [named('critical'), named('warning')]
    if (critical.length > 0) return answer('critical', `Not ready: ${critical.join(', ')}.`, details)
    if (warning.length > 0) return answer('warning', `Ready, with warnings: ${warning.join(', ')}.`, details)
    return answer('healthy', 'Ready.', details)
  }

  app.get('/health/liveness', () => answer('healthy', 'The process is running.', {}))
  app.get('/health/readiness', readiness)
  app.get('/health', readiness)
  return app
}

interface NamedResult extends CheckResult {
  name: string
}

/** A check with a deadline. While it is out nobody starts it again, however many ask: all get its answer or the deadline. */
function boundedCheck(
  name: string,
  check: () => Promise<CheckResult>,
  deadlineMs: number,
  logger: Logger,
): () => Promise<NamedResult> {
  let pending: Promise<NamedResult> | null = null
  const start = async (): Promise<NamedResult> => {
    try {
      return { name, ...(await check()) }
    } catch (error) {
      logger.warn({ logger: 'health', component: name, error }, 'A health check failed')
      return { name, status: 'critical' }
    } finally {
      pending = null
    }
  }
  return async () => {
    pending ??= start()
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<NamedResult>((resolve) => {
      timer = setTimeout(resolve, deadlineMs, { name, status: 'critical', details: { timed_out: true } })
    })
    try {
      return await Promise.race([pending, late])
    } finally {
      clearTimeout(timer)
    }
  }
}
