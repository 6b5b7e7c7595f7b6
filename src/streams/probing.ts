import type { Logger } from '../platform/logs/logger.ts'
import { SourceFailure } from './causes.ts'
import type { SourceTrack } from './model.ts'

/** Where the database does not take what was learnt, it is offered again after so long: no reason to ask the source again. */
const retryMs = 1000

/** Told as it happens, each once a probe; nothing is told of a probe that was called off. */
export interface ProbeEvents {
  failed(failure: SourceFailure): void
  /** It is over, whatever came of it. */
  ended(): void
}

/** Learns what a source carries, beside the runner's loop and one at a time. */
export class Probing {
  private readonly logger: Logger
  private readonly events: ProbeEvents
  private running: AbortController | null = null

  constructor(logger: Logger, events: ProbeEvents) {
    this.logger = logger
    this.events = events
  }

  get isRunning(): boolean {
    return this.running !== null
  }

  /** `learn` asks the source, `keep` is given what it carries: one track at least. */
  start(learn: (signal: AbortSignal) => Promise<SourceTrack[]>, keep: (tracks: SourceTrack[]) => Promise<void>): void {
    const controller = new AbortController()
    const { signal } = controller
    this.running = controller
    const work = async () => {
      const tracks = await learn(signal)
      if (signal.aborted) return
      if (tracks.length === 0) throw new SourceFailure('NO_MEDIA')
      while (!signal.aborted && !(await this.kept(tracks, keep))) {
        await new Promise((resolve) => setTimeout(resolve, retryMs))
      }
    }
    work()
      .catch((error: unknown) => {
        if (signal.aborted) return
        if (error instanceof SourceFailure) return this.events.failed(error)
        this.logger.error({ error }, 'probing failed')
        this.events.failed(new SourceFailure('UNKNOWN', 'What the source carries could not be found out.'))
      })
      .finally(() => {
        if (this.running === controller) this.running = null
        this.events.ended()
      })
  }

  private async kept(tracks: SourceTrack[], keep: (tracks: SourceTrack[]) => Promise<void>): Promise<boolean> {
    try {
      await keep(tracks)
      return true
    } catch (error) {
      this.logger.error({ error }, 'the database did not take what was learnt of the source; trying again')
      return false
    }
  }

  abort(): void {
    this.running?.abort()
    this.running = null
  }
}
