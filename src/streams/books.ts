import type { Logger } from '../platform/logs/logger.ts'
import type { RunnerStore } from './runner-store.ts'
import { LeaseLost, type Report, StreamRecord } from './stream-record.ts'

/**
 * A runner's dealings with the database: it reads the orders when they may have changed, and writes down what is. Where the
 * database does not answer the runner goes on with what was read last, and both are tried again.
 */
export class Books {
  /** As last read or written; null before the first reading, and where there is no such stream. */
  record: StreamRecord | null = null
  private readonly store: RunnerStore
  private readonly logger: Logger
  private stale = true
  private wasRead = false

  constructor(store: RunnerStore, logger: Logger) {
    this.store = store
    this.logger = logger
  }

  /** The orders may have changed since they were read. */
  get isStale(): boolean {
    return this.stale
  }

  expire(): void {
    this.stale = true
  }

  /** Reads the orders where they may have changed. FIRST: it knew none before. Throws LeaseLost. */
  async read(): Promise<'FIRST' | 'READ' | 'FAILED'> {
    if (!this.stale) return 'READ'
    // Before the reading: an order that comes during it has to be read again.
    this.stale = false
    const read = await this.tried(async () => {
      this.record = await StreamRecord.load(this.store)
    })
    if (!read) {
      this.stale = true
      return 'FAILED'
    }
    const first = !this.wasRead
    this.wasRead = true
    return first ? 'FIRST' : 'READ'
  }

  /** Writes what differs from what was written last. Throws LeaseLost. */
  async write(report: Report): Promise<'WRITTEN' | 'NOTHING_NEW' | 'FAILED'> {
    const before = this.record!
    let saved: StreamRecord | null = null
    const written = await this.tried(async () => {
      saved = await before.save(report)
    })
    if (!written) return 'FAILED'
    if (saved === null) return 'NOTHING_NEW'
    this.record = saved as StreamRecord
    if (this.record.row.generation !== before.row.generation) this.stale = true
    return 'WRITTEN'
  }

  /** Runs something that needs the database; false where it failed and has to be tried again. Throws LeaseLost. */
  async tried(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      if (error instanceof LeaseLost) throw error
      this.logger.error({ error }, 'the database did not take it; trying again')
      return false
    }
  }
}
