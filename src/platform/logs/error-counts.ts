import type { Logger } from './logger.ts'

export const errorSeverities = ['warning', 'error', 'critical'] as const
export type ErrorSeverity = (typeof errorSeverities)[number]

/** How many lines of a severity were logged about a stream since this process started; stream null: about none. */
export interface ErrorCount {
  severity: ErrorSeverity
  streamId: string | null
  count: number
}

/** Streams that are counted one by one; lines about more are counted as about none. */
const maxStreams = 10_000

/** Counts what is logged as a warning or worse, whatever the level that is written. */
export interface ErrorCounts {
  /** A logger that writes as `logger` does and counts. */
  count(logger: Logger): Logger
  /** Of no stream each severity stands, also at 0. */
  read(): ErrorCount[]
  /** Forgets streams that are not there any more. */
  keep(isThere: (streamId: string) => boolean): void
}

export function createErrorCounts(): ErrorCounts {
  const none = emptyCounts()
  const byStream = new Map<string, Record<ErrorSeverity, number>>()

  function add(severity: ErrorSeverity, streamId: string | null): void {
    if (streamId !== null && !byStream.has(streamId) && byStream.size < maxStreams) {
      byStream.set(streamId, emptyCounts())
    }
    const counts = (streamId !== null && byStream.get(streamId)) || none
    counts[severity] += 1
  }

  function counting(logger: Logger, bound: string | null): Logger {
    const of = (context: object) => streamIdIn(context) ?? bound
    return {
      trace: (context, message) => logger.trace(context, message),
      debug: (context, message) => logger.debug(context, message),
      info: (context, message) => logger.info(context, message),
      warn(context, message) {
        add('warning', of(context))
        logger.warn(context, message)
      },
      error(context, message) {
        add('error', of(context))
        logger.error(context, message)
      },
      fatal(context, message) {
        add('critical', of(context))
        logger.fatal(context, message)
      },
      child: (bindings) => counting(logger.child(bindings), of(bindings)),
    }
  }

  return {
    count: (logger) => counting(logger, null),
    read() {
      const all: [string | null, Record<ErrorSeverity, number>][] = [[null, none], ...byStream]
      return all.flatMap(([streamId, counts]) =>
        errorSeverities.map((severity) => ({ severity, streamId, count: counts[severity] })),
      )
    },
    keep(isThere) {
      for (const streamId of byStream.keys()) if (!isThere(streamId)) byStream.delete(streamId)
    },
  }
}

function emptyCounts(): Record<ErrorSeverity, number> {
  return { warning: 0, error: 0, critical: 0 }
}

function streamIdIn(context: object): string | null {
  return 'streamId' in context && typeof context.streamId === 'string' ? context.streamId : null
}
