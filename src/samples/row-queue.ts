import type { ClosedRow } from './accumulator.ts'
import type { SampleRow } from './store.ts'
import { type Tier, type TierName, tiers } from './tiers.ts'

/** What waits to be written, by tier. Bounded: of single samples the oldest go first, long before roll-ups. */
export class RowQueue {
  private readonly rows: Map<TierName, SampleRow[]>
  private readonly limits: Record<TierName, number>
  /** Rows that were given up since the start. */
  dropped = 0

  constructor(limits: { chunks: number; rollups: number }) {
    this.rows = new Map(tiers.map(({ name }) => [name, []]))
    const { chunks, rollups } = limits
    this.limits = { '1s': chunks, '1m': rollups, '5m': rollups, '1h': rollups }
  }

  push({ tier, row }: ClosedRow): void {
    const rows = this.rows.get(tier.name)!
    rows.push(row)
    // An eighth at a time: moving the whole list for each row would be work.
    if (rows.length > this.limits[tier.name]) this.drop(tier.name, Math.ceil(rows.length / 8))
  }

  /** The next rows to write, the oldest of their tier, roll-ups first; null when nothing waits. They stay until `done`. */
  next(limit: number): { tier: Tier; rows: SampleRow[] } | null {
    const tier = tiers.findLast(({ name }) => this.rows.get(name)!.length > 0)
    return tier ? { tier, rows: this.rows.get(tier.name)!.slice(0, limit) } : null
  }

  /** These have been written or are to be given up. */
  done(tier: Tier, rows: readonly SampleRow[]): void {
    const gone = new Set(rows)
    this.rows.set(
      tier.name,
      this.rows.get(tier.name)!.filter((row) => !gone.has(row)),
    )
  }

  of(tier: TierName): readonly SampleRow[] {
    return this.rows.get(tier)!
  }

  private drop(tier: TierName, count: number): void {
    this.rows.get(tier)!.splice(0, count)
    this.dropped += count
  }
}
