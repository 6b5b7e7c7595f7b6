import { RecentMap } from '../platform/recent-map.ts'

/** A change of the quotas counts after so long at the latest. */
const keptMs = 5000
const maxProjects = 10_000

/**
 * Points a minute of a project: its own quota, else the usual. Where that can't be read, what was known, or the usual. A read is never waited for where something
 * is known.
 */
export function createProjectLimits(deps: {
  /** null: it has no quota of its own. */
  read: (projectId: string) => Promise<number | null>
  usual: number
  /** ms, only ever forward. */
  now: () => number
}): (projectId: string) => Promise<number> | number {
  const { read, usual, now } = deps
  const known = new RecentMap<string, { limit: number; until: number }>(maxProjects)
  const reading = new Map<string, Promise<number>>()

  function look(projectId: string, before: number): Promise<number> {
    const found = read(projectId)
      .then(
        (own) => own ?? usual,
        () => before,
      )
      .then((limit) => {
        known.set(projectId, { limit, until: now() + keptMs })
        reading.delete(projectId)
        return limit
      })
    reading.set(projectId, found)
    return found
  }

  return (projectId) => {
    const entry = known.get(projectId)
    if (entry && entry.until > now()) return entry.limit
    const pending = reading.get(projectId) ?? look(projectId, entry?.limit ?? usual)
    return entry ? entry.limit : pending
  }
}
