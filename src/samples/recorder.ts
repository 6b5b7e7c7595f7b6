import type { Logger } from '../platform/logs/logger.ts'
import { Accumulator } from './accumulator.ts'
import type { SampleKind } from './kind.ts'
import type { SampleRecorder, StreamSample, SystemSample } from './model.ts'
import { RowQueue } from './row-queue.ts'
import type { SampleRow, SampleStore } from './store.ts'
import { type StreamRollup, streamSampleOf, streamSamples } from './stream-samples.ts'
import { type SystemRollup, systemSamples } from './system-samples.ts'
import type { TierName } from './tiers.ts'

/** What this node has not written yet: a reader on the same node sees it nevertheless. */
export interface SampleMemory {
  unwritten(tier: TierName, subjectIds: readonly string[]): SampleRow[]
}

export interface RunningRecorder extends SampleRecorder, SampleMemory {
  /** Closes what has ended and writes what waits, as far as the database takes it. The timer calls it. Never rejects. */
  flush(): Promise<void>
}

/** A sample may come so late before its bucket is closed. */
const lateMs = 2000
/** One statement: some 3 ms on the embedded database, which works on this thread. */
const batchRows = 50
/** Chunks for half an hour of 100 streams, roll-ups of a tier for more than an hour of 100; some 20 MB in all. */
const limits = { chunks: 20_000, rollups: 10_000 }
const retryMs = { first: 1000, most: 10_000 }
/** How long a stop waits for a database that does not answer. */
const stopMs = 3000

interface Series<Sample extends { at: number }, Rollup> {
  kind: SampleKind<Sample, Rollup>
  subjects: Map<string, Accumulator<Sample, Rollup>>
}

/**
 * Keeps samples of this node. `run` names this run of it. A crash loses the chunk that is open (10 s); the buckets that were open are
 * made anew from the chunks by createMender.
 */
export function createSampleRecorder(deps: {
  store: Pick<SampleStore, 'insert'>
  run: string
  now: () => number
  logger: Logger
  /** How often it flushes by itself, in ms; null is never. */
  flushEveryMs: number | null
}): RunningRecorder {
  const { store, run, now, logger } = deps
  const queue = new RowQueue(limits)
  const streams: Series<StreamSample, StreamRollup> = { kind: streamSamples, subjects: new Map() }
  const nodes: Series<SystemSample, SystemRollup> = { kind: systemSamples, subjects: new Map() }
  const allSeries = [streams, nodes]
  const before = new Map<string, { restarts: number; sample: StreamSample }>()
  let stopped = false
  let flushing: Promise<void> | null = null
  let retryAt = 0
  let failures = 0

  function add<Sample extends { at: number }, Rollup>(series: Series<Sample, Rollup>, id: string, sample: Sample) {
    let subject = series.subjects.get(id)
    if (!subject) {
      subject = new Accumulator(id, run, series.kind, (closed) => queue.push(closed))
      series.subjects.set(id, subject)
    }
    subject.add(sample)
  }

  function closeEnded(at: number): void {
    for (const { subjects } of allSeries)
      for (const [id, subject] of subjects)
        if (!subject.closeEnded(at)) {
          subjects.delete(id)
          before.delete(id)
        }
  }

  async function write(): Promise<void> {
    while (now() >= retryAt) {
      const batch = queue.next(batchRows)
      if (!batch) return
      try {
        await store.insert(batch.tier, batch.rows)
        queue.done(batch.tier, batch.rows)
        if (failures > 0) logger.info({ failures, dropped: queue.dropped }, 'samples are written again')
        failures = 0
      } catch (error) {
        if (failures === 0) logger.warn({ err: error }, 'samples can not be written; they wait in memory')
        failures += 1
        retryAt = now() + Math.min(retryMs.most, retryMs.first * 2 ** Math.min(failures - 1, 10))
        return
      }
      // Let the others come between two batches.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  function flush(): Promise<void> {
    closeEnded(now() - lateMs)
    flushing ??= write().finally(() => {
      flushing = null
    })
    return flushing
  }

  const timer = deps.flushEveryMs === null ? null : setInterval(() => void flush(), deps.flushEveryMs)

  return {
    stream(observation, view) {
      if (stopped) return
      const sample = streamSampleOf(observation, view, before.get(observation.streamId) ?? null)
      before.set(observation.streamId, { restarts: observation.restarts, sample })
      add(streams, observation.streamId, sample)
    },
    system(sample) {
      if (!stopped) add(nodes, sample.nodeId, sample)
    },
    flush,
    async stop() {
      stopped = true
      if (timer) clearInterval(timer)
      closeEnded(Number.POSITIVE_INFINITY)
      retryAt = 0
      const deadline = new Promise<void>((resolve) => setTimeout(resolve, stopMs).unref())
      await Promise.race([Promise.resolve(flushing).then(flush), deadline])
    },
    unwritten(tier, subjectIds) {
      const wanted = new Set(subjectIds)
      const rows = queue.of(tier).filter(({ subjectId }) => wanted.has(subjectId))
      if (tier !== '1s') return rows
      const open = allSeries.flatMap(({ subjects }) => subjectIds.flatMap((id) => subjects.get(id)?.openChunk() ?? []))
      return [...rows, ...open]
    },
  }
}
