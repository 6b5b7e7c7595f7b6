import type { SampleKind } from './kind.ts'
import type { StreamSample, SystemSample } from './model.ts'
import type { TimelineRange } from './range.ts'
import type { SampleMemory } from './recorder.ts'
import type { SampleRow, SampleStore } from './store.ts'
import { type StreamRollup, streamSamples } from './stream-samples.ts'
import { type SystemRollup, systemSamples } from './system-samples.ts'
import { chooseBuckets, chunkMs, floorTo, type Span, spansToRead, type Tier, tierReaching, tiers } from './tiers.ts'

/** Times in ms since the epoch. Only buckets that have samples: what is missing is not known. */
export interface Timeline<Rollup> {
  bucketMs: number
  buckets: { from: number; to: number; rollup: Rollup }[]
}

/** Of several subjects, all in the same buckets. */
export interface Timelines<Rollup> {
  bucketMs: number
  timelines: Map<string, Timeline<Rollup>>
}

/** What was at an instant: of the finest tier that reaches back, one sample or the bucket that it fell into. */
export interface Past<Sample, Rollup> {
  /** When the sample was taken, or when the bucket began. */
  at: number
  /** Null where only a bucket is left. */
  sample: Sample | null
  rollup: Rollup
}

/** Reads one kind of sample, of several subjects at once. `at` leaves out a subject of which nothing is known. */
export interface SampleReader<Sample, Rollup> {
  timelines(subjectIds: readonly string[], range: TimelineRange): Promise<Timelines<Rollup>>
  at(subjectIds: readonly string[], time: number): Promise<Map<string, Past<Sample, Rollup>>>
}

export interface SampleReaders {
  streams: SampleReader<StreamSample, StreamRollup>
  system: SampleReader<SystemSample, SystemRollup>
}

interface Deps {
  store: Pick<SampleStore, 'read'>
  memory: SampleMemory
  now: () => number
}

export function createSampleReaders(deps: Deps): SampleReaders {
  return { streams: createReader(deps, streamSamples), system: createReader(deps, systemSamples) }
}

/** A sample says what was until the next; nothing for so long, and it is not known. */
const sampleHoldsMs = 10_000
/** One statement reads no more: what it brings is decoded on this thread. Of many streams there are several statements. */
const maxRowsAtOnce = 10_000

function createReader<Sample extends { at: number }, Rollup>(
  { store, memory, now }: Deps,
  kind: SampleKind<Sample, Rollup>,
): SampleReader<Sample, Rollup> {
  /** Calls back with every row of the span, those that are not written yet among them, each once. */
  async function eachRow(subjectIds: readonly string[], span: Span, found: (row: SampleRow) => void): Promise<void> {
    const { tier, to } = span
    // A chunk that began before may reach into it.
    const from = tier === tiers[0] ? span.from - chunkMs : span.from
    const rowsOfOne = Math.ceil((to - from) / (tier === tiers[0] ? chunkMs : tier.ms))
    const atOnce = Math.max(1, Math.floor(maxRowsAtOnce / rowsOfOne))
    for (let index = 0; index < subjectIds.length; index += atOnce) {
      const ids = subjectIds.slice(index, index + atOnce)
      // Memory first: what is written in between is found twice rather than never.
      const unwritten = memory.unwritten(tier.name, ids).filter(({ at }) => at >= from && at < to)
      const seen = new Set(unwritten.map(rowKey))
      for (const row of unwritten) found(row)
      const written = await store.read(tier, ids, from, to)
      for (const row of written) if (seen.size === 0 || !seen.has(rowKey(row))) found(row)
    }
  }

  async function readTimelines(subjectIds: readonly string[], range: TimelineRange): Promise<Timelines<Rollup>> {
    const at = now()
    const { tier, bucketMs } = chooseBuckets(range, at)
    const from = floorTo(range.from, bucketMs)
    const to = Math.ceil(range.to / bucketMs) * bucketMs
    const bySubject = new Map(subjectIds.map((id) => [id, new Map<number, Rollup>()]))
    const add = (subjectId: string, time: number, rollup: Rollup) => {
      const buckets = bySubject.get(subjectId)
      const start = floorTo(time, bucketMs)
      const before = buckets?.get(start)
      buckets?.set(start, before ? kind.merge(before, rollup) : rollup)
    }
    for (const span of spansToRead(tier, from, to, at))
      await eachRow(subjectIds, span, (row) => {
        if (span.tier !== tiers[0]) return add(row.subjectId, row.at, kind.readRollup(row.data))
        for (const sample of kind.readSamples(row.data, row.at))
          if (sample.at >= span.from && sample.at < span.to) add(row.subjectId, sample.at, kind.rollupOf(sample))
      })
    const timelines = new Map<string, Timeline<Rollup>>()
    for (const [id, found] of bySubject) {
      const sorted = [...found].sort(([a], [b]) => a - b)
      const buckets = sorted.map(([start, rollup]) => ({ from: start, to: start + bucketMs, rollup }))
      timelines.set(id, { bucketMs, buckets })
    }
    return { bucketMs, timelines }
  }

  async function sampleAt(subjectIds: readonly string[], time: number): Promise<Map<string, Past<Sample, Rollup>>> {
    const found = new Map<string, Past<Sample, Rollup>>()
    const span = { tier: tiers[0], from: time - sampleHoldsMs, to: time + 1 }
    await eachRow(subjectIds, span, ({ subjectId, at, data }) => {
      for (const sample of kind.readSamples(data, at))
        if (sample.at >= span.from && sample.at < span.to && sample.at >= (found.get(subjectId)?.at ?? 0))
          found.set(subjectId, { at: sample.at, sample, rollup: kind.rollupOf(sample) })
    })
    return found
  }

  async function bucketAt(subjectIds: readonly string[], tier: Tier, time: number) {
    const found = new Map<string, Past<Sample, Rollup>>()
    const start = floorTo(time, tier.ms)
    await eachRow(subjectIds, { tier, from: start, to: start + 1 }, ({ subjectId, at, data }) => {
      const rollup = kind.readRollup(data)
      const before = found.get(subjectId)
      found.set(subjectId, { at, sample: null, rollup: before ? kind.merge(before.rollup, rollup) : rollup })
    })
    return found
  }

  return {
    timelines: readTimelines,
    async at(subjectIds, time) {
      const tier = tierReaching(time, now())
      return tier === tiers[0] ? sampleAt(subjectIds, time) : bucketAt(subjectIds, tier, time)
    },
  }
}

const rowKey = ({ subjectId, at, run }: SampleRow) => `${subjectId} ${at} ${run}`
