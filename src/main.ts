import { startNode } from './app.ts'
import { formatHelp } from './config/help.ts'
import { ConfigError, readConfig } from './config.ts'
import { ListenError } from './http/listen-error.ts'
import { WorkerStartError } from './media/mediasoup/worker-process.ts'
import { DatabaseOpenError } from './platform/database/open-error.ts'
import { EnvFileError, withEnvFile } from './platform/env-file.ts'
import { createLogger, logFormat } from './platform/logs/pino.ts'
import { SecretKeyError } from './secrets/open.ts'
import { version } from './version.ts'

/** SIGTERM has to be done within 10 s; what hangs then is left to the kernel, which ends FFmpeg and the workers with us. */
const stopDeadlineMs = 9_000

/** Errors that say by themselves what to do: no stack. */
const explained = [ConfigError, EnvFileError, DatabaseOpenError, SecretKeyError, ListenError, WorkerStartError]

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

async function main(args: string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) return say(formatHelp())
  if (args.includes('--version') || args.includes('-v')) return say(version)
  const unknown = args.find((arg) => arg !== '--')
  if (unknown !== undefined) throw new UsageError(`There is no option ${unknown}; --help lists what there is.`)

  const config = readConfig(withEnvFile(process.env))
  const isTerminal = process.stdout.isTTY === true
  const logger = createLogger({
    level: config.logLevel,
    format: logFormat(config.logFormat, isTerminal),
    colour: isTerminal,
  })
  const startedAt = performance.now()
  const node = await startNode(config, logger, (what) => logger.info({}, what))
  logger.info({ version, url: node.url, tookMs: Math.round(performance.now() - startedAt) }, 'Weir is running')
  if (node.madeKey !== null) say(firstKeyNotice(node.url, node.madeKey))

  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return
    stopping = true
    logger.info({ signal }, 'stopping')
    setTimeout(() => {
      logger.error({}, 'not everything ended in time')
      process.exit(1)
    }, stopDeadlineMs).unref()
    void node.stop().then(() => {
      logger.info({}, 'stopped')
      process.exit(0)
    })
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

class UsageError extends Error {}

function firstKeyNotice(url: string, key: string): string {
  return [
    '',
    `  The page      ${url}/#key=${key}`,
    `  The API       ${url}/graphql`,
    `  First key     ${key}`,
    '',
    '  The API takes it as "Authorization: Bearer <key>". It is shown this once and kept only as a hash.',
    '',
  ].join('\n')
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const isExplained = error instanceof UsageError || explained.some((kind) => error instanceof kind)
  process.stderr.write(`${isExplained ? (error as Error).message : (error as Error).stack}\n`)
  process.exit(1)
}
