/** One figure of a benchmark, with what it is measured against. */
export interface Figure {
  what: string
  /** Ours. */
  value: number
  unit: string
  /** The peer or limit that was measured in the same run. */
  beside?: { what: string; value: number }
  /** What is to be reached, in words, and whether this run did; null where the goal is no matter of one run. */
  goal: string
  reached: boolean
  /** Every single measurement, in `unit`. */
  samples?: number[]
}

export interface Benchmark {
  name: string
  title: string
  run(): Promise<Figure[]>
}

/** The value below which the given part of all lies, by nearest rank; `part` from 0 to 1. */
export function percentile(samples: readonly number[], part: number): number {
  if (samples.length === 0) throw new RangeError('no samples')
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]!
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5)
}

/** Three significant digits. */
export function rounded(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 6, useGrouping: true })
}

/** Ours divided by what is beside it; null where there is nothing. */
export function ratio({ value, beside }: Figure): number | null {
  return beside && beside.value !== 0 ? value / beside.value : null
}
