import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { charge } from '../../src/limits/gcra.ts'
import { createMemoryStore } from '../../src/limits/memory-store.ts'
import { createRedisStore, type RedisStore } from '../../src/limits/redis-store.ts'
import { createShare, createSharedStore } from '../../src/limits/shared-store.ts'
import type { RateStore } from '../../src/limits/types.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { type RedisServer, startRedisServer } from '../support/redis-server.ts'
import { startTcpLine, type TcpLine } from '../support/tcp-line.ts'
import { until } from '../support/until.ts'

let redis: RedisServer
let line: TcpLine
beforeAll(async () => {
  redis = await startRedisServer()
  line = await startTcpLine(redis.port)
})
afterAll(async () => {
  await line.close()
  await redis.stop()
})

const stores: RedisStore[] = []
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()))
})

async function open(): Promise<RedisStore> {
  const store = createRedisStore({ redisUrl: `redis://127.0.0.1:${line.port}/2`, logger: silentLogger })
  stores.push(store)
  await until('connected', () =>
    store.charge('nobody', 0, 1).then(
      () => true,
      () => false,
    ),
  )
  return store
}

let named = 0
const newKey = () => `test ${named++}`
const monotonic = () => performance.now()

test('three nodes that share it let in the limit together, and what comes back meanwhile', async () => {
  const nodes = await Promise.all([open(), open(), open()])
  const key = newKey()
  const limit = 1000
  const startedAt = performance.now()
  let accepted = 0
  const callers = nodes.flatMap((node) =>
    Array.from({ length: 20 }, async () => {
      for (let i = 0; i < limit / 20; i++) if ((await node.charge(key, 1, limit)).accepted) accepted++
    }),
  )
  await Promise.all(callers)
  const minutes = (performance.now() - startedAt) / 60_000
  expect(accepted).toBeGreaterThanOrEqual(limit)
  expect(accepted).toBeLessThanOrEqual(limit * (1 + minutes) + 1)
})

test('comes to the same sum as the rule', async () => {
  const store = await open()
  for (const limit of [1, 7, 100, 9999, 600_000]) {
    const key = newKey()
    const points = Math.ceil(limit * 0.6)
    const first = await store.charge(key, points, limit)
    const expected = charge(null, 0, points, limit)
    expect({ ...first, tatUs: 0 }).toEqual({ ...expected, tatUs: 0 })
    const second = await store.charge(key, points, limit)
    const most = charge(expected.tatUs, 0, points, limit)
    expect(second.accepted).toBe(most.accepted)
    expect(second.retryUs).toBeLessThanOrEqual(most.retryUs)
    expect(second.retryUs).toBeGreaterThan(0)
    const back = await store.charge(key, -points, limit)
    expect(back.resetUs).toBe(0)
  }
})

test('who waits as long as it was told is let in', async () => {
  const store = await open()
  const key = newKey()
  await store.charge(key, 600, 600)
  for (let i = 0; i < 5; i++) {
    const refused = await store.charge(key, 1, 600)
    expect(refused.accepted).toBe(false)
    await new Promise((resolve) => setTimeout(resolve, Math.ceil(refused.retryUs / 1000)))
    expect((await store.charge(key, 1, 600)).accepted).toBe(true)
  }
})

test('while it is away each node gives out its share, on from what was taken, and goes back by itself', async () => {
  const shared = await open()
  const key = newKey()
  const node = (): RateStore => {
    const own = createMemoryStore(monotonic)
    return createSharedStore({ shared, own, share: createShare(own, () => 3), logger: silentLogger, now: monotonic })
  }
  const [a, b] = [node(), node()]
  const takeAll = async (store: RateStore, from: string) => {
    let taken = 0
    while ((await store.charge(from, 1, 300)).accepted) taken++
    return taken
  }
  // A third of the whole was taken when the line breaks: a third of each node's share is gone.
  await a.charge(key, 100, 300)
  await line.cut()
  const fresh = newKey()
  expect(await takeAll(a, fresh)).toBeGreaterThanOrEqual(100)
  expect(await takeAll(a, fresh)).toBeLessThanOrEqual(5)
  const rest = await takeAll(a, key)
  expect(rest).toBeGreaterThanOrEqual(66)
  expect(rest).toBeLessThanOrEqual(75)
  expect(await takeAll(b, fresh)).toBeGreaterThanOrEqual(100)
  await line.mend()
  // By itself, without anybody telling it: what a store of its own has taken is seen by the node.
  const other = await open()
  const later = newKey()
  await other.charge(later, 300, 300)
  await until(
    'shared again',
    async () =>
      (await a.charge(later, 1, 300)).accepted === false &&
      (await shared.charge(later, 1, 300).then(
        () => true,
        () => false,
      )),
  )
})

test('one who never gets an answer is not waited for', async () => {
  const never: RateStore = { charge: () => Promise.reject(new Error('away')) }
  let now = 0
  const own = createMemoryStore(() => now)
  let nodes = 0
  const store = createSharedStore({
    shared: never,
    own,
    share: createShare(own, () => nodes),
    logger: silentLogger,
    now: () => now,
  })
  expect((await store.charge('a', 1, 2)).remaining).toBe(1)
  nodes = 50
  // Never none: one in a minute is left to a node of many.
  expect((await store.charge('b', 5, 2)).accepted).toBe(true)
  expect((await store.charge('b', 5, 2)).accepted).toBe(false)
  now = 60_000
  expect((await store.charge('b', 5, 2)).accepted).toBe(true)
})
