import type { StreamRow } from '../src/streams/types.ts'

/** A stream as it was read, and a mark that changes with it and with its open producers. */
export interface MarkedStream {
  row: StreamRow
  mark: string
}

export interface WallDifference {
  /** `changed` is all there is: forget what was before. */
  reset: boolean
  complete: boolean
  changed: StreamRow[]
  removedIds: string[]
}

interface Known extends MarkedStream {
  measuredAt: number | undefined
  /** The version that it came with, or changed with last. */
  version: number
}

/** How many removals are remembered; who is further behind gets the whole anew. */
const maxRemoved = 1000

/**
 * What matches one filter, for all who watch by it: the latest of each stream, at most `limit` of them. Its version
 * grows with every look that found something, so that a watcher needs only remember the version it was told, and those
 * who were told the same are told the same next: one and the same object. Plain data: reading and waiting are done elsewhere.
 */
export class StreamWall {
  readonly #limit: number
  readonly #known = new Map<string, Known>()
  readonly #removed = new Map<string, number>()
  /** Removals up to this version are forgotten. */
  #forgotten = 0
  #version = 0
  #complete = true
  #differences = new Map<number, WallDifference>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Begins at 0, for nothing seen. */
  get version(): number {
    return this.#version
  }

  ids(): string[] {
    return [...this.#known.keys()]
  }

  /** Takes in what was found of the streams in `scope`: those that were looked for, null where all were. */
  see(found: readonly MarkedStream[], scope: ReadonlySet<string> | null): void {
    const next = this.#version + 1
    const isFirst = this.#version === 0
    let differs = isFirst
    const wasComplete = this.#complete
    if (scope === null) this.#complete = found.length <= this.#limit
    const kept = found.slice(0, this.#limit)
    const there = new Set(kept.map(({ row }) => row.id))
    for (const id of scope ?? this.ids()) {
      if (there.has(id) || !this.#known.delete(id)) continue
      this.#removed.set(id, next)
      differs = true
    }
    for (const { row, mark } of kept) {
      const before = this.#known.get(row.id)
      if (before?.mark === mark) continue
      if (!before && this.#known.size >= this.#limit) {
        this.#complete = false
        continue
      }
      this.#known.set(row.id, { row, mark, measuredAt: before?.measuredAt, version: next })
      this.#removed.delete(row.id)
      differs = true
    }
    this.#forgetRemoved()
    if (differs || wasComplete !== this.#complete) this.#advance(next)
  }

  /** Takes in when each stream's figures were measured last. */
  measure(measuredAt: ReadonlyMap<string, number>): void {
    const next = this.#version + 1
    let differs = false
    for (const [id, at] of measuredAt) {
      const known = this.#known.get(id)
      if (!known || known.measuredAt === at) continue
      known.measuredAt = at
      known.version = next
      differs = true
    }
    if (differs) this.#advance(next)
  }

  /** What differs from what was told at `version`; null where nothing does. At 0, and where too much was removed since: all. */
  since(version: number): WallDifference | null {
    if (version === this.#version) return null
    const known = this.#differences.get(version)
    if (known) return known
    const reset = version === 0 || version < this.#forgotten
    const changed = [...this.#known.values()].filter((stream) => reset || stream.version > version)
    const removed = reset ? [] : [...this.#removed].filter(([, removedWith]) => removedWith > version)
    const difference: WallDifference = {
      reset,
      complete: this.#complete,
      changed: changed.map(({ row }) => row).sort((a, b) => (a.id < b.id ? -1 : 1)),
      removedIds: removed.map(([id]) => id),
    }
    this.#differences.set(version, difference)
    return difference
  }

  #advance(version: number): void {
    this.#version = version
    this.#differences = new Map()
  }

  #forgetRemoved(): void {
    for (const [id, version] of this.#removed) {
      if (this.#removed.size <= maxRemoved) return
      this.#removed.delete(id)
      this.#forgotten = Math.max(this.#forgotten, version)
    }
  }
}
