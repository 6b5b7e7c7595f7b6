import type { Logger } from './logs/logger.ts'

/**
 * Does `work` at once and then `everyMs` after it has ended, so never twice at a time. A failure is logged when it begins (`failure` says what is not
 * done), and tried on. Returns the way to end, which waits for what is under way.
 */
export function startRepeating(parts: {
  everyMs: number
  work: () => Promise<void>
  failure: string
  logger: Logger
}): () => Promise<void> {
  const { everyMs, work, failure, logger } = parts
  let timer: ReturnType<typeof setTimeout> | null = null
  let running: Promise<void> = Promise.resolve()
  let stopped = false
  let failing = false

  async function once(): Promise<void> {
    try {
      await work()
      failing = false
    } catch (error) {
      if (!failing) logger.warn({ error }, `${failure}; trying on`)
      failing = true
    }
  }

  function run(): void {
    timer = null
    running = once().then(() => {
      if (!stopped) timer = setTimeout(run, everyMs)
    })
  }

  run()
  return async () => {
    stopped = true
    if (timer) clearTimeout(timer)
    await running
  }
}
