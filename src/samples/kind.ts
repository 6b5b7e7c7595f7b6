/** What there are samples of: how they are rolled up and written down. `Written` is JSON. */
export interface SampleKind<Sample extends { at: number }, Rollup> {
  rollupOf(sample: Sample): Rollup
  /** Associative and commutative. */
  merge(a: Rollup, b: Rollup): Rollup
  writeSamples(samples: readonly Sample[], start: number): Written
  readSamples(written: Written, start: number): Sample[]
  writeRollup(rollup: Rollup): Written
  readRollup(written: Written): Rollup
}

export type Written = readonly unknown[]

/**
 * Samples as columns: first the times from `start`, then one column a key. A column whose value stays the same is one value long, and
 * most do: fewer than half the bytes of a row a sample.
 */
export function toColumns<Sample extends { at: number }>(
  samples: readonly Sample[],
  start: number,
  keys: readonly (keyof Sample)[],
): Written {
  return [
    samples.map(({ at }) => at - start),
    ...keys.map((key) => {
      const values = samples.map((sample) => sample[key])
      const first = JSON.stringify(values[0])
      return values.every((value) => value === values[0] || JSON.stringify(value) === first) ? [values[0]] : values
    }),
  ]
}

/** What `toColumns` wrote, with the same keys. */
export function fromColumns(written: Written, start: number, keys: readonly string[]): Record<string, unknown>[] {
  const [times, ...columns] = written as [number[], ...unknown[][]]
  return times.map((offset, index) => {
    const sample: Record<string, unknown> = { at: start + offset }
    keys.forEach((key, column) => {
      const values = columns[column]!
      sample[key] = values.length === 1 ? values[0] : values[index]
    })
    return sample
  })
}
