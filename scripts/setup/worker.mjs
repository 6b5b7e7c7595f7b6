import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
 * The mediasoup worker to use: MEDIASOUP_WORKER_BIN; the one that mediasoup's own install script left; the one in the
 * cache, which is downloaded, and built where that can't be, when it is not there.
 * @param {{ project: string, cache: string, given?: string | undefined }} options
 * @returns {Promise<string | null>} null where mediasoup finds its own
 */
export async function ensureWorker({ project, cache, given }) {
  if (given) {
    if (workerRuns(given)) return given
    throw new SetUpError(
      `MEDIASOUP_WORKER_BIN is ${given}, which is no mediasoup worker that runs on this machine. Correct it or leave it out.`,
    )
  }
  const mediasoup = join(project, 'node_modules', 'mediasoup')
  if (workerRuns(join(mediasoup, 'worker', 'out', 'Release', 'mediasoup-worker'))) return null

  const { version } = JSON.parse(readFileSync(join(mediasoup, 'package.json'), 'utf8'))
  const folder = join(cache, `mediasoup-worker-${version}`)
  const worker = join(folder, 'mediasoup-worker')
  if (workerRuns(worker)) return worker
  await underLock(`${folder}.lock`, async () => {
    if (existsSync(worker) && workerRuns(worker)) return
    mkdirSync(folder, { recursive: true })
    if (await downloadWorker({ version, worker, runs: workerRuns })) return
    await buildWorker({ project, folder, worker, runs: workerRuns })
  })
  return worker
}
