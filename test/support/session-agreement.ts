import { isDeepStrictEqual } from 'node:util'
import type { SessionDriver } from './session-model.ts'
import type { SessionServer } from './session-server.ts'
import { until } from './until.ts'

/**
 * Waits until those that have vanished are closed for it, and until all that has to agree does: what the driver knows to be open (and `others` beside
 * it), the rows, the signs of life, the places, and the transports that mediasoup's workers have. Then each closed one has been told once, with its
 * reason. Throws with what does not agree.
 */
export async function agreement(
  server: SessionServer,
  driver: SessionDriver,
  others: readonly string[] = [],
): Promise<void> {
  const vanished = driver.open().filter((session) => session.vanished)
  await until(
    'those that vanished are closed',
    async () => {
      const open = new Set((await server.open()).rows)
      return !vanished.some(({ id }) => open.has(id))
    },
    { timeoutMs: 90_000, everyMs: 250 },
  )
  for (const session of vanished) session.closed = { reason: 'HEARTBEAT_TIMEOUT', message: null }

  const ids = [...driver.open().map(({ id }) => id), ...others].sort()
  const expected = { rows: ids, heard: ids, places: ids.length, transports: ids.length }
  let found: unknown
  const agrees = async () => {
    found = await server.open()
    return isDeepStrictEqual(found, expected)
  }
  // A transport is ended after the commit that closes its session.
  await until('all agree about who is open', agrees, { timeoutMs: 15_000, explain: () => ({ expected, found }) })

  const closed = driver.sessions.filter((session) => session.closed !== null)
  const told = await server.closings()
  const wrong = closed
    .map(({ id, closed }) => ({ id, expected: closed!.reason, told: told.get(id) }))
    .filter(({ expected, told }) => told?.times !== 1 || told.reason !== expected)
  if (wrong.length > 0 || told.size !== closed.length) {
    throw new Error(`closed ${closed.length}, told of ${told.size}; not as they should: ${JSON.stringify(wrong)}`)
  }
}
