import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { startLeaseKeeper } from '../../src/nodes/lease-keeper.ts'
import { leaseTtlMs, lostLeases, nextRenewalInMs, renewEveryMs } from '../../src/nodes/leases.ts'
import {
  claimLease,
  freeLeases,
  heldByAnybody,
  leaseGroups,
  releaseLease,
  renewLeases,
  voidAllLeases,
} from '../../src/nodes/leases-store.ts'
import { listNodes, registerNode, touchNode } from '../../src/nodes/store.ts'
import { openDatabase } from '../../src/platform/database/open.ts'
import { leases } from '../../src/platform/database/tables.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { createPostgresDatabase, describeOnBothDatabases } from '../support/databases.ts'
import { until } from '../support/until.ts'

describeOnBothDatabases('leases', (database) => {
  beforeEach(async () => {
    await database().db.delete(leases)
  })
  const expire = () => database().db.update(leases).set({ expiresAt: sql`clock_timestamp() - interval '1 ms'` })

  test('a free resource is given under token 1, and to nobody else while it is held', async () => {
    const { db } = database()
    expect(await claimLease(db, 's1', 'a')).toBe(1)
    expect(await claimLease(db, 's1', 'b')).toBeNull()
    expect(await claimLease(db, 's2', 'b')).toBe(1)
    const [row] = await db.execute<{ ttl: string }>(
      sql`select extract(epoch from expires_at - clock_timestamp()) as ttl from leases where resource_id = 's1'`,
      'objects',
    )
    expect(Number(row!.ttl) * 1000).toBeGreaterThan(leaseTtlMs - 5000)
    expect(Number(row!.ttl) * 1000).toBeLessThanOrEqual(leaseTtlMs)
  })

  test("an owner's own claim and a claim after release come under a higher token; expiry alone gives nobody anything", async () => {
    const { db } = database()
    await claimLease(db, 's1', 'a')
    expect(await claimLease(db, 's1', 'a')).toBe(2)
    await expire()
    expect(await claimLease(db, 's1', 'b')).toBeNull()
    await releaseLease(db, { resourceId: 's1', nodeId: 'a', token: 2 })
    expect(await claimLease(db, 's1', 'b')).toBe(3)
  })

  test('what a node renews together is one group, and only a group that was seen so is freed, under new tokens', async () => {
    const { db } = database()
    const held = new Map([
      ['s1', (await claimLease(db, 's1', 'a'))!],
      ['s2', (await claimLease(db, 's2', 'a'))!],
    ])
    // Claimed in the same millisecond they would be renewed to the one after it, and only with the next renewal be one.
    await expire()
    await renewLeases(db, 'a', held)
    const [group, ...others] = await leaseGroups(db, 10)
    expect([group!.count, others]).toEqual([2, []])
    await expire()
    expect(await freeLeases(db, group!, 10)).toEqual([])
    const [now] = await leaseGroups(db, 10)
    expect(await freeLeases(db, now!, 1)).toEqual(['s1'])
    expect(await heldByAnybody(db, ['s1', 's2'])).toEqual(new Set(['s2']))
    expect(await renewLeases(db, 'a', held)).toEqual(new Set(['s2']))
    expect(await claimLease(db, 's1', 'b')).toBe(held.get('s1')! + 2)
  })

  test('release and renewal under an old token do nothing', async () => {
    const { db } = database()
    await claimLease(db, 's1', 'a')
    await claimLease(db, 's1', 'a')
    await releaseLease(db, { resourceId: 's1', nodeId: 'a', token: 1 })
    expect(await claimLease(db, 's1', 'b')).toBeNull()
    expect(await renewLeases(db, 'a', new Map([['s1', 1]]))).toEqual(new Set())
    expect(await renewLeases(db, 'b', new Map([['s1', 2]]))).toEqual(new Set())
    expect(await renewLeases(db, 'a', new Map([['s1', 2]]))).toEqual(new Set(['s1']))
  })

  test('a hundred leases are renewed in one statement, none in none; a renewed one is not expired', async () => {
    const { db } = database()
    const held = new Map<string, number>()
    for (let i = 0; i < 100; i++) held.set(`s${i}`, (await claimLease(db, `s${i}`, 'a'))!)
    await expire()
    const { result, statements } = await database().countStatements(() => renewLeases(db, 'a', held))
    expect(result.size).toBe(100)
    expect(statements).toHaveLength(1)
    expect(await claimLease(db, 's5', 'b')).toBeNull()
    expect((await database().countStatements(() => renewLeases(db, 'a', new Map()))).statements).toEqual([])
  })

  test('voided leases are free at once, and tokens go on', async () => {
    const { db } = database()
    await claimLease(db, 's1', 'a')
    await voidAllLeases(db)
    expect(await claimLease(db, 's1', 'b')).toBe(2)
  })

  test('the keeper renews by itself and tells of what another has taken', async () => {
    const { db } = database()
    const keeper = startLeaseKeeper({ db, nodeId: 'a', logger: silentLogger })
    const lost: string[] = []
    keeper.onLost((resourceId) => lost.push(resourceId))
    try {
      await keeper.claim('kept')
      await keeper.claim('taken')
      const kept = await keeper.claim('given back')
      await keeper.release('given back', kept!)
      await db.update(leases).set({ ownerNodeId: 'b', token: 2 }).where(eq(leases.resourceId, 'taken'))
      await until('the loss was told', () => lost.length > 0)
      expect(lost).toEqual(['taken'])
      expect(await claimLease(db, 'kept', 'b')).toBeNull()
    } finally {
      await keeper.stop()
    }
  })

  test('nodes register, live and are listed', async () => {
    const { db } = database()
    const node = { id: 'node_1', name: 'alpha', version: '0.1.0', capacity: 50 }
    const first = await registerNode(db, node)
    expect(await touchNode(db, 'node_1')).toBe(true)
    expect(await touchNode(db, 'node_2')).toBe(false)
    const again = await registerNode(db, { ...node, version: '0.2.0' })
    expect(again.startedAt.getTime()).toBeGreaterThanOrEqual(first.startedAt.getTime())
    expect(await listNodes(db)).toEqual([again])
  })
})

