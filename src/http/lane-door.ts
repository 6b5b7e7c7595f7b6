import type { MiddlewareHandler } from 'hono'
import { laneOfPath, networkOf } from '../limits/lanes.ts'
import type { Rates } from '../limits/rates.ts'
import type { RouteEnv } from './app.ts'
import { errorAnswer } from './error-answer.ts'

/** Bounds by address what is not counted against callers. */
export function laneDoor(
  rates: Pick<Rates, 'refusalOf'>,
  metricsPaths: ReadonlySet<string>,
): MiddlewareHandler<RouteEnv> {
  return async (context, next) => {
    const lane = laneOfPath(context.req.method, context.req.path, metricsPaths)
    const refusal = lane && rates.refusalOf(lane, networkOf(context.get('address')))
    return refusal ? errorAnswer(refusal, context.get('requestId')) : next()
  }
}
