import { Hono } from 'hono'
import type { SystemHealthReader } from '../health/system/reader.ts'
import { messageOf, summarize, worst } from '../health/system/rules.ts'
import type { HealthAccess } from './health-access.ts'
import { peerAddress } from './peer-address.ts'

export interface DetailedHealthOptions {
  systemHealth: SystemHealthReader
  access: (request: Request, address: string | null) => Promise<HealthAccess>
  stopping: () => boolean
  now?: () => number
}

/**
 * `/health/detailed`: this node's components by name, as they were when last checked, so that asking costs nothing. 503
 * when one is critical. Their details, with a key alone.
 */
export function detailedHealthRoutes({ systemHealth, access, stopping, now = Date.now }: DetailedHealthOptions): Hono {
  const app = new Hono()
  app.get('/health/detailed', async (context) => {
    const { details } = await access(context.req.raw, peerAddress(context))
    const found = systemHealth.own()
    const status = stopping() ? 'CRITICAL' : worst(found.map((component) => component.status))
    const components = Object.fromEntries(
      found.map((component) => [
        component.name,
        {
          component: component.component.toLowerCase(),
          status: component.status.toLowerCase(),
          message: component.message,
          response_time_ms: component.responseTimeMs,
          checked_at: new Date(component.checkedAt).toISOString(),
          ...(details ? { details: snakeCased(component.details) } : {}),
        },
      ]),
    )
    const body = {
      status: status.toLowerCase(),
      message: stopping() ? 'The node is stopping.' : messageOf(found),
      timestamp: new Date(now()).toISOString(),
      details: { components, summary: summarize(found) },
    }
    return Response.json(body, {
      status: status === 'CRITICAL' ? 503 : 200,
      headers: { 'cache-control': 'no-store' },
    })
  })
  return app
}

function snakeCased(details: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  )
}
