import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { underLock } from './lock.mjs'
import { npm } from './npm.mjs'
import { say } from './progress.mjs'

/** @typedef {{ packages?: Record<string, { version?: string, integrity?: string, dev?: boolean, optional?: boolean, devOptional?: boolean }> }} LockFile */
/** @typedef {'all' | 'production'} PackageSet */

/**
 * What the lock file asks for and the installed tree has not. Optional packages don't count: npm leaves out other platforms'.
 * @param {LockFile} wanted
 * @param {LockFile} installed
 * @param {PackageSet} set
 */
export function missingPackages(wanted, installed, set) {
  return Object.entries(wanted.packages ?? {})
    .filter(([path, entry]) => {
      if (path === '' || entry.optional || entry.devOptional || (set === 'production' && entry.dev)) return false
      const there = installed.packages?.[path]
      return there?.version !== entry.version || there?.integrity !== entry.integrity
    })
    .map(([path]) => path)
}

/**
 * Whether the stamp of an installation says that it has this set of this lock file.
 * @param {string} stamp
 * @param {string} lockHash
 * @param {PackageSet} set
 */
export function stampFits(stamp, lockHash, set) {
  const [hash, stampedSet] = stamp.trim().split(' ')
  return hash === lockHash && (stampedSet === 'all' || stampedSet === set)
}

/**
 * Installs the packages of package-lock.json where they are not there. Install scripts don't run: they
 * fetch from other places than the registry, and the one that is needed, mediasoup's, has a way out here that it lacks itself.
 * @param {{ project: string, cache: string, node: string, set: PackageSet }} options
 */
export async function ensurePackages({ project, cache, node, set }) {
  const modules = join(project, 'node_modules')
  const stampFile = join(modules, '.weir-set-up')
  const lockText = readFileSync(join(project, 'package-lock.json'), 'utf8')
  const lockHash = createHash('sha256').update(lockText).digest('hex')
  const isThere = () => existsSync(stampFile) && stampFits(readFileSync(stampFile, 'utf8'), lockHash, set)
  // A linked folder is somebody else's to install: npm ci would empty it under them.
  if (isThere() || (existsSync(modules) && lstatSync(modules).isSymbolicLink())) return

  await underLock(
    join(cache, `packages-${createHash('sha256').update(project).digest('hex').slice(0, 16)}.lock`),
    async () => {
      if (isThere()) return
      const hidden = join(modules, '.package-lock.json')
      const byHand =
        existsSync(hidden) &&
        missingPackages(JSON.parse(lockText), JSON.parse(readFileSync(hidden, 'utf8')), set).length === 0
      if (!byHand) {
        say(
          set === 'all'
            ? "The project's packages by npm ci …"
            : "The project's packages by npm ci, without those for development …",
        )
        await npm(['ci', '--ignore-scripts', set === 'all' ? '--include=dev' : '--omit=dev'], { node, cwd: project })
      }
      writeFileSync(stampFile, `${lockHash} ${set}\n`)
    },
  )
}
