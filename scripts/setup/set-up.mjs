import { dirname, join } from 'node:path'
import { install } from './apt.mjs'
import { ensureNode } from './node.mjs'
import { ensurePackages } from './packages.mjs'
import { cacheFolder, projectFolder } from './places.mjs'
import { ensurePostgresLinks } from './postgres-links.mjs'
import { SetUpError } from './set-up-error.mjs'
import { settings } from './settings.mjs'
import { missingMediaTools, missingTestTools } from './tools.mjs'
import { ensureWorker } from './worker.mjs'

/** How much has to be there: `packages` for a command-line answer, `media` for a running server, `tests` for everything. */
/** @typedef {'packages' | 'media' | 'tests'} Extent */

/**
 * Takes what is missing, in order, and answers how a program is started then.
 * @param {Extent} extent
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv }>}
 */
export async function setUp(extent) {
  const project = projectFolder
  const given = settings(project)
  const cache = cacheFolder(given)
  const node = await ensureNode(cache)
  const production = given.NODE_ENV === 'production' && extent !== 'tests'
  await ensurePackages({ project, cache, node, set: production ? 'production' : 'all' })

  /** @type {NodeJS.ProcessEnv} */
  const env = {
    ...process.env,
    PATH: `${dirname(node)}:${process.env.PATH}`,
    NODE_COMPILE_CACHE: join(cache, 'compiled'),
  }
  if (extent !== 'packages') {
    const worker = await ensureWorker({ project, cache, given: given.MEDIASOUP_WORKER_BIN })
    if (worker) env.MEDIASOUP_WORKER_BIN = worker
    await install([...missingMediaTools(given), ...(extent === 'tests' ? missingTestTools() : [])])
  }
  if (extent === 'tests') ensurePostgresLinks(project)
  return { node, env }
}

/**
 * Runs a whole script; a set-up that can't go on ends it with its message and exit code 1.
 * @param {() => Promise<void>} script
 */
export async function orExplain(script) {
  try {
    await script()
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    process.stderr.write(`\n${error.message}\n`)
    process.exitCode = 1
  }
}
