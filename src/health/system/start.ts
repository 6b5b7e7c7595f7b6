import { join } from 'node:path'
import type { Closers } from '../../closers.ts'
import type { Config } from '../../config.ts'
import type { Bus } from '../../platform/bus/bus.ts'
import type { OpenDatabase } from '../../platform/database/database.ts'
import type { Logger } from '../../platform/logs/logger.ts'
import type { MediaNode } from '../../streams/media-node.ts'
import { databaseCheck } from './checks/database.ts'
import { diskCheck, readDisk } from './checks/disk.ts'
import { eventBusCheck } from './checks/event-bus.ts'
import { externalCheck } from './checks/external.ts'
import { ffmpegCheck } from './checks/ffmpeg.ts'
import { mediasoupCheck } from './checks/mediasoup.ts'
import { systemResourcesCheck } from './checks/system-resources.ts'
import { temporaryFolderCheck } from './checks/temporary-folder.ts'
import { externalTargets } from './external-checks.ts'
import { startResources, workersExpected } from './resources.ts'
import type { NodeSample } from './sample.ts'
import { SystemHealthService } from './service.ts'

/** Puts the checks of a node together and begins with them. */
export function startSystemHealth(parts: {
  config: Config
  dataDir: string
  database: OpenDatabase
  bus: Bus
  media: MediaNode
  nodeId: string
  /** Given a sample of this node once a round. */
  record: (sample: NodeSample) => void
  logger: Logger
  closers: Closers
}): SystemHealthService {
  const { config, dataDir, database, bus, media, nodeId, record, logger, closers } = parts
  const { pool, reconciler } = media
  const resources = startResources()
  closers.add(() => resources.stop())
  const service = new SystemHealthService({
    db: database.db,
    nodeId,
    record,
    checks: [
      databaseCheck(database.db, database.kind),
      ffmpegCheck(config.ffmpegPath, logger),
      mediasoupCheck(pool, workersExpected(config.mediasoupWorkers)),
      eventBusCheck(bus),
      diskCheck(() => readDisk(dataDir)),
      temporaryFolderCheck(join(dataDir, 'segments'), Date.now),
      systemResourcesCheck(() => resources.read()),
      ...externalTargets(config).map(externalCheck),
    ],
    intervalMs: config.healthCheckIntervalSeconds * 1000,
    deadlineMs: config.healthCheckTimeoutSeconds * 1000,
    cacheMs: config.healthCheckCacheSeconds * 1000,
    activeProcesses: () => reconciler.processes().length,
    activeConsumers: () => pool.viewerCount(),
    logger,
  })
  service.start()
  closers.add(() => service.stop())
  return service
}
