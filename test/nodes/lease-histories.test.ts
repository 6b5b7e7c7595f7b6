import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  hasStood,
  leaseTtlMs,
  look,
  lookEveryMs,
  maxLookGapMs,
  nextRenewalInMs,
  noSightings,
  renewEveryMs,
  type Sightings,
} from '../../src/nodes/leases.ts'

/** What can happen to a cluster of three nodes; each takes as long as it says. */
type Happening =
  | { what: 'CALM' | 'DATABASE_AWAY'; ms: number }
  | { what: 'ASLEEP' | 'CUT_OFF' | 'DEAD'; node: number; ms: number }
  | { what: 'CLOCK_JUMPS'; byMs: number; ms: number }

const nodeCount = 3
const tickMs = 100
/** From a dead owner's last renewal until another has noticed: a TTL, and what lies between two looks at its begin and end. */
const noticedWithinMs = leaseTtlMs + 2 * lookEveryMs + tickMs

interface SimulatedNode {
  sightings: Sightings
  lookAt: number
  renewAt: number
  token: number | null
  /** Since when it could have renewed at any time. */
  wellSince: number
}

interface Freed {
  at: number
  owner: number
  ownerWellForMs: number
  databaseBackForMs: number
}

/** One resource through a history, tick by tick. The rules are the real ones; the database and time are played. */
function play(history: readonly Happening[]) {
  let now = 0
  let clockMs = 1_000_000
  let databaseBackAt = -leaseTtlMs
  let awayForMs = 0
  const lease = { owner: null as number | null, token: 0, expiresAt: 0 }
  const dead = new Set<number>()
  const freed: Freed[] = []
  let longestUnownedMs = 0
  let unownedSince: number | null = null
  let staleWrites = 0
  const nodes: SimulatedNode[] = Array.from({ length: nodeCount }, (_, index) => ({
    sightings: noSightings,
    lookAt: index * 170,
    renewAt: index * 330,
    token: null,
    wellSince: 0,
  }))
  const expiry = () => Math.max(clockMs + leaseTtlMs, lease.expiresAt + 1)

  function lookAround(node: SimulatedNode, self: number): void {
    const sign = lease.owner === null ? [] : [`${lease.owner} ${lease.expiresAt}`]
    node.sightings = look(node.sightings, sign, now)
    if (lease.owner !== null && lease.owner !== self && hasStood(node.sightings, sign[0]!, now, leaseTtlMs)) {
      const ownerWellForMs = now - nodes[lease.owner]!.wellSince
      freed.push({ at: now, owner: lease.owner, ownerWellForMs, databaseBackForMs: now - databaseBackAt })
      lease.owner = null
      lease.token++
    }
    if (lease.owner === null) {
      Object.assign(lease, { owner: self, token: lease.token + 1, expiresAt: expiry() })
      node.token = lease.token
    }
  }

  function renew(node: SimulatedNode, self: number): void {
    if (node.token === null) return
    if (lease.owner === self && lease.token === node.token) lease.expiresAt = expiry()
    else node.token = null
  }

  for (const happening of history) {
    if (happening.what === 'CLOCK_JUMPS') clockMs = Math.max(0, clockMs + happening.byMs)
    if (happening.what === 'DEAD' && dead.size < nodeCount - 1) dead.add(happening.node)
    for (const end = now + happening.ms; now < end; now += tickMs, clockMs += tickMs) {
      const away = happening.what === 'DATABASE_AWAY'
      awayForMs = away ? awayForMs + tickMs : 0
      // A shorter one falls between two looks, and between two renewals.
      if (awayForMs > maxLookGapMs + lookEveryMs) databaseBackAt = now + tickMs
      nodes.forEach((node, self) => {
        const out = 'node' in happening && happening.node === self && happening.what !== 'DEAD'
        const asleep = dead.has(self) || (out && happening.what === 'ASLEEP')
        const reaches = !asleep && !away && !out
        if (!reaches) node.wellSince = now + tickMs
        if (asleep) return
        if (now >= node.renewAt) {
          if (reaches) renew(node, self)
          node.renewAt = now + nextRenewalInMs(0)
        }
        if (now >= node.lookAt) {
          if (reaches) lookAround(node, self)
          node.lookAt = now + lookEveryMs
        }
        // It writes as long as it takes itself for the owner; the token decides.
        if (node.token !== null && reaches && (lease.owner !== self || lease.token !== node.token)) staleWrites++
      })
      const lost = lease.owner === null || dead.has(lease.owner)
      const hindered = away || 'node' in happening
      if (!lost || hindered) unownedSince = null
      else {
        unownedSince ??= now
        longestUnownedMs = Math.max(longestUnownedMs, now - unownedSince)
      }
    }
  }
  return { freed, staleWrites, longestUnownedMs, tokens: lease.token }
}

