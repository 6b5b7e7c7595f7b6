import fc from 'fast-check'
import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { schema } from '../../schema/index.ts'
import type { Caller } from '../../src/caller.ts'
import { historyQuery, viewerQuery, wallSubscription } from '../../src/dashboard/operations.ts'
import { costOf, maxCost } from '../../src/http/graphql-cost.ts'
import { laneOf, laneOfPath, networkOf, ownLanes } from '../../src/limits/lanes.ts'
import { createMemoryStore } from '../../src/limits/memory-store.ts'
import { pointsOf } from '../../src/limits/points.ts'
import { createProjectLimits } from '../../src/limits/project-limits.ts'
import { createRates } from '../../src/limits/rates.ts'
import { rateHeaders } from '../../src/limits/standing.ts'

const anonymous: Caller = { projectId: 'p1', scopes: [], actor: { kind: 'ANONYMOUS' } }
const withKey: Caller = { projectId: 'p1', scopes: ['READ'], actor: { kind: 'API_KEY', name: 'k' } }
const session = { consumerId: 'c1', streamId: 's1', projectId: 'p1', expiresAt: 0 }
const withToken: Caller = { ...anonymous, actor: { kind: 'SESSION' }, session }

function setUp(limits: { address?: number; project?: number } = {}) {
  let now = 0
  const refused: string[] = []
  const own = createMemoryStore(() => now)
  const rates = createRates({
    callers: own,
    own,
    addressLimit: limits.address ?? 10,
    projectLimit: () => limits.project ?? 100,
    refused: (by) => refused.push(by),
    now: () => now,
  })
  return {
    rates,
    refused,
    wait: (ms: number) => {
      now += ms
    },
  }
}

describe('whose points a request takes', () => {
  test('those of its project, its session or its address', () => {
    expect(laneOf(withKey, '1.2.3.4')).toEqual({ name: 'project', key: 'project:p1' })
    expect(laneOf(withToken, '1.2.3.4')).toEqual({ name: 'session', key: 'session:c1' })
    expect(laneOf(anonymous, '1.2.3.4')).toEqual({ name: 'address', key: 'address:1.2.3.4' })
    expect(laneOf({ ...anonymous, projectId: null }, null).name).toBe('address')
  })

  test('IPv6 by networks of /64, IPv4 one by one', () => {
    const half = fc.array(fc.integer({ min: 1, max: 0xffff }), { minLength: 4, maxLength: 4 })
    const written = (...halves: number[][]) =>
      halves
        .flat()
        .map((group) => group.toString(16))
        .join(':')
    fc.assert(
      fc.property(half, half, half, half, (network, other, a, b) => {
        expect(networkOf(written(network, a))).toBe(networkOf(written(network, b)))
        const isSame = written(network) === written(other)
        expect(networkOf(written(network, a)) === networkOf(written(other, a))).toBe(isSame)
      }),
    )
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
    expect(networkOf('2001:db8:1:2::1')).toBe('2001:db8:1:2::/64')
    expect(networkOf('1.2.3.4')).toBe('1.2.3.4')
    expect(networkOf(null)).toBe('unknown')
  })

  test.each([
    ['GET', '/health/liveness', 'health'],
    ['POST', '/v2/health/consumers/c/heartbeat', 'health'],
    ['GET', '/metrics', 'metrics'],
    ['GET', '/hls/s/index.m3u8', 'media'],
    ['POST', '/whep/s', null],
    ['PATCH', '/whep/s/c/secret', 'whep'],
    ['POST', '/graphql', null],
    ['OPTIONS', '/graphql', 'pages'],
    ['POST', '/internal/call/x', null],
    ['GET', '/', 'pages'],
    ['GET', '/anything', 'pages'],
  ])('%s %s is in the lane %s', (method, path, lane) => {
    expect(laneOfPath(method, path, new Set(['/metrics']))).toBe(lane)
  })
})

describe('points', () => {
  test('the largest operation takes what an address has in a minute by default', () => {
    expect(pointsOf(maxCost, 0)).toBe(100)
    expect(pointsOf(0, 0)).toBe(1)
    expect(pointsOf(0, 7)).toBe(7)
  })

  test('what our page asks for without a key costs little: ten visits in a minute and a look at each of ten streams', () => {
    const points = (document: object, variables: Record<string, unknown>) =>
      pointsOf(costOf(schema, parse(String(document)), null, variables), 0)
    const visit = points(wallSubscription, { withKey: false }) + points(viewerQuery, {})
    const look = points(historyQuery, { id: 's', from: '', maxPoints: 300, withKey: false })
    expect(10 * visit + 10 * look).toBeLessThanOrEqual(100)
  })
})

