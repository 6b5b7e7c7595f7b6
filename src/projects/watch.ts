import type { Bus } from '../platform/bus/bus.ts'
import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import { startRepeating } from '../platform/repeat.ts'
import { LiveCallers } from './live-callers.ts'
import * as store from './store.ts'

/** The truth: what a lost message missed is found by this look. */
const lookEveryMs = 2000
/** How far a look reaches back behind the last one: what was revoked in a transaction that took so long is still found. */
const overlapMs = 60_000

/** What this node knows of projects and keys without asking, at most 2 s old; while the database is away, as it was. */
export interface ProjectWatch {
  live: LiveCallers
  /** Whether there is such a project. */
  has(projectId: string): boolean
  /** Whether it says that it is public. */
  isPublic(projectId: string): boolean
  stop(): Promise<void>
}

/** Resolves when it has looked once. `forget` is called when a key was revoked: nobody may remember it. */
export async function startProjectWatch(parts: {
  db: Database
  bus: Bus
  forget: () => void
  /** ms since the epoch. */
  now: () => number
  logger: Logger
}): Promise<ProjectWatch> {
  const { db, bus, forget, now, logger } = parts
  const live = new LiveCallers(now)
  let known = new Map<string, boolean>()
  let told = new Set<string>()
  /** By the database's clock. */
  let lookedAt: Date | null = null

  async function look(): Promise<void> {
    const { at, projects, revoked } = await store.readStanding(db, lookedAt && new Date(lookedAt.getTime() - overlapMs))
    const before = known
    known = new Map(projects.map(({ id, publicHealth }) => [id, publicHealth]))
    for (const [id, wasPublic] of before) if (wasPublic && !known.get(id)) live.noLongerPublic(id)
    const news = revoked.filter((id) => !told.has(id))
    told = new Set(revoked)
    lookedAt = at
    if (news.length > 0) forget()
    for (const id of news) live.revoked(id)
  }

  // One look at a time; a message while one is under way asks for another.
  let running: Promise<void> | null = null
  let again = false
  function lookNow(): Promise<void> {
    if (running) again = true
    running ??= look().finally(() => {
      running = null
      if (!again) return
      again = false
      lookNow().catch(() => {})
    })
    return running
  }

  await look()
  const unsubscribe = bus.subscribe('keys', () => {
    forget()
    // A failure is told by the look that repeats.
    lookNow().catch(() => {})
  })
  const stopLooking = startRepeating({
    everyMs: lookEveryMs,
    work: lookNow,
    failure: 'what was revoked can not be looked at',
    logger,
  })
  return {
    live,
    has: (projectId) => known.has(projectId),
    isPublic: (projectId) => known.get(projectId) === true,
    async stop() {
      unsubscribe()
      await stopLooking()
      await running?.catch(() => {})
      live.stop()
    },
  }
}
