/** Deviations up to this are jitter of arrival. */
const toleranceMs = 200
/** So many segments in a row must agree before the clock of a run is set anew. */
const agreeing = 3

/**
 * Where a run's media time stands on the wall clock: media time 0 is the arrival of the run's first packet. A source
 * whose clock drifts, or that began with a burst, is set right once three segments in a row deviate the same way.
 */
export class RunAnchor {
  private anchorMs: number | null = null
  private mediaSeconds = 0
  private deviationsMs: number[] = []

  /** The first packet's arrival, known after the run was opened; nothing changes where an anchor is already set. */
  set(firstPacketAtMs: number): void {
    this.anchorMs ??= firstPacketAtMs
  }

  /** Segments of unknown length are missing: the next one's own arrival is the new anchor. */
  lose(): void {
    this.anchorMs = null
    this.deviationsMs = []
  }

  /**
   * Passes over the next segment, which was seen to be complete at `completedAtMs`. Answers with its start and, where
   * the anchor was corrected, by how much.
   */
  next(durationSeconds: number, completedAtMs: number): { startsAtMs: number; correctedMs: number | null } {
    const endSeconds = this.mediaSeconds + durationSeconds
    this.anchorMs ??= completedAtMs - endSeconds * 1000
    const correctedMs = this.correction(completedAtMs - (this.anchorMs + endSeconds * 1000))
    if (correctedMs !== null) this.anchorMs += correctedMs
    const startsAtMs = this.anchorMs + this.mediaSeconds * 1000
    this.mediaSeconds = endSeconds
    return { startsAtMs, correctedMs }
  }

  private correction(deviationMs: number): number | null {
    this.deviationsMs = [...this.deviationsMs.slice(1 - agreeing), deviationMs]
    if (this.deviationsMs.length < agreeing) return null
    const sameWay = this.deviationsMs.every((d) => Math.sign(d) === Math.sign(deviationMs))
    const smallest = this.deviationsMs.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a))
    if (!sameWay || Math.abs(smallest) <= toleranceMs) return null
    this.deviationsMs = []
    return smallest
  }
}
