import type { Database } from '../platform/database/database.ts'
import type { MetricsSource, ProcessSample } from '../platform/metrics/source.ts'
import { openProducersWithAge } from '../producers/store.ts'
import { streamsWithAge } from './store.ts'

/** What a scrape reads: the rows of streams and producers, and what this node measures of its processes. */
export function createMetricsSource(db: Database, processes: () => ProcessSample[]): MetricsSource {
  return {
    async streams() {
      const rows = await streamsWithAge(db)
      return rows.map(({ secondsInState, ...row }) => ({
        ...row,
        uptimeSeconds: row.state === 'LIVE' ? secondsInState : null,
      }))
    },
    producers: () => openProducersWithAge(db),
    processes: async () => processes(),
  }
}
