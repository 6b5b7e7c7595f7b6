import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freeTcpPort } from '../support/free-ports.ts'
import { type PostgresServer, startPostgresServer } from '../support/postgres-server.ts'
import { type RedisServer, startRedisServer } from '../support/redis-server.ts'
import { Weir } from '../support/weir.ts'

let database: PostgresServer
let redis: RedisServer
let metricsPort: number

beforeAll(async () => {
  ;[database, redis, metricsPort] = await Promise.all([startPostgresServer(), startRedisServer(), freeTcpPort()])
})
afterAll(async () => {
  await redis?.stop()
  await database?.stop()
})

async function emptyDatabase(name: string): Promise<string> {
  const admin = postgres(`${database.url}postgres`, { max: 1 })
  await admin.unsafe(`create database ${name}`)
  await admin.end()
  return database.url + name
}

const source = { testPattern: { width: 320, height: 240 } }

test.each([
  ['PostgreSQL alone', false],
  ['PostgreSQL and Redis', true],
])('a node on %s makes its tables, runs a stream, and brings it back after a SIGKILL', async (_, withRedis) => {
  const env: Record<string, string> = {
    DATABASE_URL: await emptyDatabase(withRedis ? 'with_redis' : 'alone'),
    METRICS_PORT: String(metricsPort),
    ...(withRedis ? { REDIS_URL: `redis://127.0.0.1:${redis.port}` } : {}),
  }
  await using weir = await Weir.start({ env })
  const live = await weir.liveStream({ name: 'Pattern', source })
  await weir.end('SIGKILL')
  await weir.start()
  const again = await weir.waitForStream(
    live.id,
    'LIVE by another FFmpeg',
    ({ state, process }) => state === 'LIVE' && process?.pid != null,
  )
  expect(again.process!.pid).not.toBe(live.process!.pid)
  // An event has its place in the log a moment after the change itself.
  const told = async () => (await weir.events(live.id, 'stream.state_changed')).map(({ data }) => data.to)
  await expect.poll(told).toEqual(['LIVE', 'STARTING', 'LIVE'])

  const scraped = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  expect(scraped).toContain(`vas_streams_total{state="live"} 1`)
  expect((await fetch(`${weir.url}/metrics`)).status).toBe(404)

  await weir.stopStream(live.id)
  await weir.waitForStream(live.id, 'STOPPED', ({ state }) => state === 'STOPPED')
  expect((await weir.end('SIGTERM')).code).toBe(0)
})
