import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type HealthIssue, healthIssueTypes, healthStatuses, severities } from '../../src/health/model.ts'
import { components } from '../../src/health/system/model.ts'
import { Accumulator, type ClosedRow } from '../../src/samples/accumulator.ts'
import type { SampleKind } from '../../src/samples/kind.ts'
import type { StreamSample, SystemSample } from '../../src/samples/model.ts'
import { RowQueue } from '../../src/samples/row-queue.ts'
import { type StreamRollup, streamSamples } from '../../src/samples/stream-samples.ts'
import { systemSamples } from '../../src/samples/system-samples.ts'
import {
  chooseBuckets,
  countBuckets,
  floorTo,
  reachMs,
  rollupTiers,
  spansToRead,
  tiers,
} from '../../src/samples/tiers.ts'

const now = Date.parse('2026-03-02T12:34:56.789Z')
const maybe = (max: number) => fc.option(fc.integer({ min: 0, max }), { nil: null })

const issue: fc.Arbitrary<HealthIssue> = fc.record({
  type: fc.constantFrom(...healthIssueTypes),
  severity: fc.constantFrom(...severities),
  track: fc.constantFrom('VIDEO', 'AUDIO', null),
  reason: fc.constantFrom('one', 'two'),
  since: fc.integer({ min: now - 1000, max: now }),
  evidence: fc.constant({}),
})
const streamSample: fc.Arbitrary<StreamSample> = fc.record({
  at: fc.integer({ min: now - 3 * 3_600_000, max: now }),
  live: fc.boolean(),
  status: fc.constantFrom(...healthStatuses),
  fps: maybe(60),
  bitrateBps: maybe(10_000_000),
  cpuPercent: maybe(400),
  memoryBytes: maybe(2 ** 40),
  consumers: fc.nat(1000),
  restarts: fc.nat(3),
  issues: fc.array(issue, { maxLength: 3 }),
})
const systemSample: fc.Arbitrary<SystemSample> = fc.record({
  at: fc.integer({ min: now - 3 * 3_600_000, max: now }),
  nodeId: fc.constant('node'),
  cpuPercent: maybe(100),
  memoryPercent: maybe(100),
  diskPercent: maybe(100),
  activeStreams: maybe(100),
  activeConsumers: maybe(100),
  temporaryFolderBytes: maybe(2 ** 40),
  eventLoopLagMs: maybe(1000),
  durationMs: fc.nat(10_000),
  components: fc.dictionary(fc.constantFrom(...components), fc.constantFrom(...healthStatuses)),
  streamsByState: fc.dictionary(fc.constantFrom('LIVE', 'ERROR'), fc.nat(9)),
})
/** One sample a moment: of two at the same there is no last. */
const many = <Sample extends { at: number }>(sample: fc.Arbitrary<Sample>, minLength = 1) =>
  fc
    .uniqueArray(sample, { minLength, maxLength: 60, selector: ({ at }) => at })
    .map((samples) => samples.sort((a, b) => a.at - b.at))

const rollupOfAll = <Sample extends { at: number }, Rollup>(kind: SampleKind<Sample, Rollup>, all: readonly Sample[]) =>
  all.map(kind.rollupOf).reduce(kind.merge)

function holdsFor<Sample extends { at: number }, Rollup>(
  kind: SampleKind<Sample, Rollup>,
  samples: fc.Arbitrary<Sample[]>,
): void {
  fc.assert(
    fc.property(samples, fc.nat(60), fc.nat(60), (all, one, two) => {
      const [first, second] = [one % all.length, two % all.length].sort((a, b) => a - b) as [number, number]
      const parts = [all.slice(0, first), all.slice(first, second), all.slice(second)]
      const rollups = parts.filter(({ length }) => length > 0).map((part) => rollupOfAll(kind, part))
      const whole = rollupOfAll(kind, all)
      expect(rollups.reduce(kind.merge)).toEqual(whole)
      expect(rollups.reduceRight((sum, part) => kind.merge(part, sum))).toEqual(whole)
      expect(rollups.toReversed().reduce(kind.merge)).toEqual(whole)
      expect(kind.readRollup(JSON.parse(JSON.stringify(kind.writeRollup(whole))))).toEqual(whole)
      const start = floorTo(all[0]!.at, 10_000)
      expect(kind.readSamples(JSON.parse(JSON.stringify(kind.writeSamples(all, start))), start)).toEqual(all)
    }),
  )
}

test('parts merge to the same as all at once, in any order, and come back from their written form', () => {
  holdsFor(streamSamples, many(streamSample))
  holdsFor(systemSamples, many(systemSample))
})