test('of many nodes on one PostgreSQL never two hold a resource under the same token, nor at the same time', async () => {
  const databaseUrl = await createPostgresDatabase({ migrated: true })
  const nodes = await Promise.all(
    Array.from({ length: 4 }, () => openDatabase({ databaseUrl, dataDir: '', logger: silentLogger })),
  )
  try {
    const resources = Array.from({ length: 20 }, (_, i) => `s${i}`)
    for (let round = 1; round <= 5; round++) {
      const claims = await Promise.all(
        nodes.flatMap(({ db }, node) =>
          resources.map(async (resourceId) => ({
            resourceId,
            node,
            token: await claimLease(db, resourceId, `n${node}`),
          })),
        ),
      )
      const won = claims.filter((claim) => claim.token !== null)
      expect(won.map((claim) => claim.resourceId).sort()).toEqual([...resources].sort())
      expect(new Set(won.map((claim) => claim.token))).toEqual(new Set([round]))
      await voidAllLeases(nodes[0]!.db)
    }
  } finally {
    await Promise.all(nodes.map((node) => node.close()))
  }
})

test('lost is exactly what was sent, is still held under that token, and was not renewed', () => {
  const some = fc.dictionary(fc.constantFrom<string>('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 3 }))
  fc.assert(
    fc.property(some, some, fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd')), (sent, held, renewed) => {
      const lost = lostLeases(new Map(Object.entries(sent)), new Map(Object.entries(held)), new Set(renewed))
      for (const id of ['a', 'b', 'c', 'd']) {
        expect(lost.includes(id)).toBe(sent[id] !== undefined && held[id] === sent[id] && !renewed.includes(id))
      }
    }),
  )
})

test('three renewals fit into one lease, and a slow one is followed by a pause', () => {
  expect(renewEveryMs * 3).toBeLessThan(leaseTtlMs)
  expect(nextRenewalInMs(0)).toBe(renewEveryMs)
  expect(nextRenewalInMs(60_000)).toBe(1000)
})
