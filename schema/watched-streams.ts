import type { StreamRow } from '../src/streams/types.ts'

/** A stream as it was read, and a mark that changes with it and with its open producers. */
export interface MarkedStream {
  row: StreamRow
  mark: string
}

interface Known extends MarkedStream {
  /** When its figures were measured last, in ms since the epoch. */
  measuredAt: number | undefined
}

/**
 * What one subscriber has been told: the latest of each stream, at most `limit` of them, and what differs from it since
 * the last message. Plain data: reading and waiting are done elsewhere.
 */
export class WatchedStreams {
  readonly #limit: number
  readonly #known = new Map<string, Known>()
  #changed = new Set<string>()
  #removed = new Set<string>()
  /** False while more streams match than may be watched. */
  complete = true

  constructor(limit: number) {
    this.#limit = limit
  }

  ids(): string[] {
    return [...this.#known.keys()]
  }

  /** Takes in what was found of the streams in `scope`: those that were looked for, null where all were. */
  see(found: readonly MarkedStream[], scope: ReadonlySet<string> | null): void {
    if (scope === null) this.complete = found.length <= this.#limit
    const kept = found.slice(0, this.#limit)
    const there = new Set(kept.map(({ row }) => row.id))
    for (const id of scope ?? this.ids()) {
      if (there.has(id) || !this.#known.delete(id)) continue
      this.#changed.delete(id)
      this.#removed.add(id)
    }
    for (const { row, mark } of kept) {
      const before = this.#known.get(row.id)
      if (before?.mark === mark) continue
      if (!before && this.#known.size >= this.#limit) {
        this.complete = false
        continue
      }
      this.#known.set(row.id, { row, mark, measuredAt: before?.measuredAt })
      this.#removed.delete(row.id)
      this.#changed.add(row.id)
    }
  }

  /** Takes in when each stream's figures were measured last. */
  measure(measuredAt: ReadonlyMap<string, number>): void {
    for (const [id, at] of measuredAt) {
      const known = this.#known.get(id)
      if (!known || known.measuredAt === at) continue
      known.measuredAt = at
      this.#changed.add(id)
    }
  }

  /** What differs since it was taken last; null where nothing does. */
  take(): { changed: StreamRow[]; removedIds: string[] } | null {
    if (this.#changed.size === 0 && this.#removed.size === 0) return null
    const changed = [...this.#changed].map((id) => this.#known.get(id)!.row)
    const removedIds = [...this.#removed]
    this.#changed = new Set()
    this.#removed = new Set()
    return { changed, removedIds }
  }
}
