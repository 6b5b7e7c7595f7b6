import type { EventFilter } from './model.ts'
import type { EventRow } from './store.ts'

/** Whether an event passes: what readEvents asks of the database, asked of an event that is at hand. */
export function passes(event: EventRow, filter: EventFilter): boolean {
  return (
    (filter.projectId === undefined || event.projectId === filter.projectId) &&
    (filter.types === undefined || (filter.types as readonly string[]).includes(event.type)) &&
    !(filter.except as readonly string[] | undefined)?.includes(event.type) &&
    (filter.subjectId === undefined || event.subjectId === filter.subjectId) &&
    (filter.from === undefined || event.at >= filter.from) &&
    (filter.to === undefined || event.at < filter.to)
  )
}
