import type { HealthIssue, HealthView, StreamObservation } from '../../src/health/model.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import type { SystemSample } from '../../src/samples/model.ts'
import { createSampleReaders } from '../../src/samples/reader.ts'
import { createSampleRecorder } from '../../src/samples/recorder.ts'
import { createSampleStore } from '../../src/samples/store.ts'

/** A time that is the start of an hour and of a day. */
export const midnight = Date.parse('2026-03-02T00:00:00Z')

/** What a node sees of a stream that is well; `values` of it and of its process. */
export function observationOf(
  streamId: string,
  at: number,
  values: Partial<StreamObservation> & { fps?: number | null } = {},
): StreamObservation {
  const { fps = 25, ...rest } = values
  return {
    streamId,
    projectId: 'project_a',
    at,
    state: 'LIVE',
    cause: null,
    sourceKind: 'RTSP',
    tracks: null,
    process: {
      pid: 1,
      startedAt: at,
      cpuPercent: 12.5,
      memoryBytes: 50_000_000,
      frames: null,
      fps,
      bitrateBps: 1_000_000,
      speed: 1,
      droppedFrames: 0,
      tracks: [],
      measuredAt: at,
    },
    producers: [],
    viewers: 2,
    restarts: 0,
    pictureStillSince: null,
    ...rest,
  }
}

export const well: HealthView = { status: 'HEALTHY', issues: [] }
export const frozen: HealthIssue = {
  type: 'VIDEO_FROZEN',
  severity: 'CRITICAL',
  track: 'VIDEO',
  reason: 'No video packet for 6 s.',
  since: midnight,
  evidence: { silentSeconds: 6 },
}
export const ill: HealthView = { status: 'CRITICAL', issues: [frozen] }

export function systemSampleOf(nodeId: string, at: number, values: Partial<SystemSample> = {}): SystemSample {
  return {
    at,
    nodeId,
    cpuPercent: 40,
    memoryPercent: 50,
    diskPercent: 60,
    activeStreams: 3,
    activeConsumers: 4,
    temporaryFolderBytes: 1000,
    eventLoopLagMs: 5,
    durationMs: 20,
    components: { DATABASE: 'HEALTHY', DISK: 'HEALTHY' },
    streamsByState: { LIVE: 3 },
    ...values,
  }
}

/** A node's recorder and readers whose clock is set by the test; nothing is written but by `flush` and `stop`. */
export function openPast(db: Database, startAt: number, run = 'run-a') {
  const clock = { now: startAt }
  const now = () => clock.now
  const store = createSampleStore(db)
  const recorder = createSampleRecorder({ store, run, now, logger: silentLogger, flushEveryMs: null })
  return { clock, store, recorder, readers: createSampleReaders({ store, memory: recorder, now }) }
}
export type PastBed = ReturnType<typeof openPast>

/** Samples once a second in [from, to); `each` says what is seen, null is nothing. Flushed once a minute and at the end. */
export async function record(
  { clock, recorder }: Pick<PastBed, 'clock' | 'recorder'>,
  from: number,
  to: number,
  each: (at: number) => { observation: StreamObservation; view: HealthView } | null,
): Promise<void> {
  for (let at = from; at < to; at += 1000) {
    clock.now = at
    const seen = each(at)
    if (seen) recorder.stream(seen.observation, seen.view)
    if (at % 60_000 === 0) await recorder.flush()
  }
  clock.now = to
  await recorder.flush()
}
