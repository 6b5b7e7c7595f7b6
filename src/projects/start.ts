import type { Closers } from '../closers.ts'
import type { Config } from '../config.ts'
import type { Bus } from '../platform/bus/bus.ts'
import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { createJwks } from './jwks.ts'
import { createJwtReader } from './jwt.ts'
import { isJwt } from './jwt-claims.ts'
import { createProjectService, type ProjectService } from './service.ts'
import type { ProjectRow } from './store.ts'
import { type ProjectWatch, startProjectWatch } from './watch.ts'

/** Projects and who may ask for them. */
export interface RunningProjects {
  service: ProjectService
  /** The oldest project, the operator's. */
  first: ProjectRow
  /** Where it was made just now: the only time that it can be shown. */
  madeKey: string | null
  standing: ProjectWatch
  /** Of a key, or of a JWT of the operator's issuer. */
  authenticate: ProjectService['authenticate']
}

/** Makes the first project and its key where there are none, and watches what is made and revoked elsewhere. */
export async function startProjects(parts: {
  config: Config
  db: Database
  bus: Bus
  eventsAppended: () => void
  logger: Logger
  closers: Closers
}): Promise<RunningProjects> {
  const { config, db, bus, eventsAppended, logger, closers } = parts
  const changed = (id: string) => bus.publish('keys', id)
  const service = createProjectService({ db, logger, changed, eventsAppended })
  const first = await service.ensureDefaultProject()
  const madeKey = await service.ensureFirstAdminKey(first.id, config.adminKey)
  const standing = await startProjectWatch({ db, bus, forget: service.forget, now: Date.now, logger })
  closers.add(() => standing.stop())
  const { jwtJwksUrl, jwtIssuer: issuer, jwtAudience: audience } = config
  if (jwtJwksUrl === null) return { service, first, madeKey, standing, authenticate: service.authenticate }
  const keys = createJwks({ url: jwtJwksUrl, fetch, monotonic: () => performance.now(), logger })
  const readJwt = createJwtReader({ keys, issuer, audience, hasProject: standing.has, now: Date.now })
  const authenticate = (key: string) => (isJwt(key) ? readJwt(key) : service.authenticate(key))
  return { service, first, madeKey, standing, authenticate }
}
