/** What a node has seen while the database was away, and what of it is kept. Pure. */
import type { StateReport } from './runner-store.ts'

/** One write that waits, under the lease that it was made under. Times in ms since the epoch. */
export type SpoolEntry = {
  streamId: string
  token: number
  at: number
} & (
  | { kind: 'STATE'; report: StateReport; healthOnly: boolean }
  | { kind: 'PRODUCER'; producerId: string; state: 'CREATED' | 'ACTIVE' }
)

/** An entry and its length in the file. */
export interface Spooled {
  entry: SpoolEntry
  bytes: number
}

export interface SpoolLimits {
  entries: number
  bytes: number
}

export const spoolLimits: SpoolLimits = { entries: 10_000, bytes: 64 * 1024 * 1024 }

/** Beyond a limit so much of it is made free at once, so that the file is not written anew for every entry. */
const freed = 0.1

/**
 * What stays of these: all, where they are within the limits; else the oldest go, changes of health alone before all others. The order
 * stays.
 */
export function withinLimits(spooled: readonly Spooled[], limits: SpoolLimits): readonly Spooled[] {
  let bytes = spooled.reduce((sum, one) => sum + one.bytes, 0)
  let entries = spooled.length
  if (entries <= limits.entries && bytes <= limits.bytes) return spooled
  const dropped = new Set<Spooled>()
  const target = { entries: Math.floor(limits.entries * (1 - freed)), bytes: limits.bytes * (1 - freed) }
  for (const onlyHealth of [true, false]) {
    for (const one of spooled) {
      if (entries <= target.entries && bytes <= target.bytes) break
      if (dropped.has(one) || (onlyHealth && !isHealthOnly(one.entry))) continue
      dropped.add(one)
      entries--
      bytes -= one.bytes
    }
  }
  return spooled.filter((one) => !dropped.has(one))
}

function isHealthOnly(entry: SpoolEntry): boolean {
  return entry.kind === 'STATE' && entry.healthOnly
}

/** An entry from a line of the file; null for a line that was cut off when the process died. */
export function entryOf(line: string): SpoolEntry | null {
  try {
    const entry = JSON.parse(line) as Partial<SpoolEntry>
    return typeof entry.streamId === 'string' && typeof entry.token === 'number' && typeof entry.kind === 'string'
      ? (entry as SpoolEntry)
      : null
  } catch {
    return null
  }
}
