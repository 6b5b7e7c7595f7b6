const maxEntries = 2000

/** What the farm itself did wrong or saw, so that the server is not blamed for it, nor excused without reason. */
export class FarmLog {
  readonly entries: { at: number; source: string; what: string }[] = []

  add(source: string, what: string): void {
    this.entries.push({ at: Date.now(), source, what })
    if (this.entries.length > maxEntries) this.entries.shift()
  }

  /** What was noted in the `beforeMs` before a moment. */
  around(at: number, beforeMs = 15_000): { at: number; source: string; what: string }[] {
    return this.entries.filter((entry) => entry.at >= at - beforeMs && entry.at <= at + 2000)
  }
}
