import { findCommand, run } from './processes.mjs'
import { say } from './progress.mjs'
import { SetUpError } from './set-up-error.mjs'

/**
 * Something on the machine that the project needs.
 * @typedef {object} Need
 * @property {string} what the commands or libraries, as their users know them
 * @property {string} why
 * @property {readonly string[]} packages Debian's names
 */

/** @type {Promise<unknown> | null} */
let updated = null

/** How a command is run as root: nothing before it, `sudo`, or null where that can't be. */
async function asRoot() {
  if (process.getuid?.() === 0) return []
  if (findCommand(['sudo']) && (await run('sudo', ['-n', 'true'])).code === 0) return ['sudo', '-n']
  return null
}

const namesOf = (/** @type {readonly Need[]} */ needs) => needs.map((need) => need.what).join(', ')

/**
 * The text for someone who has to install by hand.
 * @param {readonly Need[]} needs
 * @param {{ apt: boolean, root: boolean }} machine `apt`: Debian's packages are what it has; `root`: no sudo is needed
 */
export function howToInstall(needs, { apt, root }) {
  const reasons = [...new Set(needs.map((need) => need.why))]
  const missing = reasons.map((why) => `  ${namesOf(needs.filter((need) => need.why === why))}: ${why}`).join('\n')
  const packages = [...new Set(needs.flatMap((need) => need.packages))].join(' ')
  const command = `${root ? '' : 'sudo '}apt-get install -y --no-install-recommends ${packages}`
  const way = apt
    ? `Install with:\n  ${root ? '' : 'sudo '}apt-get update && ${command}`
    : `Debian's packages that have them: ${packages}\nInstall your system's own.`
  return `Missing on this machine:\n${missing}\n${way}\nThen start again.`
}

/**
 * Installs what is missing by apt where that may be done, else throws with what to do.
 * @param {readonly Need[]} needs
 */
export async function install(needs) {
  if (needs.length === 0) return
  const apt = findCommand(['apt-get']) !== null
  const root = process.getuid?.() === 0
  const before = apt ? await asRoot() : null
  if (before === null) throw new SetUpError(howToInstall(needs, { apt, root }))
  const packages = [...new Set(needs.flatMap((need) => need.packages))]
  const aptGet = (/** @type {string[]} */ ...args) => {
    const command = [...before, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y', ...args]
    return run(command[0] ?? '', command.slice(1))
  }
  const patient = ['-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=600']
  say(`${namesOf(needs)} by apt-get install ${packages.join(' ')} …`)
  updated ??= aptGet(...patient, 'update')
  await updated
  const { code, tail } = await aptGet(...patient, 'install', '--no-install-recommends', ...packages)
  if (code !== 0) throw new SetUpError(`apt-get install failed:\n${tail}\n\n${howToInstall(needs, { apt, root })}`)
}