const ms = (max: number) => fc.integer({ min: 1, max: max / tickMs }).map((ticks) => ticks * tickMs)
const node = fc.nat(nodeCount - 1)
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ what: fc.constant('CALM' as const), ms: ms(30_000) }),
  fc.record({ what: fc.constant('DATABASE_AWAY' as const), ms: ms(90_000) }),
  fc.record({ what: fc.constantFrom('ASLEEP' as const, 'CUT_OFF' as const), node, ms: ms(60_000) }),
  fc.record({ what: fc.constant('DEAD' as const), node, ms: ms(2000) }),
  fc.record({
    what: fc.constant('CLOCK_JUMPS' as const),
    byMs: fc.oneof(fc.integer({ min: -7_200_000, max: 7_200_000 }), fc.constantFrom(-3000, 3000, -leaseTtlMs)),
    ms: ms(2000),
  }),
)
const histories = fc.array(happening, { maxLength: 30 })

test('nothing is taken from an owner that could renew, nor right after an outage, whatever the clock does', () => {
  let taken = 0
  fc.assert(
    fc.property(histories, (history) => {
      for (const { ownerWellForMs, databaseBackForMs } of play(history).freed) {
        taken++
        expect(ownerWellForMs).toBeLessThanOrEqual(renewEveryMs)
        expect(databaseBackForMs).toBeGreaterThanOrEqual(leaseTtlMs)
      }
    }),
    { numRuns: 500 },
  )
  // A test of nothing would pass too.
  expect(taken).toBeGreaterThan(100)
})

test("a dead owner's lease is taken within a TTL and the looks around it, once the database answers", () => {
  fc.assert(
    fc.property(histories, (history) => {
      expect(play(history).longestUnownedMs).toBeLessThanOrEqual(noticedWithinMs)
    }),
    { numRuns: 500 },
  )
})

test('who slept through its lease learns it before it writes, and a token is never given twice', () => {
  const history: Happening[] = [
    { what: 'CALM', ms: 5000 },
    { what: 'ASLEEP', node: 0, ms: 30_000 },
    { what: 'CALM', ms: 5000 },
  ]
  const { freed, staleWrites, tokens } = play(history)
  expect(freed.map(({ owner }) => owner)).toEqual([0])
  // A renewal was due long ago: it is the first thing that it does.
  expect(staleWrites).toBe(0)
  expect(tokens).toBe(3)
})

test('two looks that are too far apart begin anew; a look alone shows nothing', () => {
  const once = look(noSightings, ['a'], 0)
  expect(hasStood(once, 'a', 0, leaseTtlMs)).toBe(false)
  expect(hasStood(once, 'b', leaseTtlMs, leaseTtlMs)).toBe(false)
  const kept = look(once, ['a'], maxLookGapMs)
  expect(kept.since.get('a')).toBe(0)
  const broken = look(kept, ['a'], 2 * maxLookGapMs + 1)
  expect(broken.since.get('a')).toBe(2 * maxLookGapMs + 1)
})
