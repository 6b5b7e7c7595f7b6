import type { Logger } from '../platform/logs/logger.ts'
import { SourceFailure } from './causes.ts'
import type { SourceTrack } from './model.ts'

/** Where the database does not take what was learnt, it is offered again after so long: no reason to ask the source again. */
const retryMs = 1000

export interface Probe {
  /** Asks the source. Rejects with SourceFailure. */
  learn(signal: AbortSignal): Promise<SourceTrack[]>
  /** Is given what the source carries, one track at least; again and again until it does not throw. */
  keep(tracks: SourceTrack[]): Promise<void>
  failed(failure: SourceFailure): void
}

/** Learns what a source carries, beside the runner's loop and one at a time. */
export class Probing {
  private readonly logger: Logger
  private readonly ended: () => void
  private running: AbortController | null = null

  /** `ended` is called after each, whatever came of it. */
  constructor(logger: Logger, ended: () => void) {
    this.logger = logger
    this.ended = ended
  }

  get isRunning(): boolean {
    return this.running !== null
  }

  /** Nothing is told to a probe that has been called off. */
  start({ learn, keep, failed }: Probe): void {
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
        if (error instanceof SourceFailure) return failed(error)
        this.logger.error({ error }, 'probing failed')
        failed(new SourceFailure('UNKNOWN', 'What the source carries could not be found out.'))
      })
      .finally(() => {
        if (this.running === controller) this.running = null
        this.ended()
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
