/** What the command line asks of a part; null is the part's own default. */
export interface Run {
  minutes: number | null
  kills: number | null
  pauses: number | null
  streams: number | null
  /** Between two kills of one stream. */
  spacingSeconds: number
  warmUpSeconds: number
  noise: boolean
  /** Ctrl-C: every wait ends with it, and what was started is ended. */
  signal: AbortSignal
  /** One line of progress, with the time before it. */
  say(text: string): void
  pause(ms: number): Promise<void>
}

/** What came of it. Every bound that was broken is a sentence in `broken`. */
export interface Outcome {
  rows: { what: string; value: number | string; bound?: string }[]
  broken: string[]
  /** Every single figure, for the file of results. */
  details: Record<string, unknown>
}

export interface Part {
  name: string
  title: string
  run(run: Run): Promise<Outcome>
}
