import type { Logger } from './platform/logs/logger.ts'

type Close = () => Promise<unknown> | unknown

/** What was started, and how each part ends: in the reverse order, every part, also where one fails. */
export class Closers {
  private readonly closes: Close[] = []
  private readonly logger: Logger
  private closing: Promise<void> | null = null

  constructor(logger: Logger) {
    this.logger = logger
  }

  add(close: Close): void {
    this.closes.push(close)
  }

  /** Idempotent; never rejects. */
  closeAll(): Promise<void> {
    this.closing ??= this.run()
    return this.closing
  }

  private async run(): Promise<void> {
    for (const close of this.closes.toReversed()) {
      try {
        await close()
      } catch (error) {
        this.logger.error({ error }, 'a part did not end well')
      }
    }
  }
}
