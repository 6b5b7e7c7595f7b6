import type { HealthWatch } from '../health/model.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { SecretBox } from '../platform/secret-box.ts'
import type { MendingPorts } from '../recovery/mending.ts'
import type { StartBucket } from '../recovery/start-bucket.ts'
import type { SourceGate } from '../sources/gate.ts'
import type { IngestPorts } from './ingest.ts'
import type { SourceTrack } from './model.ts'
import type { OpenSource } from './open-source.ts'
import type { PlanPolicy } from './plan.ts'
import type { StreamPolicy } from './policy.ts'
import type { MediaFiles } from './source.ts'

/** What a runner acts with. */
export interface RunnerPorts extends IngestPorts, Omit<MendingPorts, 'logger'> {
  /** Learns what a source carries. Rejects with SourceFailure; when `signal` is aborted, with anything. */
  probe(source: OpenSource, signal: AbortSignal): Promise<SourceTrack[]>
  files: MediaFiles
  /** Opens what is secret in a source's URL. */
  secrets: SecretBox
  /** What stands between FFmpeg and the sources. */
  gate: Pick<SourceGate, 'open'>
  timing: Pick<PlanPolicy, 'startDeadlineMs' | 'stableMs'>
  /** What the server sets for every stream that does not set it for itself. */
  defaults: StreamPolicy
  starts: StartBucket
  /** When this process or its machine last stood still, ms since the epoch. */
  stalledUntil(): number
  logger: Logger
  /** The stream has something new to show. */
  changed(streamId: string): void
  /** Makes what judges one stream's health, second by second. */
  watchHealth(): HealthWatch
}
