import { type Logger as PinoLogger, pino } from 'pino'
import { prettyFactory } from 'pino-pretty'
import type { Config } from '../../config.ts'
import { cleanText, toLogData } from './log-data.ts'
import type { Logger } from './logger.ts'

export interface LogOptions {
  level: Config['logLevel']
  /** JSON lines, or text for people. */
  format: 'json' | 'pretty'
  /** Colours in the pretty format. */
  colour?: boolean
  /** Takes each whole line; standard output where absent. */
  write?: (line: string) => void
}

/** LOG_FORMAT's `auto` made plain. */
export function logFormat(setting: Config['logFormat'], isTerminal: boolean): LogOptions['format'] {
  return setting === 'auto' ? (isTerminal ? 'pretty' : 'json') : setting
}

/**
 * A logger on pino. A line has `timestamp`, `level` (a word), `logger` (the innermost binding of that name), `message`,
 * `process_id`, `service`, where the context gives them `module`, `status_code` and `request_id`, and everything else
 * under `extra`. Every text passes redaction. Lines are written synchronously: the last one before a crash is there too.
 */
export function createLogger(options: LogOptions): Logger {
  const out = options.write ?? standardOutput()
  const prettify = options.format === 'pretty' ? prettifier(options.colour ?? false) : null
  const root = pino(
    {
      level: options.level,
      messageKey: 'message',
      base: { process_id: process.pid, service: 'weir' },
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => out(prettify ? prettify(line) : line) },
  )
  return adapt(root, { logger: 'weir' }, prettify ? flatLine : line)
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

function adapt(root: PinoLogger, bindings: object, shape: (data: Record<string, unknown>) => object): Logger {
  const write = (level: (typeof levels)[number]) => (context: object, message: string) => {
    if (!root.isLevelEnabled(level)) return
    const data = toLogData({ ...bindings, ...(context instanceof Error ? { error: context } : context) })
    root[level](shape(data as Record<string, unknown>), cleanText(message))
  }
  return {
    ...(Object.fromEntries(levels.map((level) => [level, write(level)])) as Omit<Logger, 'child'>),
    child: (more) => adapt(root, { ...bindings, ...more }, shape),
  }
}

/** A context's well-known parts where the contract has them and the rest under `extra`. */
function line({ logger, module, status_code, request_id, ...extra }: Record<string, unknown>): object {
  return { logger, module, status_code, request_id, extra: Object.keys(extra).length > 0 ? extra : undefined }
}

/** The same for people: one level, and never a key that pino itself writes. */
function flatLine(data: Record<string, unknown>): object {
  const { level: _, timestamp: __, message: ___, ...rest } = data
  return rest
}

function standardOutput(): (line: string) => void {
  const destination = pino.destination({ dest: 1, sync: true })
  return (line) => destination.write(line)
}

function prettifier(colour: boolean): (line: string) => string {
  const prettify = prettyFactory({
    colorize: colour,
    timestampKey: 'timestamp',
    messageKey: 'message',
    messageFormat: '{logger}: {message}',
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'process_id,service,logger',
    singleLine: true,
    errorLikeObjectKeys: ['err', 'error', 'cause'],
  })
  return (line) => prettify(line) ?? line
}
