import type { SampleKind } from './kind.ts'
import type { SampleRow } from './store.ts'
import { chunkMs, floorTo, rollupTiers, type Tier, tiers } from './tiers.ts'

/** A row that is whole, and where it belongs. */
export interface ClosedRow {
  tier: Tier
  row: SampleRow
}

interface Open<Rollup> {
  start: number
  rollup: Rollup
}

/** A sample may be so much older than the chunk or bucket that is open and still be counted in it: it took long to be taken. */
const lateMs = 60_000

/** The open chunk and the open bucket of each tier of one subject: what comes in is rolled up as it passes. */
export class Accumulator<Sample extends { at: number }, Rollup> {
  private readonly subjectId: string
  private readonly run: string
  private readonly kind: SampleKind<Sample, Rollup>
  private readonly close: (closed: ClosedRow) => void
  private readonly offsetMs: number
  private chunk: { start: number; samples: Sample[] } | null = null
  private readonly open = new Map<Tier, Open<Rollup>>()

  constructor(subjectId: string, run: string, kind: SampleKind<Sample, Rollup>, close: (closed: ClosedRow) => void) {
    this.subjectId = subjectId
    this.run = run
    this.kind = kind
    this.close = close
    this.offsetMs = chunkOffsetMs(subjectId)
  }

  add(sample: Sample): void {
    this.addToChunk(sample)
    const one = this.kind.rollupOf(sample)
    for (const tier of rollupTiers) {
      const start = floorTo(sample.at, tier.ms)
      const open = this.open.get(tier)
      if (open && belongs(sample.at, open.start, tier.ms)) open.rollup = this.kind.merge(open.rollup, one)
      else {
        if (open) this.closeBucket(tier, open)
        this.open.set(tier, { start, rollup: one })
      }
    }
  }

  /** Closes what ended before `now`; answers whether anything is still open. */
  closeEnded(now: number): boolean {
    if (this.chunk && this.chunk.start + chunkMs <= now) this.closeChunk()
    for (const [tier, open] of this.open) if (open.start + tier.ms <= now) this.closeBucket(tier, open)
    return this.chunk !== null || this.open.size > 0
  }

  /** What is not closed yet, as a row. */
  openChunk(): SampleRow | null {
    return this.chunk && this.row(this.chunk.start, this.kind.writeSamples(this.chunk.samples, this.chunk.start))
  }

  private addToChunk(sample: Sample): void {
    const { chunk } = this
    if (chunk && belongs(sample.at, chunk.start, chunkMs)) {
      // Never older than its chunk, or a reader would not find it.
      if (chunk.samples.length < maxChunkSamples)
        chunk.samples.push(sample.at < chunk.start ? { ...sample, at: chunk.start } : sample)
      return
    }
    if (chunk) this.closeChunk()
    const start = floorTo(sample.at - this.offsetMs, chunkMs) + this.offsetMs
    this.chunk = { start, samples: [sample] }
  }

  private closeChunk(): void {
    const row = this.openChunk()
    this.chunk = null
    if (row) this.close({ tier: tiers[0], row })
  }

  private closeBucket(tier: Tier, { start, rollup }: Open<Rollup>): void {
    this.open.delete(tier)
    this.close({ tier, row: this.row(start, this.kind.writeRollup(rollup)) })
  }

  private row(at: number, data: SampleRow['data']): SampleRow {
    return { subjectId: this.subjectId, at, run: this.run, data }
  }
}

/** More than one in 100 ms is no sampling: the rest is rolled up and not kept one by one. */
const maxChunkSamples = 100

function belongs(at: number, start: number, ms: number): boolean {
  return at < start + ms && at >= start - lateMs
}

/** Chunks of different subjects begin at different moments, so that each second writes its share of them. */
function chunkOffsetMs(subjectId: string): number {
  let hash = 0
  for (let index = 0; index < subjectId.length; index++) hash = (hash * 31 + subjectId.charCodeAt(index)) % 1_000_003
  return (hash * 1000) % chunkMs
}
