import type { PlayerStats } from '../consumers/model.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { Beat } from './store.ts'

/** A session whose signs of life are written: the newest, and the newest statistics that have not been. */
export interface BeatSource {
  readonly consumerId: string
  /** ms since the epoch. */
  at: number
  stats: PlayerStats | null
  isWaiting: boolean
}

/** With the time that the statements themselves take, a sign of life is on disk within 1 s. */
export const writeEveryMs = 400
/** Of more PostgreSQL thinks that it had better read the whole table, which takes it three times as long a row. */
const maxRowsPerStatement = 500
/** A busy machine lets each wait its turn: one after the other they would take longer than there is time. */
const maxStatementsAtOnce = 3
const retryAfterMs = 500

export interface BeatWriterDeps {
  /** HeartbeatStore.write. */
  write(beats: readonly Beat[]): Promise<string[]>
  /** Told which sessions have no row. */
  onMissing(consumerIds: readonly string[]): void
  logger: Logger
}

export interface BeatWriter {
  /** Its newest sign of life is written soon. However often that is said, it waits once. */
  add(source: BeatSource): void
  /** Writes what waits, once more at most. */
  stop(): Promise<void>
}

/**
 * Writes signs of life in batches. While the database is away the newest of each session waits, so that what waits is bounded by the sessions that there
 * are; a batch that could not be written is tried again with what is newest then.
 */
export function createBeatWriter({ write, onMissing, logger }: BeatWriterDeps): BeatWriter {
  let waiting: BeatSource[] = []
  let timer: ReturnType<typeof setTimeout> | null = null
  let writing: Promise<void> | null = null
  let isFailing = false
  let isStopped = false

  function wakeAfter(ms: number): void {
    if (!isStopped) timer ??= setTimeout(wake, ms)
  }

  function wake(): void {
    timer = null
    writing ??= writeAll().finally(() => {
      writing = null
      if (waiting.length > 0) wakeAfter(isFailing ? retryAfterMs : writeEveryMs)
    })
  }

  async function writeAll(): Promise<void> {
    const sources = waiting
    waiting = []
    let from = 0
    const failures: unknown[] = []
    const writeOn = async () => {
      while (from < sources.length) {
        const batch = sources.slice(from, from + maxRowsPerStatement)
        from += batch.length
        const beats = batch.map(take)
        try {
          onMissing(await write(beats))
        } catch (err) {
          failures.push(err)
          for (const [i, source] of batch.entries()) {
            source.stats ??= beats[i]!.stats
            add(source)
          }
          // No use in trying the rest now; all of it waits.
          for (const source of sources.slice(from)) {
            source.isWaiting = false
            add(source)
          }
          from = sources.length
        }
      }
    }
    await Promise.all(Array.from({ length: maxStatementsAtOnce }, writeOn))
    const hasFailed = failures.length > 0
    if (hasFailed && !isFailing) logger.warn({ err: failures[0] }, 'heartbeats can not be written; trying on')
    if (!hasFailed && isFailing) logger.info({}, 'heartbeats are written again')
    isFailing = hasFailed
  }

  function add(source: BeatSource): void {
    if (source.isWaiting) return
    source.isWaiting = true
    waiting.push(source)
    if (timer === null && writing === null) wakeAfter(writeEveryMs)
  }

  return {
    add,
    async stop() {
      isStopped = true
      if (timer !== null) clearTimeout(timer)
      await writing
      await writeAll()
    },
  }
}

/** What is written of a session now; a sign of life that comes meanwhile waits for the next time. */
function take(source: BeatSource): Beat {
  const { consumerId, at, stats } = source
  source.isWaiting = false
  source.stats = null
  return { consumerId, at, stats }
}
