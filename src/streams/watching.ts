import { type HealthView, type HealthWatch, healthDiffers, unknownHealth } from '../health/model.ts'
import { tracksDiffer } from '../media/ffmpeg/tracks.ts'
import type { SourceTrack } from './model.ts'
import type { StreamFigures, StreamRow } from './types.ts'

/** What one second shows of a stream. */
export interface SeenFigures extends Omit<StreamFigures, 'health' | 'healthAt'> {
  /** ms since the epoch; null: it changes, or is not watched. */
  pictureStillSince: number | null
}

/** What is made of the figures of one stream, second by second: its health, and whether the source is still what was learnt of it. */
export class Watching {
  health: HealthView = unknownHealth
  /** When it was judged, ms since the epoch; null: not yet. */
  healthAt: number | null = null
  private readonly watch: HealthWatch
  private findingAnswered: string | null = null

  constructor(watch: HealthWatch) {
    this.watch = watch
  }

  /** Judges the health now (ms since the epoch); true where there is something new to tell. */
  judge(row: StreamRow, figures: SeenFigures, restarts: number, at: number): boolean {
    const { process, producers, viewers, pictureStillSince } = figures
    const { id: streamId, projectId, state, stateCause: cause, sourceTracks: tracks, recoveryPolicy } = row
    const seen = { streamId, projectId, at, state, cause, tracks, process, producers, viewers, pictureStillSince }
    const before = this.health
    this.health = this.watch.observe({ ...seen, sourceKind: row.source.kind, restarts }, recoveryPolicy)
    this.healthAt = at
    return healthDiffers(before, this.health)
  }

  /** A camera may have been set up anew since its tracks were learnt: true once for each new finding. */
  findsOtherTracks(learnt: SourceTrack[] | null, reported: SourceTrack[] | null): boolean {
    if (!reported || !learnt || !tracksDiffer(learnt, reported)) return false
    const finding = JSON.stringify(reported)
    if (finding === this.findingAnswered) return false
    this.findingAnswered = finding
    return true
  }
}
