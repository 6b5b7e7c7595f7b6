import { kindOfId } from '../ids.ts'
import type { Database } from '../platform/database/database.ts'
import { Accumulator } from './accumulator.ts'
import type { SampleKind } from './kind.ts'
import { createSampleStore, type SampleRow, type SampleStore, unrolledRuns } from './store.ts'
import { streamSamples } from './stream-samples.ts'
import { systemSamples } from './system-samples.ts'
import { chunkMs, floorTo, rollupTiers, tiers } from './tiers.ts'

const hourMs = tiers[3].ms
/** Closed for so long, and whoever still runs has written its part. */
const settledMs = 120_000
/** Nothing is done about more than these in one hour. */
const maxRuns = 1000

/**
 * Makes the buckets that a killed node had open from the chunks that it wrote: one subject of one run a call; answers with how many,
 * 0 when nothing is left to do. Each hour is looked at once, after it has closed; of those before, as long as seconds are kept. Where the
 * run lives after all and writes the bucket itself, the first to come is kept.
 */
export function createMender(db: Database): (now: Date) => Promise<number> {
  const store = createSampleStore(db)
  let lookedUntil = 0
  let missing: { subjectId: string; run: string; hour: number }[] = []

  return async (now) => {
    const lastClosed = floorTo(now.getTime() - settledMs, hourMs) - hourMs
    if (missing.length === 0 && lookedUntil <= lastClosed) {
      const hour = Math.max(lookedUntil, lastClosed - 2 * hourMs)
      missing = (await unrolledRuns(db, hour, maxRuns)).map((each) => ({ ...each, hour }))
      lookedUntil = hour + hourMs
      if (missing.length === 0) return lookedUntil <= lastClosed ? 1 : 0
    }
    const next = missing.pop()
    if (!next) return 0
    await mend(store, next)
    return 1
  }
}

async function mend(store: SampleStore, { subjectId, run, hour }: { subjectId: string; run: string; hour: number }) {
  const chunks = await store.read(tiers[0], [subjectId], hour - chunkMs, hour + hourMs)
  const own = chunks.filter((chunk) => chunk.run === run)
  if (kindOfId(subjectId) === 'MediaNode') await writeRollups(store, own, systemSamples, hour)
  else await writeRollups(store, own, streamSamples, hour)
}

async function writeRollups<Sample extends { at: number }, Rollup>(
  store: SampleStore,
  chunks: readonly SampleRow[],
  kind: SampleKind<Sample, Rollup>,
  hour: number,
): Promise<void> {
  const [first] = chunks
  if (!first) return
  const rows = new Map(rollupTiers.map((tier) => [tier, [] as SampleRow[]]))
  const accumulator = new Accumulator(first.subjectId, first.run, kind, ({ tier, row }) => rows.get(tier)?.push(row))
  for (const { data, at } of chunks)
    for (const sample of kind.readSamples(data, at))
      if (sample.at >= hour && sample.at < hour + hourMs) accumulator.add(sample)
  accumulator.closeEnded(Number.POSITIVE_INFINITY)
  for (const [tier, made] of rows) if (made.length > 0) await store.insert(tier, made)
}
