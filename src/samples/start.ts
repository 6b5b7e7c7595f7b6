import type { Database } from '../platform/database/database.ts'
import type { DeleteOld } from '../platform/database/housekeeping.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { createMender } from './mend.ts'
import { dropOldPartition } from './partitions.ts'
import { createSampleReaders, type SampleReaders } from './reader.ts'
import { createSampleRecorder, type RunningRecorder } from './recorder.ts'
import { createSampleStore } from './store.ts'

export interface Samples {
  recorder: RunningRecorder
  readers: SampleReaders
  /** Mends what a killed node left unfinished, then deletes what is too old; a step a call. */
  keepHouse: DeleteOld
}

const flushEveryMs = 1000

/** Puts the parts of sampling together on one database. */
export function startSamples({ db, logger }: { db: Database; logger: Logger }): Samples {
  const store = createSampleStore(db)
  // No two runs have the same name among those of one subject and hour.
  const run = crypto.randomUUID().slice(0, 8)
  const recorder = createSampleRecorder({ store, run, now: Date.now, logger, flushEveryMs })
  const mend = createMender(db)
  return {
    recorder,
    readers: createSampleReaders({ store, memory: recorder, now: Date.now }),
    keepHouse: async (now) => (await mend(now)) + (await dropOldPartition(db, now)),
  }
}
