import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { underLock } from './lock.mjs'
import { isExecutable } from './processes.mjs'
import { SetUpError } from './set-up-error.mjs'
import { buildWorker } from './worker-build.mjs'
import { downloadWorker } from './worker-download.mjs'

/** What the worker exits with when it runs on this machine but is not told mediasoup's version. */
const usageExitCode = 41

/** Whether this file is a mediasoup worker that runs here: its libraries are there and are of the right kind. */
export function workerRuns(/** @type {string} */ path) {
  return isExecutable(path) && spawnSync(path, { env: {}, stdio: 'ignore', timeout: 10_000 }).status === usageExitCode
}

/**
 * Where the worker is to be had from.
 * @typedef {object} WorkerPlace
 * @property {string | null} path null where mediasoup finds its own
 * @property {boolean} there false where it has to be built, to `path`
 */

/**
 * The mediasoup worker to use: MEDIASOUP_WORKER_BIN; the one that mediasoup's own install script left; the one in the
 * cache, downloaded where it is not there and can be.
 * @param {{ project: string, cache: string, given?: string | undefined }} options
 * @returns {Promise<WorkerPlace>}
 */
export async function findWorker({ project, cache, given }) {
  if (given) {
    if (workerRuns(given)) return { path: given, there: true }
    throw new SetUpError(
      `MEDIASOUP_WORKER_BIN is ${given}, which is no mediasoup worker that runs on this machine. Correct it or leave it out.`,
    )
  }
  const mediasoup = join(project, 'node_modules', 'mediasoup')
  if (workerRuns(join(mediasoup, 'worker', 'out', 'Release', 'mediasoup-worker'))) return { path: null, there: true }

  const { version } = JSON.parse(readFileSync(join(mediasoup, 'package.json'), 'utf8'))
  const path = join(cache, `mediasoup-worker-${version}`, 'mediasoup-worker')
  const there =
    workerRuns(path) || (await onlyOne(path, () => downloadWorker({ version, worker: path, runs: workerRuns })))
  return { path, there }
}

/**
 * Builds the worker to `path`; what the build needs has to be there.
 * @param {{ project: string, path: string }} options
 */
export async function makeWorker({ project, path }) {
  await onlyOne(path, () => buildWorker({ project, worker: path, runs: workerRuns }))
}

/** Half-made files of a set-up that was killed. */
function removeLeftovers(/** @type {string} */ folder) {
  for (const name of readdirSync(folder)) {
    if (/^(build|download)-/.test(name)) rmSync(join(folder, name), { recursive: true, force: true })
  }
}

/**
 * Does the work while no other set-up works on the same file, unless another has done it meanwhile.
 * @param {string} path
 * @param {() => Promise<boolean>} work
 */
function onlyOne(path, work) {
  mkdirSync(dirname(path), { recursive: true })
  return underLock(`${dirname(path)}.lock`, async () => {
    if (workerRuns(path)) return true
    removeLeftovers(dirname(path))
    return work()
  })
}
