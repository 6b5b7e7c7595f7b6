import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Closers } from '../closers.ts'
import type { Config } from '../config.ts'
import { createHealthWatch } from '../health/watch.ts'
import { newId } from '../ids.ts'
import { probeSource } from '../media/ffmpeg/probe.ts'
import { patternTracks } from '../media/ffmpeg/probe-output.ts'
import { startIngest } from '../media/ffmpeg/process.ts'
import { createMediasoupPool, type Pool } from '../media/mediasoup/pool.ts'
import { LiveSegments } from '../media/segments/live-segments.ts'
import { createPictureWatch } from '../media/still/picture-watch.ts'
import type { Bus } from '../platform/bus/bus.ts'
import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { SecretBox } from '../platform/secret-box.ts'
import { openSpoolFile } from '../platform/spool-file.ts'
import type { StallGuard } from '../platform/stall-guard.ts'
import { progressResetsMs } from '../recovery/policy.ts'
import { createStartBucket } from '../recovery/start-bucket.ts'
import { createStartGate } from '../recovery/start-gate.ts'
import type { SampleRecorder } from '../samples/model.ts'
import { recordedWatch } from '../samples/recorded-watch.ts'
import { startSourceGate } from '../sources/gate/start.ts'
import type { SourceRules } from '../sources/policy.ts'
import { defaultPolicy } from './default-policy.ts'
import type { StreamMethods } from './elsewhere.ts'
import { type Neighbours, Reconciler, type StreamLeases } from './reconciler.ts'
import { createRunnerStore } from './runner-store.ts'
import type { MediaFiles } from './source.ts'
import { Spool } from './spool.ts'
import { writeSpooled } from './spooled-store.ts'

/** The media part of a node. */
export interface MediaNode {
  pool: Pool
  segments: LiveSegments
  /** Not started yet: it takes work from `start` on. */
  reconciler: Reconciler
  /** What it does for other nodes. */
  methods: StreamMethods
}

/** A process must bring its first packet within this time; with the probing before it a source is called dead after 15 s at most. */
const startDeadlineMs = 10_000
const probeDeadlineMs = 10_000
/** Starts mediasoup's workers and the live segments, and puts the reconciler together with FFmpeg. */
export async function startMediaNode(parts: {
  config: Config
  dataDir: string
  db: Database
  bus: Bus
  leases: StreamLeases
  stalls: StallGuard
  neighbours: Neighbours
  nodeId: string
  files: MediaFiles
  secrets: SecretBox
  recorder: SampleRecorder
  sourceRules: (projectId: string) => Promise<SourceRules>
  eventsAppended: () => void
  logger: Logger
  closers: Closers
}): Promise<MediaNode> {
  const { config, db, bus, leases, neighbours, nodeId, files, secrets, recorder, logger, closers } = parts
  const pool = await createMediasoupPool({
    workers: config.mediasoupWorkers ?? availableParallelism(),
    webRtcPort: config.webrtcPort,
    announcedAddresses: config.webrtcAnnouncedAddresses ? [...config.webrtcAnnouncedAddresses] : null,
    ...(config.webrtcListenIp ? { listenAddress: config.webrtcListenIp } : {}),
    senderPorts: config.ffmpegPorts,
    mediaPorts: config.mediasoupPorts,
    maxConsumers: config.maxConsumers,
    log: logger,
  })
  closers.add(() => pool.close())
  const { segmentSeconds } = config
  const segments = new LiveSegments({ root: join(parts.dataDir, 'segments'), logger, segmentSeconds })
  await segments.start()
  closers.add(() => segments.close())

  const defaults = defaultPolicy(config)
  const deps = { logger, now: Date.now }
  // Before anything is claimed: what an earlier process has left is its own only under its tokens.
  const spool = new Spool({
    file: openSpoolFile(join(parts.dataDir, 'spool', 'observed.jsonl')),
    write: (entry) => writeSpooled(createRunnerStore(db, entry.streamId, { nodeId, token: entry.token }), entry),
    logger,
  })
  await spool.start()
  closers.add(() => spool.stop())
  const intervalMs = config.ffmpegCheckIntervalSeconds * 1000
  const sourceGate = startSourceGate({ rulesOf: parts.sourceRules, logger })
  closers.add(() => sourceGate.close())
  const gate = createStartGate({ monotonicMs: () => performance.now(), sleep: (ms) => sleep(ms) })
  const reconciler = new Reconciler({
    db,
    spool,
    bus,
    leases,
    neighbours,
    nodeId,
    capacity: config.maxStreams,
    checkIntervalMs: intervalMs,
    logger,
    ports: {
      ...deps,
      pool,
      segments,
      segmentSeconds,
      files,
      secrets,
      gate: sourceGate,
      timing: { startDeadlineMs, stableMs: progressResetsMs },
      defaults,
      starts: createStartBucket(Date.now),
      stalledUntil: () => parts.stalls.stalledUntil(),
      random: Math.random,
      newAttemptId: () => newId('RecoveryAttempt'),
      watchHealth: () =>
        recordedWatch(createHealthWatch(defaults, { usableCores: availableParallelism(), intervalMs }), recorder),
      watchPicture: () => createPictureWatch({ ...deps, ffmpeg: config.ffmpegPath }),
      startIngest: (spec) => startIngest(spec, { ...deps, ffmpeg: config.ffmpegPath, gate }),
      probe: async ({ source, gated }, signal) =>
        source.kind === 'TEST_PATTERN'
          ? patternTracks(source)
          : probeSource(source, probeDeadlineMs, { ...deps, ffprobe: config.ffprobePath, signal, gated }),
      changed(streamId) {
        parts.eventsAppended()
        bus.publish('streams', streamId)
      },
    },
  })
  const methods: StreamMethods = {
    figures: async ({ streamIds }) => [...(await reconciler.read(streamIds)).values()],
    playlist: ({ streamId }) => segments.playlist(streamId),
  }
  return { pool, segments, reconciler, methods }
}