describe('rates', () => {
  test('each caller has its own points; a refusal says when, and coming back then is always enough', async () => {
    const { rates, refused, wait } = setUp()
    for (let i = 0; i < 10; i++) expect((await rates.charge(anonymous, '1.1.1.1', 1)).retryAfterSeconds).toBeNull()
    for (let i = 0; i < 1000; i++) {
      const { retryAfterSeconds } = await rates.charge(anonymous, '1.1.1.1', 1 + (i % 10))
      expect(retryAfterSeconds).toBeGreaterThan(0)
      wait(retryAfterSeconds! * 1000)
      expect((await rates.charge(anonymous, '1.1.1.1', 1 + (i % 10))).retryAfterSeconds).toBeNull()
      while ((await rates.charge(anonymous, '1.1.1.1', 1)).retryAfterSeconds === null);
    }
    expect(refused.every((by) => by === 'address')).toBe(true)
    expect((await rates.charge(anonymous, '2.2.2.2', 1)).retryAfterSeconds).toBeNull()
    expect((await rates.charge(withKey, '1.1.1.1', 1)).limit).toBe(100)
    expect((await rates.charge(withToken, '1.1.1.1', 1)).limit).toBe(10)
  })

  test('what costs more than a minute takes a whole one', async () => {
    const { rates } = setUp()
    expect(await rates.charge(anonymous, '1.1.1.1', 500)).toMatchObject({ remaining: 0, retryAfterSeconds: null })
    expect((await rates.charge(anonymous, '1.1.1.1', 500)).retryAfterSeconds).toBe(60)
  })

  test('heartbeats go on beside a project and an address that have nothing left, up to a bound of their own', async () => {
    const { rates, refused } = setUp()
    await rates.charge(withKey, '1.1.1.1', 1000)
    await rates.charge(withToken, '1.1.1.1', 1000)
    for (let i = 0; i < 10_000; i++) expect(rates.mayBeat(withKey)).toBe(true)
    for (let i = 0; i < ownLanes.sessionHeartbeats; i++) expect(rates.mayBeat(withToken)).toBe(true)
    expect(rates.mayBeat(withToken)).toBe(false)
    expect(refused).toEqual(['sessionHeartbeats'])
    expect(rates.refusalOf('metrics', '1.1.1.1')).toBeNull()
  })

  test('bad keys are not even looked up after some, however many come at once; good ones are', async () => {
    const { rates, wait } = setUp()
    let looks = 0
    const bad = (key: string) =>
      rates.guarded(key, '1.1.1.1', async () => {
        looks++
        return null
      })
    const good = (key: string) => rates.guarded(key, '1.1.1.1', async () => 'caller')
    expect(await good('known')).toBe('caller')
    await Promise.allSettled(Array.from({ length: 100 }, (_, i) => bad(`bad ${i}`)))
    expect(looks).toBe(10)
    await expect(bad('one more')).rejects.toMatchObject({ code: 'RATE_LIMITED', details: { retryAfterSeconds: 6 } })
    await expect(good('unknown')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    expect(await good('known')).toBe('caller')
    wait(6000)
    expect(await good('unknown')).toBe('caller')
    // It has cost nothing.
    expect(await good('another')).toBe('caller')
  })

  test('a failure to look a key up is nobody’s fault', async () => {
    const { rates } = setUp()
    for (let i = 0; i < 50; i++)
      await expect(rates.guarded('k', '1.1.1.1', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  })

  test('headers are those of the draft', () => {
    const standing = { lane: 'project', limit: 100, remaining: 7, resetSeconds: 56, retryAfterSeconds: 3 } as const
    expect(Object.fromEntries(rateHeaders(standing))).toEqual({
      'RateLimit-Policy': '"project";q=100;w=60',
      RateLimit: '"project";r=7;t=56',
      'RateLimit-Limit': '100',
      'RateLimit-Remaining': '7',
      'RateLimit-Reset': '56',
      'Retry-After': '3',
    })
  })
})

test("a project's own quota counts within 5 s, is read once at a time, and outlasts the database", async () => {
  let now = 0
  let quota: number | null = 50
  let reads = 0
  let broken = false
  const limitOf = createProjectLimits({
    read: async () => {
      reads++
      if (broken) throw new Error('away')
      return quota
    },
    usual: 1000,
    now: () => now,
  })
  expect(await Promise.all([limitOf('p'), limitOf('p')])).toEqual([50, 50])
  expect(reads).toBe(1)
  quota = null
  expect(limitOf('p')).toBe(50)
  now = 5000
  expect(limitOf('p')).toBe(50)
  await Promise.resolve()
    .then(() => {})
    .then(() => {})
    .then(() => {})
  expect(await limitOf('p')).toBe(1000)
  broken = true
  now = 20_000
  await limitOf('p')
  expect(await limitOf('p')).toBe(1000)
  expect(await limitOf('new')).toBe(1000)
})
