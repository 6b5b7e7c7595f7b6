import { existsSync, realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { findCommand, run } from './processes.mjs'
import { SetUpError } from './set-up-error.mjs'

const saidLines = 16

/** npm's own program file: the one that runs us, else the one on the PATH. Null where npm is a program of another kind. */
function npmProgram() {
  const running = process.env.npm_execpath
  if (running && basename(running) === 'npm-cli.js' && existsSync(running)) return running
  const found = findCommand(['npm'])
  if (!found) return null
  const program = realpathSync(found)
  return program.endsWith('.js') ? program : null
}

/**
 * Runs npm with `args` under the Node.js at `node`, or as it is found where `node` is the running one.
 * @param {readonly string[]} args
 * @param {{ node?: string, cwd?: string }} options
 */
export async function npm(args, { node = process.execPath, cwd } = {}) {
  const program = npmProgram()
  if (!program && !findCommand(['npm']))
    throw new SetUpError('npm is missing: install Node.js with npm, then start again.')
  const env = { ...process.env }
  if (program && node !== process.execPath && !env.npm_config_globalconfig) {
    // npm looks for its global settings (certificates, registry) beside the Node.js that runs it: keep the machine's own.
    const { output } = await run(process.execPath, [program, 'config', 'get', 'globalconfig'])
    env.npm_config_globalconfig = output.trim()
  }
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']
  // npm says what is wrong first, and its whole usage after that.
  /** @type {string[]} */
  const said = []
  const onLine = (/** @type {string} */ line) => void (said.length < saidLines && said.push(line))
  const [command, first] = program ? [node, [program]] : ['npm', []]
  const { code } = await run(command, [...first, ...args, ...quiet], { env, cwd, onLine })
  if (code !== 0) {
    throw new SetUpError(
      `npm ${args.join(' ')} failed:\n${said.join('\n')}\nCheck that the npm registry can be reached, then start again.`,
    )
  }
}
