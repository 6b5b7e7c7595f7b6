import { and, inArray, type SQL } from 'drizzle-orm'
import type { Bus } from '../src/platform/bus/bus.ts'
import { streams } from '../src/platform/database/tables.ts'
import { Waiters } from '../src/platform/waiters.ts'
import type { SchemaDeps } from './context.ts'
import { StreamWall, type WallDifference } from './stream-wall.ts'
import { readMarkedStreams, readMeasuredAt } from './stream-watch.ts'
import { Wakeups } from './wakeups.ts'

/** The most streams that one subscription watches; `complete` tells when there are more. */
export const maxStreamsOfWall = 1000
/** Messages of the bus may be lost: at least this often all is looked at. */
const pollMs = 5000
const retryMs = 1000

export interface WallUpdate extends WallDifference {
  at: Date
  /** Everything that the log told up to it is in this: where it stood at the last look at all. */
  cursor: number
}

/** What a wall shows, and what makes two the same. */
export interface WallSpec {
  /** The project and the filter; figures and their interval come to it by themselves. */
  key: string
  where: SQL | undefined
  /** Null: nobody asks for figures. */
  figuresEveryMs: number | null
}

/** One subscriber's place at a wall. */
export interface WallSeat {
  version(): number
  /** What differs from the version told last; null where nothing does. Throws what keeps the wall from its first look. */
  since(version: number): WallUpdate | null
  /** Until there may be more, `ms` have passed, or the signal aborts. */
  wait(ms: number): Promise<void>
  leave(): void
}

/** By bus, of which a node has one: walls of two nodes in one process have nothing in common. */
const wallsOfBus = new WeakMap<Bus, Map<string, SharedWall>>()

/** The wall that all who ask for the same share: one look at the database for all of them. */
export function sharedWall(deps: SchemaDeps, spec: WallSpec): SharedWall {
  const walls = wallsOfBus.get(deps.bus) ?? new Map<string, SharedWall>()
  wallsOfBus.set(deps.bus, walls)
  const key = `${spec.figuresEveryMs} ${spec.key}`
  const known = walls.get(key)
  if (known) return known
  const made = new SharedWall(deps, spec, {
    onUsed: () => walls.set(key, made),
    onUnused: () => walls.get(key) === made && walls.delete(key),
  })
  return made
}

/** Looks while anybody watches. */
export class SharedWall {
  readonly #deps: SchemaDeps
  readonly #spec: WallSpec
  readonly #uses: { onUsed: () => void; onUnused: () => void }
  readonly #news = new Waiters()
  readonly #updates = new WeakMap<WallDifference, WallUpdate>()
  #wall = new StreamWall(maxStreamsOfWall)
  #cursor = 0
  #failure: unknown = null
  #watchers = 0
  #end: AbortController | null = null

  constructor(deps: SchemaDeps, spec: WallSpec, uses: { onUsed: () => void; onUnused: () => void }) {
    this.#deps = deps
    this.#spec = spec
    this.#uses = uses
  }

  /** Waits at the seat end when `signal` aborts. */
  join(signal: AbortSignal): WallSeat {
    this.#watchers += 1
    if (!this.#end) {
      this.#uses.onUsed()
      this.#end = new AbortController()
      this.#wall = new StreamWall(maxStreamsOfWall)
      this.#failure = null
      void this.#run(this.#wall, this.#end.signal)
    }
    const wall = this.#wall
    const waiter = this.#news.join(signal)
    let left = false
    return {
      version: () => wall.version,
      since: (version) => this.#since(wall, version),
      wait: (ms) => waiter.wait(ms),
      leave: () => {
        if (left) return
        left = true
        waiter.leave()
        this.#watchers -= 1
        if (this.#watchers > 0) return
        this.#end?.abort()
        this.#end = null
        this.#uses.onUnused()
      },
    }
  }

  #since(wall: StreamWall, version: number): WallUpdate | null {
    const difference = wall.since(version)
    if (!difference) {
      if (version === 0 && this.#failure !== null) throw this.#failure
      return null
    }
    const update = this.#updates.get(difference) ?? {
      ...difference,
      cursor: this.#cursor,
      at: new Date(this.#deps.now()),
    }
    this.#updates.set(difference, update)
    return update
  }

  async #run(wall: StreamWall, signal: AbortSignal): Promise<void> {
    const { bus, now } = this.#deps
    const wakeups = new Wakeups(maxStreamsOfWall, signal)
    signal.addEventListener(
      'abort',
      bus.subscribe('streams', (id) => wakeups.add(id)),
      { once: true },
    )
    const { figuresEveryMs } = this.#spec
    const clock = { lookedAt: Number.NEGATIVE_INFINITY, measuredAt: Number.NEGATIVE_INFINITY }
    while (!signal.aborted) {
      const before = wall.version
      try {
        await this.#look(wall, wakeups.take(), clock)
        this.#failure = null
      } catch (error) {
        this.#failure = error
        // All is looked at next: what was told of has been taken.
        clock.lookedAt = now() + retryMs - pollMs
      }
      if (wall.version !== before || this.#failure !== null) this.#news.wakeAll()
      const measureAt = figuresEveryMs === null ? Number.POSITIVE_INFINITY : clock.measuredAt + figuresEveryMs
      await wakeups.wait(Math.min(clock.lookedAt + pollMs, measureAt) - now())
    }
  }

  /** One look at the database for those told of (null: for all), and one at the figures when they are due. */
  async #look(wall: StreamWall, told: Set<string> | null, clock: { lookedAt: number; measuredAt: number }) {
    const { db, eventHub, now } = this.#deps
    const { where, figuresEveryMs } = this.#spec
    const at = now()
    const scope = told === null || at - clock.lookedAt >= pollMs ? null : told
    if (scope === null || scope.size > 0) {
      // The log first: what it tells up to here has been committed before the look.
      const bounds = scope === null ? await eventHub.bounds() : null
      const within = scope === null ? where : and(where, inArray(streams.id, [...scope]))
      const found = await readMarkedStreams(db, within, maxStreamsOfWall + 1)
      if (bounds) {
        clock.lookedAt = at
        this.#cursor = bounds.lastCursor
      }
      wall.see(found, scope)
    }
    if (figuresEveryMs !== null && at - clock.measuredAt >= figuresEveryMs) {
      clock.measuredAt = at
      wall.measure(await readMeasuredAt(this.#deps, wall.ids()))
    }
  }
}