test('what an accumulator closes is every sample, once, in the bucket that it falls into', () => {
  fc.assert(
    fc.property(many(streamSample), (all) => {
      const closed: ClosedRow[] = []
      const accumulator = new Accumulator('s', 'run', streamSamples, (row) => closed.push(row))
      for (const sample of all) {
        accumulator.closeEnded(sample.at)
        accumulator.add(sample)
      }
      expect(accumulator.closeEnded(Number.POSITIVE_INFINITY)).toBe(false)
      for (const tier of rollupTiers) {
        const rows = closed.filter((each) => each.tier === tier)
        const expected = new Map<number, StreamRollup>()
        for (const sample of all) {
          const start = floorTo(sample.at, tier.ms)
          const before = expected.get(start)
          const one = streamSamples.rollupOf(sample)
          expected.set(start, before ? streamSamples.merge(before, one) : one)
        }
        expect(new Map(rows.map(({ row }) => [row.at, streamSamples.readRollup(row.data)]))).toEqual(expected)
        expect(rows).toHaveLength(expected.size)
      }
      const chunks = closed.filter(({ tier }) => tier === tiers[0])
      expect(chunks.flatMap(({ row }) => streamSamples.readSamples(row.data, row.at))).toEqual(all)
    }),
  )
})

const ranges = fc
  .record({
    age: fc.oneof(fc.integer({ min: 1, max: reachMs }), fc.integer({ min: 1, max: 4 * 3_600_000 })),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    maxPoints: fc.integer({ min: 2, max: 2000 }),
  })
  .map(({ age, part, maxPoints }) => ({ from: now - age, to: Math.ceil(now - age * part), maxPoints }))
  .filter(({ from, to }) => from < to)

test('a timeline is never more points than asked for, is read from a tier that reaches back, and begins nowhere twice', () => {
  fc.assert(
    fc.property(ranges, (range) => {
      const { tier, bucketMs } = chooseBuckets(range, now)
      expect(countBuckets(range.from, range.to, bucketMs)).toBeLessThanOrEqual(range.maxPoints)
      expect(bucketMs % tier.ms).toBe(0)
      expect(range.from).toBeGreaterThanOrEqual(now - tier.keptMs)
      const from = floorTo(range.from, bucketMs)
      const to = Math.ceil(range.to / bucketMs) * bucketMs
      const spans = spansToRead(tier, from, to, now)
      expect(spans[0]!.from).toBe(from)
      expect(spans.at(-1)!.to).toBe(to)
      for (const [index, span] of spans.entries()) {
        expect(span.to).toBe(spans[index + 1]?.from ?? to)
        if (span.tier === tiers[0]) continue
        // Whole buckets of the tier that have closed: what is younger is read from a finer one.
        expect([span.from % span.tier.ms, span.to % span.tier.ms]).toEqual([0, 0])
        expect(span.to).toBeLessThan(now)
      }
    }),
  )
})

test('no finer buckets would do', () => {
  const hours = (count: number, maxPoints: number) =>
    chooseBuckets({ from: now - count * 3_600_000, to: now, maxPoints }, now)
  expect(hours(1, 2000)).toMatchObject({ bucketMs: 2000, tier: { name: '1s' } })
  expect(hours(2.9, 300)).toMatchObject({ bucketMs: 60_000, tier: { name: '1m' } })
  expect(hours(3.1, 2000)).toMatchObject({ bucketMs: 60_000, tier: { name: '1m' } })
  expect(hours(24, 300)).toMatchObject({ bucketMs: 300_000, tier: { name: '5m' } })
  expect(hours(24 * 455, 300)).toMatchObject({ bucketMs: 48 * 3_600_000, tier: { name: '1h' } })
})

test('what waits is bounded: single samples go, the oldest first, roll-ups stay', () => {
  const queue = new RowQueue({ chunks: 16, rollups: 100 })
  const row = (at: number) => ({ subjectId: 's', at, run: 'r', data: [] })
  for (let at = 0; at < 50; at++) queue.push({ tier: tiers[0], row: row(at) })
  for (let at = 0; at < 50; at++) queue.push({ tier: tiers[1], row: row(at) })
  const chunks = queue.of('1s')
  expect(chunks.length).toBeLessThanOrEqual(16)
  expect(chunks.at(-1)!.at).toBe(49)
  expect(queue.dropped).toBe(50 - chunks.length)
  expect(queue.of('1m')).toHaveLength(50)
  expect(queue.next(10)).toMatchObject({ tier: { name: '1m' } })
})
