import { initName, segmentName } from './names.ts'
import { livePlaylist, type PlaylistSegment } from './playlist.ts'

/** One segment of the live window. `runPath` is `<token>/<run>`, unique within the stream. */
export interface LiveSegment extends PlaylistSegment {
  runPath: string
  number: number
  sizeBytes: number
  /** When it was seen to be complete, in ms since the epoch. */
  seenAtMs: number
}

export type NewSegment = Pick<
  LiveSegment,
  'runPath' | 'number' | 'durationSeconds' | 'startsAtMs' | 'sizeBytes' | 'seenAtMs'
>

/** Seconds since 2024: below 2^31 until 2092. */
const sequenceEpochMs = Date.UTC(2024, 0, 1)

/** Where nothing new came for so long (and for three target durations), what there is isn't live any more. */
const staleMs = 30_000

/**
 * A stream's live window over all its runs: what is listed, under which numbers. No I/O.
 *
 * Numbers begin at the seconds of the clock when the window is made and then count segments; those last longer than a
 * second on average, so a window made later (after a restart, on another node) begins above all that an earlier one
 * gave, and nothing has to be stored for that.
 */
export class LiveWindow {
  private readonly maxSegments: number
  private listed: LiveSegment[] = []
  private nextSequence: number
  private discontinuitySequence: number
  private lastRunPath: string | null = null
  private broken = false
  private targetDurationSeconds: number
  private text: string | null = null

  constructor(options: { nowMs: number; maxSegments: number; segmentSeconds: number }) {
    this.maxSegments = options.maxSegments
    this.nextSequence = Math.floor((options.nowMs - sequenceEpochMs) / 1000)
    this.discontinuitySequence = this.nextSequence
    this.targetDurationSeconds = Math.ceil(options.segmentSeconds)
  }

  /** Adds the newest segment and returns what fell out of the window. */
  add(segment: NewSegment): LiveSegment[] {
    const follows = !this.broken && (this.lastRunPath === null || this.lastRunPath === segment.runPath)
    if (!follows) this.discontinuitySequence++
    this.broken = false
    this.lastRunPath = segment.runPath
    this.listed.push({
      ...segment,
      sequence: this.nextSequence++,
      discontinuitySequence: this.discontinuitySequence,
      uri: `${segment.runPath}/${segmentName(segment.number)}`,
      initUri: `${segment.runPath}/${initName}`,
    })
    // It may only grow: players plan their reloads by it.
    this.targetDurationSeconds = Math.max(this.targetDurationSeconds, Math.round(segment.durationSeconds))
    this.text = null
    return this.listed.splice(0, Math.max(0, this.listed.length - this.maxSegments))
  }

  /** A segment of the current run is missing: what comes next doesn't follow what was there. */
  breakHere(): void {
    this.broken = true
  }

  segments(): readonly LiveSegment[] {
    return this.listed
  }

  /** For how long a segment must outlive its place in the window: a player may hold a playlist of that age. */
  graceMs(): number {
    return this.targetDurationSeconds * this.maxSegments * 1000
  }

  isLive(nowMs: number): boolean {
    const newest = this.listed.at(-1)
    return newest !== undefined && nowMs - newest.seenAtMs <= Math.max(staleMs, 3000 * this.targetDurationSeconds)
  }

  /** The playlist, or null where there is nothing that could be called live. */
  playlist(nowMs: number): string | null {
    if (!this.isLive(nowMs)) return null
    this.text ??= livePlaylist(this.listed, this.targetDurationSeconds)
    return this.text
  }
}
