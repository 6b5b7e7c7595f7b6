import { databaseAway } from '../platform/database/away.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { entryOf, type SpoolEntry, type Spooled, type SpoolLimits, spoolLimits, withinLimits } from './spool-entries.ts'

/** Where the spool is kept; each write waits for the one before it. */
export interface SpoolFile {
  /** What an earlier process has left, line by line. */
  read(): Promise<string[]>
  append(lines: string[]): Promise<void>
  /** Puts these in the place of all. */
  replace(lines: string[]): Promise<void>
}

export interface SpoolDeps {
  file: SpoolFile
  /** Writes one down under its lease; false where that is not this node's any more. Throws where the database is away. */
  write(entry: SpoolEntry): Promise<boolean>
  logger: Logger
  limits?: SpoolLimits
}

const flushEveryMs = 500

/**
 * What is seen while the database is away waits here and in a file, so that it outlives the process, and is written in order when the
 * database is back. Bounded: see withinLimits.
 */
export class Spool {
  private readonly deps: SpoolDeps
  private readonly limits: SpoolLimits
  private spooled: readonly Spooled[] = []
  private readonly lines = new WeakMap<Spooled, string>()
  /** Not in the file yet. */
  private unsaved: Spooled[] | 'ALL' = []
  private saving: Promise<void> | null = null
  private flushing: Promise<void> | null = null
  private timer: ReturnType<typeof setInterval> | null = null
  private failing = false

  constructor(deps: SpoolDeps) {
    this.deps = deps
    this.limits = deps.limits ?? spoolLimits
  }

  /** Takes up what an earlier process of this node has left, writes it down as far as it can, and from then on by itself. */
  async start(): Promise<void> {
    try {
      const found = (await this.deps.file.read()).flatMap((line) => entryOf(line) ?? [])
      this.spooled = found.map((entry) => this.wrap(entry))
      if (found.length > 0) this.deps.logger.info({ entries: found.length }, 'what waited for the database is written')
    } catch (error) {
      this.deps.logger.error({ error }, 'the spool could not be read')
    }
    await this.flush()
    this.timer = setInterval(() => void this.flush(), flushEveryMs)
  }

  /** What could not be written stays in the file for the next start. */
  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer)
    await this.flush()
    await this.saving
  }

  get size(): number {
    return this.spooled.length
  }

  /** Does anything of this stream wait? What comes later has to wait behind it. */
  holds(streamId: string): boolean {
    return this.spooled.some(({ entry }) => entry.streamId === streamId)
  }

  add(entry: SpoolEntry): void {
    if (this.spooled.length === 0) this.deps.logger.warn({}, 'the database is away: what is seen is spooled')
    const one = this.wrap(entry)
    const all = [...this.spooled, one]
    this.spooled = withinLimits(all, this.limits)
    if (this.spooled !== all) {
      this.unsaved = 'ALL'
      const dropped = all.length - this.spooled.length
      this.deps.logger.warn({ dropped }, 'the spool is full: the oldest were given up')
    } else if (this.unsaved !== 'ALL') this.unsaved.push(one)
    this.save()
  }

  /** Writes down what waits, in order, until the database is away again. Never rejects. */
  flush(): Promise<void> {
    if (this.spooled.length === 0) return Promise.resolve()
    this.flushing ??= this.writeAll().finally(() => {
      this.flushing = null
    })
    return this.flushing
  }

  private async writeAll(): Promise<void> {
    const counts = { written: 0, refused: 0 }
    for (let next = this.spooled[0]; next; next = this.spooled[0]) {
      try {
        counts[(await this.deps.write(next.entry)) ? 'written' : 'refused']++
      } catch (error) {
        if (databaseAway(error)) break
        // Never to be taken: nothing behind it may wait for it.
        this.deps.logger.error({ error, streamId: next.entry.streamId }, 'what was spooled could not be written')
        counts.refused++
      }
      this.spooled = this.spooled.filter((one) => one !== next)
      this.unsaved = 'ALL'
    }
    if (counts.written + counts.refused === 0) return
    this.deps.logger.info({ ...counts, left: this.spooled.length }, 'the database has taken what was spooled')
    this.save()
  }

  private wrap(entry: SpoolEntry): Spooled {
    const line = JSON.stringify(entry)
    const one = { entry, bytes: new TextEncoder().encode(line).length + 1 }
    this.lines.set(one, line)
    return one
  }

  private save(): void {
    this.saving ??= this.saveAll().finally(() => {
      this.saving = null
    })
  }

  private async saveAll(): Promise<void> {
    const { file, logger } = this.deps
    const linesOf = (some: readonly Spooled[]) => some.map((one) => this.lines.get(one)!)
    while (this.unsaved === 'ALL' || this.unsaved.length > 0) {
      const unsaved = this.unsaved
      this.unsaved = []
      try {
        await (unsaved === 'ALL' ? file.replace(linesOf(this.spooled)) : file.append(linesOf(unsaved)))
        this.failing = false
      } catch (error) {
        if (!this.failing) logger.error({ error }, 'the spool could not be saved; it is kept in memory')
        this.failing = true
        this.unsaved = 'ALL'
        return
      }
    }
  }
}
