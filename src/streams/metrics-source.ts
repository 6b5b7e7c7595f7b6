import { countByStreamAndState, countClosed, longestOpen } from '../consumers/reads.ts'
import { freshHealth } from '../health/fresh.ts'
import type { ComponentHealth } from '../health/system/model.ts'
import type { Database } from '../platform/database/database.ts'
import type { ErrorCounts } from '../platform/logs/error-counts.ts'
import type { MetricsSource, ProcessSample, StreamSample } from '../platform/metrics/source.ts'
import { openProducersWithAge } from '../producers/store.ts'
import { countBySource } from '../reservations/counts.ts'
import type { RefusalCounts } from '../reservations/refusals.ts'
import { processStatus } from './process-status.ts'
import { streamsWithAge } from './store.ts'
import type { LiveFigures, StreamFigures } from './types.ts'

export interface MetricsSourceDeps {
  db: Database
  nodeId: string
  figures: LiveFigures
  processes: () => ProcessSample[]
  components: () => ComponentHealth[]
  refusals: Pick<RefusalCounts, 'read'>
  errors: Pick<ErrorCounts, 'read' | 'keep'>
  /** A track without packets for so long has frozen. */
  freezeMs: number
  /** The most sessions that have series of their own. */
  maxConsumerSeries: number
  now: () => number
}

/** What a scrape reads: the rows of streams, producers and sessions, and what this node measures of its processes and of itself. */
export function createMetricsSource(deps: MetricsSourceDeps): MetricsSource {
  const { db, nodeId, figures, errors } = deps
  return {
    async streams() {
      const rows = await streamsWithAge(db)
      const there = new Set(rows.map(({ id }) => id))
      errors.keep((id) => there.has(id))
      const measured = await figures.read([...there])
      return rows.map(({ secondsInState, mediaNodeId, hasAudio, hasExited, desiredState, restarts, ...row }) => {
        const here = measured.get(row.id) ?? null
        const audioAvailable = hasAudio && here ? isAudioFlowing(here, deps.now(), deps.freezeMs) : null
        const status = processStatus(here?.process != null, desiredState, hasExited)
        const isOthers = mediaNodeId !== null && mediaNodeId !== nodeId
        const health = !isOthers && here ? freshHealth(here.health, here.healthAt, deps.now()) : null
        return {
          ...row,
          health: health && { status: health.status, issues: health.issues.map(({ type }) => type) },
          uptimeSeconds: row.state === 'LIVE' ? secondsInState : null,
          process: isOthers ? null : { status, restarts, audioAvailable },
        } satisfies StreamSample
      })
    },
    producers: () => openProducersWithAge(db),
    async consumers() {
      const [counts, closed, longest] = await Promise.all([
        countByStreamAndState(db),
        countClosed(db),
        longestOpen(db, deps.maxConsumerSeries),
      ])
      return [{ counts, closed, longest }]
    },
    reservations: () => countBySource(db),
    refusals: async () => deps.refusals.read(),
    processes: async () => deps.processes(),
    components: async () =>
      deps.components().map(({ component, name, status, responseTimeMs }) => ({
        component,
        name,
        status,
        checkSeconds: responseTimeMs === null ? null : responseTimeMs / 1000,
      })),
    errors: async () => errors.read(),
  }
}

/** Whether FFmpeg has had an audio packet lately; without a running FFmpeg there is none. */
export function isAudioFlowing({ process }: StreamFigures, now: number, freezeMs: number): boolean {
  const track = process?.tracks.find(({ kind }) => kind === 'AUDIO')
  return track?.lastProgressAt != null && now - track.lastProgressAt < freezeMs
}
